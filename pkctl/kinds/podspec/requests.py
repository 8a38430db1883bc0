"""What a pod asks of a node and may use at most, as scheduler and quota count it; and its quality of service.

Follows component-helpers/resource/helpers.go and pkg/apis/core/v1/helper/qos. Amounts are whole thousandths (milli), by resource name.
"""

from __future__ import annotations

from pkctl.objects import quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

    Amounts = dict[str, int]

QOS_RESOURCES = ("cpu", "memory")


def requests(spec: Object) -> Amounts:
    """The effective requests of a PodSpec: the greater of what inits and what the pod itself needs, and the overhead."""
    return _with_overhead(spec, _with_pod_level(spec, of_containers(spec), "requests"))


def limits(spec: Object) -> Amounts:
    """The effective limits of a PodSpec; a resource that no container limits is missing."""
    total = _with_pod_level(spec, of_containers(spec, "limits"), "limits")
    overhead = _amounts(spec.get("overhead"))
    return {name: amount + overhead.get(name, 0) for name, amount in total.items()}


def of_containers(spec: Object, field: str = "requests") -> Amounts:
    """Requests (or limits) of the containers alone: an init container runs beside the sidecars that started before it."""
    sidecars: Amounts = {}
    most: Amounts = {}
    for container in spec.get("initContainers") or ():
        own = _amounts((container.get("resources") or {}).get(field))
        together = _sum((sidecars, own))
        if container.get("restartPolicy") == "Always":
            sidecars = together
        most = _maximum(most, together)
    running = _sum((sidecars, *(_amounts((each.get("resources") or {}).get(field)) for each in spec.get("containers") or ())))
    return _maximum(running, most)


def shown(milli: int) -> str:
    """An amount as a canonical quantity."""
    return quantities.canonical(f"{milli}m" if milli % 1000 else str(milli // 1000))


def is_pod_level(name: str) -> bool:
    """Whether a resource may be asked for by the pod as a whole."""
    return name in QOS_RESOURCES or name.startswith("hugepages-")


def qos_class(spec: Object) -> str:
    """Guaranteed, Burstable or BestEffort."""
    resources = [spec["resources"]] if spec.get("resources") else [each.get("resources") or {} for each in _all(spec)]
    asked: Amounts = {}
    most: Amounts = {}
    is_guaranteed = True
    for each in resources:
        asked_here, most_here = _compute(each.get("requests")), _compute(each.get("limits"))
        asked, most = _sum((asked, asked_here)), _sum((most, most_here))
        is_guaranteed = is_guaranteed and len(most_here) == len(QOS_RESOURCES)
    if not asked and not most:
        return "BestEffort"
    return "Guaranteed" if is_guaranteed and asked == most else "Burstable"


def _all(spec: Object) -> list[Object]:
    return [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]


def _compute(found: dict[str, str] | None) -> Amounts:
    return {name: amount for name, amount in _amounts(found).items() if name in QOS_RESOURCES and amount > 0}


def _with_pod_level(spec: Object, total: Amounts, field: str) -> Amounts:
    own = _amounts((spec.get("resources") or {}).get(field))
    return {**total, **{name: amount for name, amount in own.items() if is_pod_level(name)}}


def _with_overhead(spec: Object, total: Amounts) -> Amounts:
    return _sum((total, _amounts(spec["overhead"]))) if spec.get("overhead") else total


def _amounts(found: dict[str, str] | None) -> Amounts:
    return {name: quantities.milli(quantity) for name, quantity in found.items()} if found else {}


def _sum(parts: Iterable[Amounts]) -> Amounts:
    total: Amounts = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, 0) + amount
    return total


def _maximum(left: Amounts, right: Amounts) -> Amounts:
    return {name: max(left.get(name, 0), right.get(name, 0)) for name in {**left, **right}}
