"""A container's security context as libpod's settings: user, groups, capabilities, profiles, what is read-only.

A container's own setting wins over the pod's. Where Kubernetes leaves seccomp unconfined by default, Podman's default profile
stays on, as a kubelet with --seccomp-default has it. Upstream: pkg/securitycontext/util.go.
"""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]


def effective(pod: Object, container: Object) -> Object:
    """The container's security context with the pod's settings filled in."""
    own = container.get("securityContext") or {}
    return {**(meta.at(pod, "spec", "securityContext") or {}), **{key: value for key, value in own.items() if value is not None}}


def settings(pod: Object, container: Object, base: str) -> Object:
    """The part of the specification that the security contexts decide; profiles on the node lie under `base`."""
    context = effective(pod, container)
    capabilities = context.get("capabilities") or {}
    found: Object = {
        "privileged": bool(context.get("privileged")),
        "read_only_filesystem": bool(context.get("readOnlyRootFilesystem")),
        "no_new_privileges": context.get("allowPrivilegeEscalation") is False,
        "cap_add": list(capabilities.get("add") or ()),
        "cap_drop": list(capabilities.get("drop") or ()),
        "groups": _groups(context),
        **_user(context),
        **_profiles(context, base),
    }
    if context.get("procMount") == "Unmasked":
        found["unmask"] = ["ALL"]
    return {key: value for key, value in found.items() if value not in (False, [], "")}


def refusal(pod: Object, container: Object, image_user: str) -> str:
    """Why a container that must not run as root can't start, "" when it can. Upstream: pkg/kubelet/kuberuntime/security_context.go."""
    context = effective(pod, container)
    if not context.get("runAsNonRoot"):
        return ""
    about = pod["metadata"]
    whose = f'(pod: "{about["name"]}_{about.get("namespace", "")}({about["uid"]})", container: {container["name"]})'
    user = context.get("runAsUser")
    if user is not None:
        return "" if user else f"container's runAsUser breaks non-root policy {whose}"
    name = image_user.partition(":")[0]
    if name in ("", "0"):
        return f"container has runAsNonRoot and image will run as root {whose}"
    if not name.isdigit():
        return f"container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {whose}"
    return ""


def _user(context: Object) -> Object:
    user, group = context.get("runAsUser"), context.get("runAsGroup")
    if user is None:
        return {}
    return {"user": str(user) if group is None else f"{user}:{group}"}


def _groups(context: Object) -> list[str]:
    wanted = [*(context.get("supplementalGroups") or ()), *([context["fsGroup"]] if context.get("fsGroup") is not None else [])]
    return [str(group) for group in dict.fromkeys(wanted)]


def _profiles(context: Object, base: str) -> Object:
    seccomp, armour, label = context.get("seccompProfile") or {}, context.get("appArmorProfile") or {}, context.get("seLinuxOptions") or {}
    found: Object = {}
    if seccomp.get("type") == "Unconfined":
        found["seccomp_profile_path"] = "unconfined"
    elif seccomp.get("type") == "Localhost":
        found["seccomp_profile_path"] = f"{base}/seccomp/{seccomp['localhostProfile']}"
    if armour.get("type") == "Unconfined":
        found["apparmor_profile"] = "unconfined"
    elif armour.get("type") == "Localhost":
        found["apparmor_profile"] = armour["localhostProfile"]
    if label:
        found["selinux_opts"] = [f"{key}:{value}" for key, value in label.items()]
    return found
