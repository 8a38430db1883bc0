"""ValidatingWebhookConfiguration: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Webhooks", "integer", description="Webhooks indicates the number of webhooks in this configuration"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), len(obj.get("webhooks") or ()), shared.age(obj, now)]
