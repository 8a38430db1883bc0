"""CSIStorageCapacity: pkctl stores it and does not act upon it. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import fields, meta, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("StorageClassName", description="The name of the StorageClass that the reported capacity applies to."),
    columns.Column("Capacity", description="Capacity is the value reported by the CSI driver"),
)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Where, of which class, how much; an update, which may change only the amounts, is asked nothing else."""
    if old is not None:
        return [
            fields.invalid(name, new.get(name), checks.IMMUTABLE)
            for name in ("nodeTopology", "storageClassName")
            if (new.get(name) or None) != (old.get(name) or None)
        ]
    found = checks.selector(new.get("nodeTopology"), "nodeTopology")
    found += checks.worded(names.dns_subdomain, new.get("storageClassName") or "", "storageClassName")
    return found + (checks.quantity(new["capacity"], "capacity") if new.get("capacity") is not None else [])


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    capacity = obj.get("capacity")
    return [meta.name(obj), obj.get("storageClassName", ""), shared.UNSET if capacity is None else quantities.canonical(str(capacity))]
