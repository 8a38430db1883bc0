"""What of a pod this runtime can't honour, by name: for warnings when the pod is created and events when it starts."""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Object = dict[str, Any]

POD = ("runtimeClassName", "resourceClaims", "schedulingGates", "resources", "overhead")
VOLUMES = ("configMap", "downwardAPI", "emptyDir", "hostPath", "name", "persistentVolumeClaim", "projected", "secret")
SECURITY = ("seLinuxChangePolicy", "windowsOptions", "fsGroupChangePolicy", "supplementalGroupsPolicy")


def unsupported(pod: Object) -> list[str]:
    """Paths of fields that will have no effect, in the order of the pod."""
    spec = pod["spec"]
    found = [f"spec.{name}" for name in POD if spec.get(name)]
    if spec.get("hostUsers") is False:
        found.append("spec.hostUsers")
    found += [f"spec.securityContext.{name}" for name in SECURITY if _says(name, meta.at(spec, "securityContext", name))]
    found += [f"spec.volumes[{at}].{kind}" for at, volume in enumerate(spec.get("volumes") or ()) for kind in volume if kind not in VOLUMES]
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for at, container in enumerate(spec.get(kind) or ()):
            found += [f"spec.{kind}[{at}].{path}" for path in _container(spec, container)]
    return found


def _container(spec: Object, container: Object) -> Iterator[str]:
    for name in ("volumeDevices", "resizePolicy", "restartPolicyRules", "targetContainerName"):
        if container.get(name):
            yield name
    yield from _ports(container)
    yield from _resources(container)
    context = {**(spec.get("securityContext") or {}), **(container.get("securityContext") or {})}
    if context.get("runAsGroup") is not None and context.get("runAsUser") is None:
        yield "securityContext.runAsGroup"
    for at, mount in enumerate(container.get("volumeMounts") or ()):
        if mount.get("recursiveReadOnly") not in (None, "Disabled"):
            yield f"volumeMounts[{at}].recursiveReadOnly"


def _ports(container: Object) -> Iterator[str]:
    for at, port in enumerate(container.get("ports") or ()):
        if port.get("hostIP") not in (None, "", "0.0.0.0"):
            yield f"ports[{at}].hostIP"
        if port.get("hostPort") and port.get("protocol") == "SCTP":
            yield f"ports[{at}].protocol"


def _resources(container: Object) -> Iterator[str]:
    for name in meta.at(container, "resources", "limits") or ():
        if name not in ("cpu", "memory"):
            yield f"resources.limits.{name}"
    if meta.at(container, "resources", "claims"):
        yield "resources.claims"


def _says(name: str, value: object) -> bool:
    defaults = {"fsGroupChangePolicy": "Always", "supplementalGroupsPolicy": "Merge"}
    return bool(value) and value != defaults.get(name)
