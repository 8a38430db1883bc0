"""What a pod may not say because of the system it is for, and what may be wrong with options for Windows.

Follows validateOS, validateLinux, validateWindows, validateWindowsHostProcessPod and validateWindowsSecurityContextOptions in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import re

from pkctl.kinds import checks
from pkctl.kinds.podspec import containers
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SYSTEMS = ("linux", "windows")
NOT_ON_LINUX = "windows options cannot be set for a linux pod"
NOT_ON_WINDOWS = "cannot be set for a windows pod"
POD = (
    "securityContext.appArmorProfile", "securityContext.seLinuxOptions", "hostUsers", "hostPID", "hostIPC",
    "securityContext.seccompProfile", "securityContext.fsGroup", "securityContext.fsGroupChangePolicy", "securityContext.sysctls",
    "shareProcessNamespace", "securityContext.runAsUser", "securityContext.runAsGroup", "securityContext.supplementalGroups",
    "securityContext.supplementalGroupsPolicy", "securityContext.seLinuxChangePolicy",
)  # fmt: skip
"""Fields of a PodSpec that a pod for Windows may not have, in the order they are told."""

CONTAINER = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip
EVEN_WHEN_FALSE = ("hostUsers", "shareProcessNamespace")
LONGEST_SPEC, LONGEST_DOMAIN, LONGEST_USER = 64 * 1024, 256, 104
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
NETBIOS = re.compile(r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}\Z')
DNS_DOMAIN = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\Z")
DOTS = re.compile(r"[. ]+\Z")
BAD_USER = frozenset('"/\\:;|=,+*?<>@[]')
ALL_OR_NONE = "If pod contains any hostProcess containers then all containers must be HostProcess containers"


def system(spec: Object, path: str) -> list[Problem]:
    """The system itself, and what doesn't go with it."""
    name = spec["os"].get("name")
    if not name:
        return [fields.required(f"{path}.os.name", "cannot be empty")]
    if name not in SYSTEMS:
        return [fields.unsupported(f"{path}.os", name, SYSTEMS)]
    return _linux(spec, path) if name == "linux" else _windows(spec, path)


def _linux(spec: Object, path: str) -> list[Problem]:
    places = [(spec, path), *containers.placed(spec, path)]
    return [
        fields.forbidden(f"{at}.securityContext.windowsOptions", NOT_ON_LINUX)
        for part, at in places
        if (part.get("securityContext") or {}).get("windowsOptions") is not None
    ]


def _windows(spec: Object, path: str) -> list[Problem]:
    context = spec.get("securityContext") or {}
    problems: list[Problem] = []
    for name in POD:
        holder, _, last = name.rpartition(".")
        value = (context if holder else spec).get(last)
        is_unsaid = value is None or value == [] or (value is False and name not in EVEN_WHEN_FALSE)
        problems += [] if is_unsaid else [fields.forbidden(f"{path}.{name}", NOT_ON_WINDOWS)]
    for container, at in containers.placed(spec, path):
        own = container.get("securityContext") or {}
        problems += [fields.forbidden(f"{at}.securityContext.{name}", NOT_ON_WINDOWS) for name in CONTAINER if own.get(name) is not None]
    return problems


def host_processes(spec: Object, path: str) -> list[Problem]:
    """Containers that run as processes of the host: all of a pod or none, and only with the host's network."""
    of_pod = _host_process(spec)
    problems: list[Problem] = []
    found = []
    for container, at in containers.placed(spec, path):
        own = _host_process(container)
        if of_pod is not None and own is not None and of_pod != own:
            text = f"pod hostProcess value must be identical if both are specified, was {'true' if of_pod else 'false'}"
            problems.append(fields.invalid(f"{at}.securityContext.windowsOptions.hostProcess", own, text))
        found.append(of_pod if own is None else own)
    if any(found):
        problems += [] if all(found) else [fields.invalid(path, "", ALL_OR_NONE)]
        if not spec.get("hostNetwork"):
            text = "hostNetwork must be true if pod contains any hostProcess containers"
            problems.append(fields.invalid(f"{path}.hostNetwork", False, text))
    return problems


def _host_process(part: Object) -> bool | None:
    found: bool | None = ((part.get("securityContext") or {}).get("windowsOptions") or {}).get("hostProcess")
    return found


def options(found: Object, path: str) -> list[Problem]:
    """`windowsOptions` of a security context."""
    problems: list[Problem] = []
    name, document, user = (found.get(each) for each in ("gmsaCredentialSpecName", "gmsaCredentialSpec", "runAsUserName"))
    if name is not None:
        problems += checks.worded(names.dns_subdomain, name, f"{path}.gmsaCredentialSpecName")
    if document == "":
        problems.append(fields.invalid(f"{path}.gmsaCredentialSpec", document, "gmsaCredentialSpec cannot be an empty string"))
    elif document is not None and len(document.encode()) > LONGEST_SPEC:
        problems.append(fields.invalid(f"{path}.gmsaCredentialSpec", document, "gmsaCredentialSpec size must be under 64 KiB"))
    if user is not None:
        problems += [fields.invalid(f"{path}.runAsUserName", user, text) for text in _user_name(user)]
    return problems


def _user_name(text: str) -> list[str]:
    if not text:
        return ["runAsUserName cannot be an empty string"]
    if CONTROL.search(text):
        return ["runAsUserName cannot contain control characters"]
    *domains, user = text.split("\\")
    if len(domains) > 1:
        return ["runAsUserName cannot contain more than one backslash"]
    return [*(each for domain in domains for each in _domain(domain)), *_user(user)]


def _domain(domain: str) -> list[str]:
    found = [f"runAsUserName's Domain length must be under {LONGEST_DOMAIN} characters"] if len(domain) >= LONGEST_DOMAIN else []
    if not NETBIOS.match(domain) and not DNS_DOMAIN.match(domain):
        found.append("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
    return found


def _user(user: str) -> list[str]:
    found = [] if user else ["runAsUserName's User cannot be empty"]
    if len(user) > LONGEST_USER:
        found.append(f"runAsUserName's User length must not be longer than {LONGEST_USER} characters")
    if DOTS.match(user):
        found.append("runAsUserName's User cannot contain only periods or spaces")
    if BAD_USER & set(user):
        found.append("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    return found
