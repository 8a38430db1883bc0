"""What may be wrong with security contexts, of a pod and of a container.

Follows ValidateSecurityContext, validatePodSpecSecurityContext and validateHostUsers in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re

from pkctl.kinds import checks, gostructs
from pkctl.kinds.podspec import paths
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MOST_ID = 2**31 - 1
PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
GROUP_CHANGES = ("Always", "OnRootMismatch")
GROUP_POLICIES = ("Merge", "Strict")
SELINUX_CHANGES = ("MountOption", "Recursive")
PROC_MOUNTS = ("Default", "Unmasked")
LONGEST_PROFILE = 4095
SYSCTL = re.compile(r"(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?\Z")
SYSCTL_TEXT = "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
IPC_SYSCTLS = ("kernel.shm", "kernel.msg", "fs.mqueue.")
NO_ESCALATION = "cannot set `allowPrivilegeEscalation` to false and "


def pod(spec: Object, path: str) -> list[Problem]:
    """The pod's own context; `path` is the PodSpec's."""
    context = spec.get("securityContext") or {}
    place = f"{path}.securityContext"
    problems = _ids(context, ("fsGroup", "runAsUser", "runAsGroup"), place)
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        problems += checks.between(group, f"{place}.supplementalGroups[{index}]", 0, MOST_ID)
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        problems.append(fields.invalid(f"{place}.shareProcessNamespace", True, text))
    problems += _sysctls(context.get("sysctls") or (), spec, f"{place}.sysctls")
    problems += _choice(context, "fsGroupChangePolicy", GROUP_CHANGES, place)
    problems += _seccomp(context.get("seccompProfile"), f"{place}.seccompProfile")
    problems += _windows(context, place)
    problems += _app_armor(context.get("appArmorProfile"), f"{place}.appArmorProfile")
    problems += _choice(context, "supplementalGroupsPolicy", GROUP_POLICIES, place)
    return problems + _choice(context, "seLinuxChangePolicy", SELINUX_CHANGES, place)


def users(spec: Object, path: str) -> list[Problem]:
    """A pod with users of its own shares none of the host's namespaces."""
    if spec.get("hostUsers") is not False:
        return []
    shared = (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC"))
    return [fields.forbidden(f"{path}.{shown}", "when `pod.Spec.HostUsers` is false") for name, shown in shared if spec.get(name)]


def container(context: Object, path: str, *, own_users: bool) -> list[Problem]:
    """One container's context; `own_users` when the pod does not share the host's."""
    problems = _ids(context, ("runAsUser", "runAsGroup"), path)
    problems += _choice(context, "procMount", PROC_MOUNTS, path)
    if context.get("procMount") == "Unmasked" and not own_users:
        problems.append(fields.invalid(f"{path}.procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`"))
    problems += _seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False:
        problems += _escalating(context, path)
    problems += _windows(context, path)
    return problems + _app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")


def _escalating(context: Object, path: str) -> list[Problem]:
    found = ["`privileged` to true"] if context.get("privileged") else []
    found += [
        "`capabilities.Add` CAP_SYS_ADMIN" for each in (context.get("capabilities") or {}).get("add") or () if each == "CAP_SYS_ADMIN"
    ]
    return [checks.struct(path, gostructs.shown("SecurityContext", context), f"{NO_ESCALATION}{text}") for text in found]


def _ids(context: Object, wanted: tuple[str, ...], path: str) -> list[Problem]:
    return [problem for name in wanted for problem in checks.between(context.get(name), f"{path}.{name}", 0, MOST_ID)]


def _choice(context: Object, name: str, allowed: tuple[str, ...], path: str) -> list[Problem]:
    value = context.get(name)
    return [] if value is None or value in allowed else [fields.unsupported(f"{path}.{name}", value, allowed)]


def _windows(context: Object, path: str) -> list[Problem]:
    if context.get("windowsOptions") is None:
        return []
    from pkctl.kinds.podspec import validation_windows

    return validation_windows.options(context["windowsOptions"], f"{path}.windowsOptions")


def _seccomp(profile: Object | None, path: str) -> list[Problem]:
    if profile is None:
        return []
    kind, local = profile.get("type"), profile.get("localhostProfile")
    problems: list[Problem] = []
    if not kind:
        problems.append(fields.required(f"{path}.type", "type is required when seccompProfile is set"))
    elif kind not in PROFILES:
        problems.append(fields.unsupported(f"{path}.type", kind, PROFILES))
    if kind == "Localhost" and local is None:
        problems.append(fields.required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost"))
    elif kind == "Localhost":
        problems += paths.descending(str(local), f"{path}.localhostProfile")
    elif local is not None:
        value = {"Type": kind or "", "LocalhostProfile": local}
        problems.append(checks.struct(f"{path}.localhostProfile", value, "can only be set when seccomp type is Localhost"))
    return problems


def _app_armor(profile: Object | None, path: str) -> list[Problem]:
    if profile is None:
        return []
    kind, local, place = profile.get("type"), profile.get("localhostProfile"), f"{path}.localhostProfile"
    if not kind:
        return [fields.required(f"{path}.type", "type is required when appArmorProfile is set")]
    if kind not in PROFILES:
        return [fields.unsupported(f"{path}.type", kind, PROFILES)]
    if kind != "Localhost":
        return [] if local is None else [fields.invalid(place, local, "can only be set when AppArmor type is Localhost")]
    if not local:
        return [fields.required(place, "must be set when AppArmor type is Localhost")]
    problems = [] if local == local.strip() else [fields.invalid(place, local, "must not be padded with whitespace")]
    return problems + ([fields.too_long(place, LONGEST_PROFILE)] if len(local.encode()) > LONGEST_PROFILE else [])


def _sysctls(sysctls: Sequence[Object], spec: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, sysctl in enumerate(sysctls):
        place, name = f"{path}[{index}].name", str(sysctl.get("name") or "")
        if not name:
            problems.append(fields.required(place))
        elif len(name) > 253 or not SYSCTL.match(name):
            problems.append(fields.invalid(place, name, SYSCTL_TEXT))
        elif name in seen:
            problems.append(fields.duplicate(place, name))
        shared = _namespace(name)
        if shared and spec.get(shared):
            problems.append(fields.invalid(place, name, f"may not be specified when '{shared}' is true"))
        seen.add(name)
    return problems


def _namespace(sysctl: str) -> str:
    """The field that shares the namespace a sysctl belongs to, "" for one of the whole node."""
    first = next((char for char in sysctl if char in "./"), ".")
    dotted = sysctl if first == "." else sysctl.translate(str.maketrans("./", "/."))
    if dotted.startswith("net."):
        return "hostNetwork"
    return "hostIPC" if dotted == "kernel.sem" or dotted.startswith(IPC_SYSCTLS) else ""
