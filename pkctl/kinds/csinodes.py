"""CSINode: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Drivers", "integer", description="Drivers indicates the number of CSI drivers registered on the node"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), len(meta.at(obj, "spec", "drivers", default=())), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Every driver."""
    page = describing.begin(obj, namespace=False)
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    page.line("Spec:")
    drivers = meta.at(obj, "spec", "drivers")
    if drivers is not None:
        page.line("Drivers:", level=1)
    for driver in drivers or ():
        page.line(f"{driver.get('name', '')}:", level=2)
        page.field("Node ID", driver.get("nodeID", ""), 3)
        count = meta.at(driver, "allocatable", "count")
        if count is not None:
            page.line("Allocatables:", level=3)
            page.field("Count", count, 4)
        if driver.get("topologyKeys") is not None:
            page.field("Topology Keys", describing.go(driver["topologyKeys"]), 3)
    return describing.end(page, obj, reader)
