"""`debug --profile` and `--custom`: what a debugging container may do, and what a copied pod is stripped of. Pure.

`style` is how one debugs: "ephemeral" (in a running pod), "copy" (of a pod) or "node". Upstream: kubectl's cmd/debug/profiles.go.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

NAMES = ("legacy", "general", "baseline", "restricted", "netadmin", "sysadmin")
LEGACY = (
    "--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "
    '"--profile=general".\n'
)
PROBES = {"keep-liveness": "livenessProbe", "keep-readiness": "readinessProbe", "keep-startup": "startupProbe"}
FIXED = ("name", "command", "image", "lifecycle", "volumeDevices")
"""What a custom profile may not say."""

ROOT = "host-root"


def apply(profile: str, style: str, pod: Object, container: Object, keep: Any) -> None:
    """Change a pod and its debugging container in place; `keep` gives the `--keep-…` flags by name."""
    if profile in ("baseline", "restricted") or (profile == "general" and style == "node"):
        container.pop("securityContext", None)
    if profile == "restricted":
        container["securityContext"] = {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
    elif profile == "netadmin":
        _allow(container, "NET_ADMIN", "NET_RAW")
    elif profile == "sysadmin":
        container.setdefault("securityContext", {})["privileged"] = True
    elif profile == "general" and style != "node":
        _allow(container, "SYS_PTRACE")
    if style == "node":
        _open_node(profile, pod["spec"], container)
    elif style == "copy":
        _strip(profile, pod, keep)


def _allow(container: Object, *capabilities: str) -> None:
    container.setdefault("securityContext", {}).setdefault("capabilities", {}).setdefault("add", []).extend(capabilities)


def _open_node(profile: str, spec: Object, container: Object) -> None:
    if profile in ("legacy", "general", "netadmin", "sysadmin"):
        spec.update({"hostNetwork": True, "hostPID": True, "hostIPC": True})
    if profile in ("legacy", "general", "sysadmin"):
        spec.setdefault("volumes", []).append({"name": ROOT, "hostPath": {"path": "/"}})
        container.setdefault("volumeMounts", []).append({"mountPath": "/host", "name": ROOT})


def _strip(profile: str, pod: Object, keep: Any) -> None:
    if profile == "legacy":
        pod["metadata"].pop("labels", None)
        return
    for flag, name in (("keep-labels", "labels"), ("keep-annotations", "annotations")):
        if not keep[flag]:
            pod["metadata"].pop(name, None)
    spec = pod["spec"]
    for flag, probe in PROBES.items():
        for container in spec["containers"] if not keep[flag] else ():
            container.pop(probe, None)
    if not keep["keep-init-containers"]:
        spec.pop("initContainers", None)
    spec.setdefault("shareProcessNamespace", True)


def custom(path: str) -> Object:
    """A file's partial container; CommandError when it can't be one, or says what it may not."""
    from pkctl.objects import yamls

    try:
        with open(path, encoding="utf-8") as stream:
            found = next(iter(yamls.load_all(stream.read())), None) or {}
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise errors.CommandError(f"must pass a container spec json file for custom profile: open {path}: {reason}") from None
    except yamls.YamlError as error:
        raise errors.CommandError(f"{path} does not contain a valid container spec: {error}") from None
    if not isinstance(found, dict):
        raise errors.CommandError(f"{path} does not contain a valid container spec: it is no map")
    if any(found.get(name) for name in FIXED):
        raise errors.CommandError("name, command, image, lifecycle and volume devices are not modifiable via custom profile")
    return found


def merged(container: Object, wanted: Object) -> Object:
    """A container with a custom profile over it, merged as the API merges containers."""
    from pkctl.kinds import schema
    from pkctl.objects import strategic_merge

    shape = schema.built_in("v1", "Pod")
    assert shape is not None
    spec = {"spec": {"containers": [container]}}
    patch = {"spec": {"containers": [{**wanted, "name": container["name"]}]}}
    done: Object = strategic_merge.apply(spec, patch, shape)
    found: Object = done["spec"]["containers"][0]
    return found
