"""FlowSchema: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("PriorityLevel", description="priorityLevelConfiguration references the level that handles matching requests."),
    columns.Column("MatchingPrecedence", description="Used to choose among the FlowSchemas that match a given request."),
    columns.Column("DistinguisherMethod", description="How to compute the flow distinguisher for requests that match this schema."),
    shared.AGE,
    columns.Column("MissingPL", description="References a broken or non-existent PriorityLevelConfiguration"),
)


def default(obj: meta.Object) -> None:
    """In the middle of the order."""
    spec = obj["spec"] = obj.get("spec") or {}
    spec["matchingPrecedence"] = spec.get("matchingPrecedence") or 1000


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    missing = meta.condition(obj, "Dangling")
    return [
        meta.name(obj),
        meta.at(spec, "priorityLevelConfiguration", "name", default=""),
        spec.get("matchingPrecedence") or 0,
        meta.at(spec, "distinguisherMethod", "type", default=shared.NONE),
        shared.age(obj, now),
        missing.get("status", "?") if missing else "?",
    ]
