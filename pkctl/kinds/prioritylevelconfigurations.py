"""PriorityLevelConfiguration: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUEUING = {"queues": 64, "handSize": 8, "queueLengthLimit": 50}
COLUMNS = (
    shared.NAME,
    columns.Column("Type", description="type indicates whether this priority level is subject to limitation on request execution."),
    columns.Column("NominalConcurrencyShares", description="Contributes to the computation of the concurrency limit of this level."),
    columns.Column("Queues", description="queues is the number of queues for this priority level."),
    columns.Column("HandSize", description="handSize configures the shuffle sharding of requests into queues."),
    columns.Column("QueueLengthLimit", description="The maximum number of requests allowed to be waiting in a given queue."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """The server's usual numbers."""
    spec = obj["spec"] = obj.get("spec") or {}
    limited = spec.get("limited")
    if spec.get("type") == "Limited" and limited is not None:
        limited.setdefault("nominalConcurrencyShares", 30)
        limited.setdefault("lendablePercent", 0)
        queuing = meta.at(limited, "limitResponse", "queuing")
        for name, value in QUEUING.items() if queuing is not None else ():
            queuing[name] = queuing.get(name) or value


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    limited = meta.at(obj, "spec", "limited")
    shares = shared.NONE if limited is None else limited.get("nominalConcurrencyShares", shared.NONE)
    queuing = meta.at(limited or {}, "limitResponse", "queuing")
    numbers = [shared.NONE if queuing is None else queuing.get(name, 0) for name in QUEUING]
    return [meta.name(obj), meta.at(obj, "spec", "type", default=""), shares, *numbers, shared.age(obj, now)]
