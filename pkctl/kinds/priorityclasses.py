"""PriorityClass. Follows pkg/apis/scheduling/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HIGHEST = 1000000000
SYSTEM = {"system-cluster-critical": 2000000000, "system-node-critical": 2000001000}
POLICIES = ("PreemptLowerPriority", "Never")
COLUMNS = (
    shared.NAME,
    columns.Column("Value", "integer", description="value represents the integer value of this priority class."),
    columns.Column("Global-Default", "boolean", description="Whether this is the default priority for pods that do not have any."),
    shared.AGE,
    columns.Column("PreemptionPolicy", description="preemptionPolicy is the Policy for preempting pods with lower priority."),
)


def default(obj: meta.Object) -> None:
    """It preempts."""
    obj["preemptionPolicy"] = obj.get("preemptionPolicy") or "PreemptLowerPriority"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Below the system's own; of a kept one only that value and policy stay."""
    if old:
        return _update(new, old)
    found: list[fields.Problem] = []
    if meta.name(new).startswith("system-"):
        wrong = _of_system(new)
        if wrong:
            text = f"priority class names with 'system-' prefix are reserved for system use only. error: {wrong}"
            found.append(fields.forbidden("metadata.name", text))
    elif (new.get("value") or 0) > HIGHEST:
        found.append(fields.forbidden("value", f"maximum allowed value of a user defined priority is {HIGHEST}"))
    return found + checks.chosen(new.get("preemptionPolicy"), POLICIES, "preemptionPolicy")


def _of_system(new: meta.Object) -> str:
    name = meta.name(new)
    if name not in SYSTEM:
        return f"{name} is not a known system priority class"
    if (new.get("value") or 0) != SYSTEM[name]:
        return f"value of {name} PriorityClass must be {SYSTEM[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if new.get("globalDefault") else ""


def _update(new: meta.Object, old: meta.Object) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    if (new.get("value") or 0) != (old.get("value") or 0):
        found.append(fields.forbidden("value", "may not be changed in an update."))
    return found + checks.unchanged(new.get("preemptionPolicy"), old.get("preemptionPolicy"), "preemptionPolicy")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj), obj.get("value") or 0, bool(obj.get("globalDefault")), shared.age(obj, now), obj.get("preemptionPolicy", ""),
    ]  # fmt: skip


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """All its settings."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Value", obj.get("value") or 0)
    page.field("GlobalDefault", shared.bool_word(obj.get("globalDefault")))
    page.field("PreemptionPolicy", obj.get("preemptionPolicy", ""))
    page.field("Description", obj.get("description", ""))
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    return describing.end(page, obj, reader)
