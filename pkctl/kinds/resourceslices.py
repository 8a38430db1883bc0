"""ResourceSlice: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Node", description="NodeName identifies the node which provides the resources."),
    columns.Column("Driver", description="Driver identifies the DRA driver providing the capacity information."),
    columns.Column("Pool", description="Pool describes the pool that this ResourceSlice belongs to."),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        _node(obj),
        meta.at(obj, "spec", "driver", default=""),
        meta.at(obj, "spec", "pool", "name", default=""),
        shared.age(obj, now),
    ]


def _node(obj: meta.Object) -> str:
    spec = obj.get("spec") or {}
    if spec.get("allNodes"):
        return "<all>"
    return str(spec.get("nodeName") or (shared.NONE if not spec.get("nodeSelector") else "<some>"))
