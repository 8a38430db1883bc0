"""ResourceClaim: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("State", description="A summary of the current state (allocated, pending, reserved, etc.)."),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _state(obj), shared.age(obj, now)]


def _state(obj: meta.Object) -> str:
    status = obj.get("status") or {}
    words = ["deleted"] if meta.is_deleting(obj) else []
    if not status.get("allocation"):
        return ",".join([*words, "pending"]) if not words else ",".join(words)
    words.append("allocated")
    if status.get("reservedFor"):
        words.append("reserved")
    return ",".join(words)
