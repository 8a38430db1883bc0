"""ControllerRevisions: a numbered copy of what a controller wanted. Follows ValidateControllerRevision of pkg/apis/apps/validation."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COLUMNS = (
    shared.NAME,
    columns.Column("Controller", description="Controller of the object"),
    columns.Column("Revision", description="Revision indicates the revision of the state represented by Data."),
    shared.AGE,
)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    from pkctl.kinds import generic
    from pkctl.objects import fields

    problems = [] if new.get("data") is not None else [fields.required("data", "data is mandatory")]
    problems += checks.not_negative(new.get("revision"), "revision")
    if old is not None:
        problems += generic.immutable(new.get("data"), old.get("data"), "data")
    return problems


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    owner = owners.controller(obj)
    shown = shared.NONE
    if owner:
        group = owner.get("apiVersion", "").rpartition("/")[0]
        kind = str(owner.get("kind", "")).lower()
        shown = f"{kind}.{group}/{owner.get('name', '')}" if group else f"{kind}/{owner.get('name', '')}"
    return [obj["metadata"].get("name", ""), shown, str(obj.get("revision", 0)), shared.age(obj, now)]
