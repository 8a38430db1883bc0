"""CSINode: pkctl stores it and does not act upon it. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Drivers", "integer", description="Drivers indicates the number of CSI drivers registered on the node"),
    shared.AGE,
)
LONGEST_NODE_ID = 256


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Every driver once; of one that stays only the number of volumes may change."""
    drivers = meta.at(new, "spec", "drivers", default=())
    found: list[fields.Problem] = []
    for number, driver in enumerate(drivers):
        at = f"spec.drivers[{number}]"
        seen = {each.get("name") for each in drivers[:number]}
        found += _driver(driver, at, [fields.duplicate(f"{at}.name", driver.get("name") or "")] if driver.get("name") in seen else [])
    known = {each.get("name"): each for each in meta.at(old or {}, "spec", "drivers", default=())}
    for driver in drivers:
        before = known.get(driver.get("name"))
        if before is not None and _fixed(driver) != _fixed(before):
            found.append(checks.struct("spec.drivers", _fixed(driver), checks.IMMUTABLE))
    return found


def _fixed(driver: dict[str, Any]) -> dict[str, Any]:
    return gostructs.shown("CSINodeDriver", {**driver, "allocatable": None})


def _driver(driver: dict[str, Any], at: str, repeated: list[fields.Problem]) -> list[fields.Problem]:
    node, count, keys = driver.get("nodeID") or "", meta.at(driver, "allocatable", "count"), driver.get("topologyKeys") or []
    found = checks.driver_name(driver.get("name") or "", f"{at}.name")
    found += [] if node else [fields.required(f"{at}.nodeID")]
    if len(node) > LONGEST_NODE_ID:
        found.append(fields.invalid(f"{at}.nodeID", node, f"must be {LONGEST_NODE_ID} characters or less"))
    found += checks.not_negative(count, f"{at}.allocatable.count")
    found += repeated
    for number, key in enumerate(keys):
        found += [] if key else [fields.required(at)]
        found += [fields.duplicate(at, key)] if key in keys[:number] else []
        found += checks.worded(names.qualified_name, key, at)
    return found


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
