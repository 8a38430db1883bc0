"""MutatingAdmissionPolicyBinding: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("PolicyName", description="PolicyName indicates the policy definition which the policy binding binded to"),
    columns.Column("ParamRef", description="ParamRef indicates the param resource which sets the configration param"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        meta.at(obj, "spec", "policyName", default=""),
        _reference(meta.at(obj, "spec", "paramRef")),
        shared.age(obj, now),
    ]


def _reference(found: dict[str, Any] | None) -> str:
    if not found:
        return "<unset>"
    name = found.get("name") or "*"
    return f"{found['namespace']}/{name}" if found.get("namespace") else str(name)
