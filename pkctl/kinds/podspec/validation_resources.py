"""What may be wrong with requests, limits and divisors.

Follows validateContainerResourceRequirements, validateResourceName and validateContainerResourceDivisor in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def is_huge(name: str) -> bool:
    """Whether a resource is huge pages of some size."""
    return name.startswith("hugepages-")


def may_overcommit(name: str) -> bool:
    """Whether a request may be below its limit."""
    return ("/" not in name or "kubernetes.io/" in name) and not is_huge(name)


def requirements(resources: Object, path: str) -> list[Problem]:
    """Requests and limits of one container, or of the pod as a whole."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    problems: list[Problem] = []
    for name, value in sorted(limits.items()):
        problems += _entry(name, value, f"{path}.limits[{name}]")
    for name, value in sorted(requests.items()):
        problems += _entry(name, value, f"{path}.requests[{name}]")
        problems += _within(name, value, limits, path)
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


def _entry(name: str, value: str, path: str) -> list[Problem]:
    return [*_name(name, path), *amount(name, value, path)]


def amount(name: str, value: str, path: str) -> list[Problem]:
    """A quantity of one resource: not negative, and whole where halves make no sense."""
    problems = checks.quantity(value, path)
    if (name in WHOLE or not may_overcommit(name)) and quantities.milli(value) % 1000:
        problems.append(fields.invalid(path, checks.shown(value), "must be an integer"))
    return problems


def _name(name: str, path: str) -> list[Problem]:
    problems = checks.worded(names.qualified_name, name, path)
    if problems:
        return problems
    if "/" in name:
        if "kubernetes.io/" in name and not name.startswith("requests."):
            return []
        return [] if not name.startswith("requests.") else [fields.invalid(path, name, "doesn't follow extended resource name standard")]
    if name not in STANDARD and not is_huge(name):
        problems.append(fields.invalid(path, name, "must be a standard resource type or fully qualified"))
    if name not in OF_CONTAINERS and not is_huge(name):
        problems.append(fields.invalid(path, name, "must be a standard resource for containers"))
    return problems


def divisor(resource: str, value: str | None, path: str) -> list[Problem]:
    """In what unit a container is told a resource."""
    if value in (None, "", "0"):
        return []
    kind = resource.partition(".")[2]
    is_cpu = kind == "cpu"
    listed = "1m and 1" if is_cpu else ", ".join(BYTE_DIVISORS)
    if value in (CPU_DIVISORS if is_cpu else BYTE_DIVISORS):
        return []
    return [fields.invalid(path, resource, f"only divisor's values {listed} are supported with the {kind} resource")]
