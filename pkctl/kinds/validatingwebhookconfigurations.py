"""ValidatingWebhookConfiguration: pkctl stores it and does not act upon it. What it shares with its sister is in `webhooks`."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, webhooks
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem

COLUMNS = (
    shared.NAME,
    columns.Column("Webhooks", "integer", description="Webhooks indicates the number of webhooks in this configuration"),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """SetDefaults_ValidatingWebhook."""
    webhooks.default(obj, reinvocation=False)


def validate(new: meta.Object, old: meta.Object | None) -> list[Problem]:
    """Every webhook."""
    return webhooks.problems(new, old, reinvocation=False)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), len(obj.get("webhooks") or ()), shared.age(obj, now)]
