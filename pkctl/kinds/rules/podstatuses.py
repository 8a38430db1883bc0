"""What a Pod's status may say, and how it may go on. Follows ValidatePodStatusUpdate of pkg/apis/core/validation/validation.go."""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import validation_annotations
from pkctl.kinds.rules import podupdates
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

LISTS = {"containerStatuses": "containers", "initContainerStatuses": "initContainers", "ephemeralContainerStatuses": "ephemeralContainers"}
"""Where a status tells of which containers of the spec."""

PLAIN_CONDITIONS = ("PodScheduled", "Ready", "Initialized")
HEALTH = ("Healthy", "Unhealthy", "Unknown")
LARGEST_ID = 2**31 - 1
GONE_ON = "may not be transitioned to non-terminated state"
ONE_A_FAMILY = "may specify no more than one IP for each IP family"
NO_CLAIM = (
    "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
)
NO_REQUEST = "must match one of the container's resource requests"
NEGATIVE = "must be a non-negative integer"


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Every problem of a new status."""
    old = old or {}
    spec, now, before = (part or {} for part in (old.get("spec"), new.get("status"), old.get("status")))
    metadata = new.get("metadata") or {}
    found = podupdates.notes(new, old) + validation_annotations.judged(metadata, new.get("spec") or {}, "metadata.annotations")
    found += _conditions(now.get("conditions") or ())
    found += _nominated(spec, now.get("nominatedNodeName") or "", before.get("nominatedNodeName") or "")
    if (now.get("observedGeneration") or 0) < 0:
        found.append(fields.invalid("status.observedGeneration", now["observedGeneration"], NEGATIVE))
    if now.get("qosClass") and now["qosClass"] != (before.get("qosClass") or ""):
        found.append(fields.invalid("status.qosClass", now["qosClass"], checks.IMMUTABLE))
    for part, kind in LISTS.items():
        found += _transitions(now.get(part) or (), before.get(part) or (), f"status.{part}", (spec, kind))
    found += _claims(now.get("resourceClaimStatuses") or (), spec)
    found += _addresses("podIPs", now, before) + _host_addresses(now, before)
    for part in LISTS:
        found += _users(now.get(part) or (), f"status.{part}", meta.at(spec, "os", "name", default="linux"))
    for part, kind in LISTS.items():
        found += _allocated(now.get(part) or (), f"status.{part}", kind, spec.get(kind) or ())
    return found


def _conditions(conditions: Sequence[Object]) -> list[Problem]:
    # Upstream speaks of a pod's conditions as if they were in its metadata.
    found: list[Problem] = []
    for number, each in enumerate(conditions):
        path = f"metadata.conditions[{number}]"
        if (each.get("observedGeneration") or 0) < 0:
            found.append(fields.invalid(f"{path}.observedGeneration", each["observedGeneration"], NEGATIVE))
        if each.get("type") not in PLAIN_CONDITIONS:
            found += checks.worded(names.qualified_name, each.get("type") or "", f"{path}.Type")
    return found


def _nominated(spec: Object, node: str, before: str) -> list[Problem]:
    if not node or node == before:
        return []
    path = "status.nominatedNodeName"
    found = checks.worded(names.dns_subdomain, node, path)
    return found + ([fields.forbidden(path, "may not be set on pods that are already bound to a node")] if spec.get("nodeName") else [])


def _transitions(now: Sequence[Object], before: Sequence[Object], path: str, of: tuple[Object, str]) -> list[Problem]:
    """Containers that ended and live again although nothing says that they restart."""
    spec, kind = of
    found = []
    for number, old in enumerate(before):
        ended = meta.at(old, "state", "terminated")
        if ended is None or all(new.get("name") != old.get("name") or meta.at(new, "state", "terminated") is not None for new in now):
            continue
        container = next((each for each in spec.get(kind) or () if each.get("name") == old.get("name")), None)
        if kind == "ephemeralContainers" or container is None or not restarts(container, spec, ended.get("exitCode") or 0):
            found.append(fields.forbidden(f"{path}[{number}].state", GONE_ON))
    return found


def restarts(container: Object, spec: Object, code: int) -> bool:
    """Whether a container that ended with `code` is started again: by its own rules and policy, or else by its pod's."""
    own = container.get("restartPolicy")
    if own and any(rule.get("action") == "Restart" for rule in _matching(container.get("restartPolicyRules") or (), code)[:1]):
        return True
    policy = own or spec.get("restartPolicy") or "Always"
    return policy == "Always" or (policy == "OnFailure" and code != 0)


def _matching(rules: Sequence[Object], code: int) -> list[Object]:
    found = []
    for rule in rules:
        codes = rule.get("exitCodes") or {}
        is_listed = code in (codes.get("values") or ())
        if (codes.get("operator") == "In" and is_listed) or (codes.get("operator") == "NotIn" and not is_listed):
            found.append(rule)
    return found


def _claims(told: Sequence[Object], spec: Object) -> list[Problem]:
    known = {claim.get("name") for claim in spec.get("resourceClaims") or ()}
    found: list[Problem] = []
    seen: set[str] = set()
    for number, each in enumerate(told):
        path, name = f"status.resourceClaimStatuses[{number}].name", each.get("name") or ""
        if name not in known:
            found.append(fields.invalid(path, name, "must match the name of an entry in `spec.resourceClaims`"))
        found += [fields.duplicate(path, name)] if name in seen else []
        seen.add(name)
        if each.get("resourceClaimName") is not None:
            found += checks.worded(names.dns_subdomain, each["resourceClaimName"], path)
    return found


def _addresses(part: str, now: Object, before: Object) -> list[Problem]:
    given, known = ([each.get("ip") or "" for each in status.get(part) or ()] for status in (now, before))
    found = [
        problem for number, ip in enumerate(given) if ip not in known for problem in checks.worded(names.ip, ip, f"status.{part}[{number}]")
    ]
    if len(given) > 1 and sorted(map(names.ip_family, given)) != [4, 6]:
        shown = [{"IP": ip} for ip in given]
        found.append(fields.invalid(f"status.{part}", shown, ONE_A_FAMILY))
    return found


def _host_addresses(now: Object, before: Object) -> list[Problem]:
    first = next((each.get("ip") or "" for each in now.get("hostIPs") or ()), None)
    if first is None:
        return []
    same = first == (now.get("hostIP") or "")
    found = [] if same else [fields.invalid("status.hostIPs[0].ip", first, "must be equal to `hostIP`")]
    return found + _addresses("hostIPs", now, before)


def _users(statuses: Sequence[Object], path: str, system: str) -> list[Problem]:
    found: list[Problem] = []
    for number, status in enumerate(statuses):
        user, at = meta.at(status, "user", "linux"), f"{path}[{number}].user.linux"
        if user is None:
            continue
        if system == "windows":
            found.append(fields.forbidden(at, "cannot be set for a windows pod"))
            continue
        ids = [(name, user.get(name) or 0) for name in ("uid", "gid")]
        ids += [(f"supplementalGroups[{place}]", each) for place, each in enumerate(user.get("supplementalGroups") or ())]
        for name, value in ids:
            found += checks.between(value, f"{at}.{name}", 0, LARGEST_ID)
    return found


def _allocated(statuses: Sequence[Object], path: str, kind: str, containers: Sequence[Object]) -> list[Problem]:
    found: list[Problem] = []
    for number, status in enumerate(statuses):
        told, at = status.get("allocatedResourcesStatus") or (), f"{path}[{number}].allocatedResourcesStatus"
        if kind == "ephemeralContainers":
            found += [fields.forbidden(at, "must not be specified in container status")] if told else []
            continue
        container = next((each for each in containers if each.get("name") == status.get("name")), None)
        for place, resource in enumerate(told):
            found += _asked(resource.get("name") or "", container, f"{at}[{place}].name") if container is not None else []
            found += _health(resource.get("resources") or (), f"{at}[{place}].resources")
    return found


def _asked(name: str, container: Object, path: str) -> list[Problem]:
    resources = container.get("resources") or {}
    if not name.startswith("claim:"):
        return [] if name in (resources.get("requests") or {}) else [fields.invalid(path, name, NO_REQUEST)]
    claims = {"claim:" + "/".join(filter(None, (each.get("name"), each.get("request")))) for each in resources.get("claims") or ()}
    return [] if name in claims else [fields.invalid(path, name, NO_CLAIM)]


def _health(devices: Sequence[Object], path: str) -> list[Problem]:
    found: list[Problem] = []
    seen: set[str] = set()
    for number, each in enumerate(devices):
        health, device = each.get("health") or "", each.get("resourceID") or ""
        found += [] if health in HEALTH else [fields.unsupported(f"{path}[{number}].health", health, HEALTH)]
        found += [fields.duplicate(f"{path}[{number}].resourceID", device)] if device in seen else []
        seen.add(device)
    return found
