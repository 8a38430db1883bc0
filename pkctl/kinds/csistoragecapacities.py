"""CSIStorageCapacity: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("StorageClassName", description="The name of the StorageClass that the reported capacity applies to."),
    columns.Column("Capacity", description="Capacity is the value reported by the CSI driver"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), obj.get("storageClassName", ""), str(obj.get("capacity") or ""), shared.age(obj, now)]
