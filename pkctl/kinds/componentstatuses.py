"""ComponentStatus, deprecated and read-only: what kubectl shows of one."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Status", description="Status of the component conditions"),
    columns.Column("Message", description="Message of the component conditions"),
    columns.Column("Error", description="Error of the component conditions"),
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    conditions: list[dict[str, str]] = obj.get("conditions") or []
    healthy: dict[str, str] = next((each for each in conditions if each.get("type") == "Healthy"), {})
    status = {"True": "Healthy", "False": "Unhealthy"}.get(healthy.get("status", ""), "Unknown")
    return [meta.name(obj), status, healthy.get("message", ""), healthy.get("error", "")]
