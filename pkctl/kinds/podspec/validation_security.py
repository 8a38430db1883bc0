"""What may be wrong with security contexts, of a pod and of a container.

Follows ValidateSecurityContext and validatePodSpecSecurityContext in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re

from pkctl.kinds import checks
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MOST_ID = 2**31 - 1
PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
GROUP_CHANGES = ("Always", "OnRootMismatch")
GROUP_POLICIES = ("Merge", "Strict")
PROC_MOUNTS = ("Default", "Unmasked")
SYSCTL = re.compile(r"(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?\Z")
SYSCTL_TEXT = "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"


def pod(spec: Object, path: str) -> list[Problem]:
    """The pod's own context; `path` is the PodSpec's."""
    context = spec.get("securityContext") or {}
    place = f"{path}.securityContext"
    problems: list[Problem] = []
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        problems.append(fields.invalid(f"{path}.shareProcessNamespace", True, text))
    problems += _ids(context, ("fsGroup", "runAsUser", "runAsGroup"), place)
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        problems += checks.between(group, f"{place}.supplementalGroups[{index}]", 0, MOST_ID)
    problems += _sysctls(context.get("sysctls") or (), spec, f"{place}.sysctls")
    problems += _choice(context, "fsGroupChangePolicy", GROUP_CHANGES, place)
    problems += _profiles(context, place)
    return problems + _choice(context, "supplementalGroupsPolicy", GROUP_POLICIES, place)


def container(context: Object, path: str) -> list[Problem]:
    """One container's context."""
    problems = _ids(context, ("runAsUser", "runAsGroup"), path)
    problems += _choice(context, "procMount", PROC_MOUNTS, path)
    problems += _profiles(context, path)
    if context.get("allowPrivilegeEscalation") is False:
        if context.get("privileged"):
            text = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            problems.append(fields.invalid(path, context, text))
        if "CAP_SYS_ADMIN" in ((context.get("capabilities") or {}).get("add") or ()):
            text = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            problems.append(fields.invalid(path, context, text))
    return problems


def _ids(context: Object, wanted: tuple[str, ...], path: str) -> list[Problem]:
    return [problem for name in wanted for problem in checks.between(context.get(name), f"{path}.{name}", 0, MOST_ID)]


def _choice(context: Object, name: str, allowed: tuple[str, ...], path: str) -> list[Problem]:
    value = context.get(name)
    return [] if value is None or value in allowed else [fields.unsupported(f"{path}.{name}", value, allowed)]


def _profiles(context: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, word in (("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")):
        profile = context.get(name)
        if profile is not None:
            problems += _profile(profile, word, f"{path}.{name}")
    return problems


def _profile(profile: Object, word: str, path: str) -> list[Problem]:
    kind, local = profile.get("type"), profile.get("localhostProfile")
    if not kind:
        return [
            fields.required(
                f"{path}.type", "type is required when " + ("seccompProfile is set" if word == "seccomp" else "AppArmor is set")
            )
        ]
    if kind not in PROFILES:
        return [fields.unsupported(f"{path}.type", kind, PROFILES)]
    if kind == "Localhost" and not local:
        return [fields.required(f"{path}.localhostProfile", f"must be set when {word} type is Localhost")]
    if kind != "Localhost" and local:
        return [fields.invalid(f"{path}.localhostProfile", local, f"can only be set when {word} type is Localhost")]
    return []


def _sysctls(sysctls: tuple[Object, ...] | list[Object], spec: Object, path: str) -> list[Problem]:
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
        if name.startswith("net.") and spec.get("hostNetwork"):
            problems.append(fields.invalid(place, name, "may not be specified when 'hostNetwork' is true"))
        seen.add(name)
    return problems
