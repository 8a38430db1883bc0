"""The pods of a node and what they ask for, as `describe node` sums it up: in the units their manifests use.

Not here: what the scheduler counts (`podspec.requests`). Follows describeNodeResource in kubectl/pkg/describe.
"""

from __future__ import annotations

from pkctl.kinds import cells, describing
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Amounts = dict[str, str]

STANDARD = ("cpu", "memory", "ephemeral-storage")
NO_NUMBER = -(2**63)
"""The whole number that Go on amd64 makes of a division by zero."""


def describe(page: describing.Page, node: meta.Object, reader: describing.Reader) -> None:
    """The pods that have not ended, and the sums over them."""
    room = meta.at(node, "status", "allocatable") or meta.at(node, "status", "capacity", default={})
    pods = [pod for pod in reader.list("pods") if _is_running_on(pod, meta.name(node))]
    asked = [(of_pod(pod["spec"], "requests"), of_pod(pod["spec"], "limits")) for pod in pods]
    page.field("Non-terminated Pods", f"({len(pods)} in total)")
    rows = []
    for pod, pair in zip(pods, asked, strict=True):
        shares = [_share(amounts, name, room, NO_NUMBER) for name in ("cpu", "memory") for amounts in pair]
        rows.append((meta.namespace(pod), meta.name(pod), "", *shares, cells.age(pod, reader.now)))
    page.rows(("Namespace", "Name", "", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age"), rows)
    _totals(page, room, (add(pair[0] for pair in asked), add(pair[1] for pair in asked)))


def _is_running_on(pod: meta.Object, node: str) -> bool:
    return meta.at(pod, "spec", "nodeName") == node and meta.at(pod, "status", "phase") not in ("Succeeded", "Failed")


def _totals(page: describing.Page, room: dict[str, Any], totals: tuple[Amounts, Amounts]) -> None:
    page.line("Allocated resources:")
    page.line("(Total limits may be over 100 percent, i.e., overcommitted.)", level=1)
    huge = sorted(name for name in room if name.startswith("hugepages-"))
    other = sorted(set(room) - set(STANDARD) - set(huge) - {"pods"})
    lines = [(name, *(_share(amounts, name, room) for amounts in totals)) for name in (*STANDARD, *huge)]
    lines += [(name, *(describing.quantity(amounts.get(name)) for amounts in totals)) for name in other]
    page.rows(("Resource", "Requests", "Limits"), lines)


def _share(amounts: Amounts, name: str, room: dict[str, Any], of_nothing: int = 0) -> str:
    """An amount and its percentage, in floating point as Go divides them; `of_nothing` stands for a share of no room."""
    measure = quantities.milli if name == "cpu" else quantities.value
    value, whole = amounts.get(name, "0"), measure(room.get(name, "0"))
    percent = int(measure(value) / whole * 100) if whole else of_nothing
    return f"{describing.quantity(value)} ({percent}%)"


def of_pod(spec: dict[str, Any], field: str) -> Amounts:
    """`requests` or `limits` of a pod: the greater of its containers together and each init container beside the sidecars before it."""
    sidecars: Amounts = {}
    most: Amounts = {}
    for container in spec.get("initContainers") or ():
        together = add((sidecars, _of(container, field)))
        if container.get("restartPolicy") == "Always":
            sidecars = together
        most = _greater(most, together)
    total = _greater(add((sidecars, *(_of(container, field) for container in spec.get("containers") or ()))), most)
    total.update(_of(spec, field))
    overhead = spec.get("overhead") or {}
    return add((total, {name: value for name, value in overhead.items() if field == "requests" or name in total}))


def _of(holder: dict[str, Any], field: str) -> Amounts:
    return {name: str(value) for name, value in meta.at(holder, "resources", field, default={}).items()}


def add(parts: Iterable[Amounts]) -> Amounts:
    """The sum by resource name."""
    total: Amounts = {}
    for part in parts:
        for name, value in part.items():
            total[name] = quantities.add(total[name], value) if name in total else value
    return total


def _greater(left: Amounts, right: Amounts) -> Amounts:
    most = dict(left)
    for name, value in right.items():
        if name not in most or quantities.compare(value, most[name]) > 0:
            most[name] = value
    return most
