"""What may be wrong with requests, limits and divisors, of a container and of a pod as a whole.

Follows validateResourceRequirements, validatePodResources, validateResourceName and validateContainerResourceDivisor in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, meta, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

OF_CONTAINERS = frozenset({"cpu", "memory", "ephemeral-storage"})
STANDARD = OF_CONTAINERS | {
    "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "storage",
    "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage", "limits.cpu", "limits.memory",
    "limits.ephemeral-storage", "services.nodeports", "services.loadbalancers",
}  # fmt: skip
WHOLE = frozenset({"pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims"})
CPU_DIVISORS = ("1m", "1")
BYTE_DIVISORS = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
DIVIDED = {"cpu": "cpu", "memory": "memory", "ephemeral-storage": "local ephemeral storage"}
POD_LEVEL = ("cpu", "hugepages-", "memory")


def is_huge(name: str) -> bool:
    """Whether a resource is huge pages of some size."""
    return name.startswith("hugepages-")


def is_extended(name: str) -> bool:
    """Whether a resource is one that somebody other than Kubernetes named."""
    return "/" in name and "kubernetes.io/" not in name


def may_overcommit(name: str) -> bool:
    """Whether a request may be below its limit."""
    return not is_extended(name) and not is_huge(name)


def requirements(resources: Object, path: str, claims: Sequence[str] = ()) -> list[Problem]:
    """Requests and limits of one container; `claims` are the names of the pod's resource claims."""
    return _requirements(resources, path, _name) + _claims(resources.get("claims") or (), claims, f"{path}.claims")


def pod_level(spec: Object, path: str) -> list[Problem]:
    """What a pod asks for as a whole, and whether its containers stay within it."""
    resources = spec["resources"]
    if meta.at(spec, "os", "name") == "windows":
        return [fields.forbidden(path, "may not be set for a windows pod")]
    problems: list[Problem] = []
    if resources.get("claims") is not None:
        problems.append(fields.forbidden(f"{path}.claims", "claims cannot be set for Resources at pod-level"))
    problems += _requirements(resources, path, _pod_level_name)
    return problems + _within_pod(spec, path)


def _within_pod(spec: Object, path: str) -> list[Problem]:
    from pkctl.kinds.podspec import requests

    asked, most = spec["resources"].get("requests") or {}, spec["resources"].get("limits") or {}
    problems: list[Problem] = []
    for name, milli in sorted(requests.of_containers(spec).items()):
        if requests.is_pod_level(name) and milli > quantities.milli(asked.get(name, "0")):
            text = f"must be greater than or equal to aggregate container requests of {requests.shown(milli)}"
            problems.append(fields.invalid(f"{path}.requests[{name}]", checks.shown(asked.get(name, "0")), text))
    for index, container in enumerate(spec.get("containers") or ()):
        for name, value in sorted(((container.get("resources") or {}).get("limits") or {}).items()):
            if name in most and quantities.compare(value, most[name]) > 0:
                text = f"must be less than or equal to pod limits of {checks.shown(most[name])}"
                problems.append(fields.invalid(f"{path}.containers[{index}][{name}].limits", checks.shown(value), text))
    return problems


def _requirements(resources: Object, path: str, named: Callable[[str, str], list[Problem]]) -> list[Problem]:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    problems: list[Problem] = []
    for name, value in sorted(limits.items()):
        place = f"{path}.limits[{name}]"
        problems += named(name, place) + amount(name, value, place) + _divisible(name, value, place)
    for name, value in sorted(requests.items()):
        place = f"{path}.requests[{name}]"
        problems += named(name, place) + amount(name, value, place) + _within(name, value, limits, path)
        problems += _divisible(name, value, place)
    used = {*limits, *requests}
    if any(is_huge(name) for name in used) and not used & {"cpu", "memory"}:
        problems.append(fields.forbidden(path, "HugePages require cpu or memory"))
    return problems


def _within(name: str, value: str, limits: Object, path: str) -> list[Problem]:
    limit = limits.get(name)
    if limit is None:
        return [] if may_overcommit(name) else [fields.required(f"{path}.limits", "Limit must be set for non overcommitable resources")]
    order = quantities.compare(value, limit)
    if not may_overcommit(name) and order:
        return [fields.invalid(f"{path}.requests", checks.shown(value), f"must be equal to {name} limit of {checks.shown(limit)}")]
    if order > 0:
        text = f"must be less than or equal to {name} limit of {checks.shown(limit)}"
        return [fields.invalid(f"{path}.requests", checks.shown(value), text)]
    return []


def _divisible(name: str, value: str, path: str) -> list[Problem]:
    """Huge pages come whole."""
    if not is_huge(name):
        return []
    try:
        size = quantities.parse(name.partition("-")[2])
    except ValueError:
        size = quantities.parse("0")
    if size > 0 and size.denominator == 1 and not quantities.value(value) % int(size):
        return []
    return [fields.invalid(path, checks.shown(value), f"{checks.shown(value)} is not positive integer multiple of {name}")]


def _claims(found: Sequence[Object], known: Sequence[str], path: str) -> list[Problem]:
    """References to the pod's resource claims: a claim, or one request of it, at most once."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, claim in enumerate(found):
        place, name, request = f"{path}[{index}]", str(claim.get("name") or ""), str(claim.get("request") or "")
        if not name:
            problems.append(fields.required(place))
            continue
        key = f"{name}/{request}" if request else name
        if name in seen or key in seen:
            problems.append(fields.duplicate(place, name if name in seen else key))
        else:
            problems += checks.worded(names.dns_label, request, f"{place}.request") if request else []
            problems += [fields.duplicate(place, name) for each in seen if not request and each.startswith(f"{name}/")]
            seen.add(key)
        if name not in known:
            listed = f": {', '.join(sorted(known))}" if known else " which is empty"
            text = f"Not found: {fields.quoted(name)}: must be one of the names in pod.spec.resourceClaims{listed}"
            problems.append(fields.Problem(place, "FieldValueNotFound", text))
    return problems


def amount(name: str, value: str, path: str) -> list[Problem]:
    """A quantity of one resource: not negative, and whole where halves make no sense."""
    problems = checks.quantity(value, path)
    if (name in WHOLE or is_extended(name)) and quantities.milli(value) % 1000:
        problems.append(fields.invalid(path, checks.shown(value), "must be an integer"))
    return problems


def _plain_name(name: str, path: str) -> list[Problem]:
    problems = checks.worded(names.qualified_name, name, path)
    if not problems and "/" not in name and name not in STANDARD and not is_huge(name):
        problems.append(fields.invalid(path, name, "must be a standard resource type or fully qualified"))
    return problems


def _name(name: str, path: str) -> list[Problem]:
    problems = _plain_name(name, path)
    if "/" not in name:
        if name not in OF_CONTAINERS and not is_huge(name):
            problems.append(fields.invalid(path, name, "must be a standard resource for containers"))
    elif is_extended(name) and (name.startswith("requests.") or names.qualified_name(f"requests.{name}")):
        problems.append(fields.invalid(path, name, "doesn't follow extended resource name standard"))
    return problems


def container_resource(name: str, path: str) -> list[Problem]:
    """The name of a resource that a container may have."""
    return _name(name, path)


def plain_resource(name: str, path: str) -> list[Problem]:
    """The name of any resource."""
    return _plain_name(name, path)


def _pod_level_name(name: str, path: str) -> list[Problem]:
    from pkctl.kinds.podspec import requests

    problems = _plain_name(name, path)
    return problems or ([] if requests.is_pod_level(name) else [fields.unsupported(path, name, POD_LEVEL)])


def divisor(resource: str, value: str | None, path: str) -> list[Problem]:
    """In what unit a container is told a resource."""
    if value in (None, "") or not quantities.parse(str(value)):
        return []
    kind = resource.removeprefix("limits.").removeprefix("requests.")
    shown = "hugepages" if is_huge(kind) else DIVIDED.get(kind, "")
    if kind == resource or not shown:
        return []
    allowed, listed = (CPU_DIVISORS, "1m and 1") if kind == "cpu" else (BYTE_DIVISORS, ", ".join(BYTE_DIVISORS))
    if checks.shown(value) in allowed:
        return []
    return [fields.invalid(path, resource, f"only divisor's values {listed} are supported with the {shown} resource")]
