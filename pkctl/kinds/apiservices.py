"""APIService: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Service", description="The reference to the service that hosts this API endpoint."),
    columns.Column("Available", description="Whether this service is available."),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _service(meta.at(obj, "spec", "service")), _available(obj), shared.age(obj, now)]


def _service(found: dict[str, Any] | None) -> str:
    return f"{found.get('namespace', '')}/{found.get('name', '')}" if found else "Local"


def _available(obj: meta.Object) -> str:
    found = meta.condition(obj, "Available")
    if found is None:
        return "Unknown"
    return "True" if found.get("status") == "True" else f"{found.get('status', '')} ({found.get('reason', '')})"
