"""Lease. Follows pkg/apis/coordination/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STRATEGIES = ("OldestEmulationVersion",)
COLUMNS = (
    shared.NAME,
    columns.Column("Holder", description="holderIdentity contains the identity of the holder of a current lease."),
    shared.AGE,
)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A duration above zero, transitions not below it."""
    spec = new.get("spec") or {}
    found: list[fields.Problem] = []
    duration, transitions, strategy = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions"), spec.get("strategy")
    if duration is not None and duration <= 0:
        found.append(fields.invalid("spec.leaseDurationSeconds", duration, "must be greater than 0"))
    if transitions is not None and transitions < 0:
        found.append(fields.invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"))
    if strategy is not None:
        found += _strategy(strategy, "spec.strategy")
    if strategy is None and spec.get("preferredHolder"):
        found.append(fields.forbidden("spec.preferredHolder", "can only be specified if `strategy` is defined"))
    return found


def _strategy(strategy: str, field: str) -> list[fields.Problem]:
    if "/" in strategy:
        return checks.worded(names.qualified_name, strategy, field)
    return [] if strategy in STRATEGIES else [fields.unsupported(field, strategy, STRATEGIES)]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "spec", "holderIdentity", default=""), shared.age(obj, now)]
