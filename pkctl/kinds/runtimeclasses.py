"""RuntimeClass. Follows pkg/apis/node/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Handler", description="handler specifies the underlying runtime and configuration of the CRI implementation."),
    shared.AGE,
)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A DNS label for a runtime's name, which never changes; node selectors that are labels."""
    from pkctl.kinds.podspec import validation_scheduling

    if old:
        return checks.unchanged(new.get("handler") or "", old.get("handler"), "handler")
    found = checks.worded(names.dns_label, new.get("handler") or "", "handler")
    for name, amount in sorted(meta.at(new, "overhead", "podFixed", default={}).items()):
        found += checks.quantity(amount, f"overhead.podFixed.{name}")
    found += checks.labels(meta.at(new, "scheduling", "nodeSelector"), "scheduling.nodeSelector")
    return found + validation_scheduling.tolerations(meta.at(new, "scheduling", "tolerations", default=()), "scheduling.tolerations")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), obj.get("handler", ""), shared.age(obj, now)]
