"""VolumeAttributesClass: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("DriverName", description="Name of the CSI driver"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), obj.get("driverName", ""), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Driver and parameters."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    page.field("DriverName", obj.get("driverName", ""))
    page.field("Parameters", describing.joined(obj.get("parameters")))
    return describing.end(page, obj, reader)
