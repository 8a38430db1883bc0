"""What events.k8s.io/v1 asks of events that are written through it, and the core group does not.

Follows ValidateEventCreate and ValidateEventUpdate of pkg/apis/core/validation/events.go. The fields are called as the core's are.
"""

from __future__ import annotations

from pkctl.kinds import checks, gostructs
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects import meta

TYPES = ("Normal", "Warning")
UNSET = ("firstTimestamp", "lastTimestamp", "count")
FIXED = (
    "InvolvedObject", "Reason", "Message", "Source", "FirstTimestamp", "LastTimestamp", "Count", "Type", "EventTime", "Action", "Related",
    "ReportingController", "ReportingInstance",
)  # fmt: skip
"""What stays as it was created, in the order it is judged in."""


def created(event: meta.Object) -> list[fields.Problem]:
    """A new event has a time and a type, and nothing of the old form."""
    found = _series(event)
    if not event.get("eventTime"):
        found.append(fields.required("eventTime"))
    if event.get("type") not in TYPES:
        found.append(fields.invalid("type", "", f"has invalid value: {event.get('type') or ''}"))
    source = event.get("source") or {}
    old_form = [name for name in UNSET if event.get(name)] + (["source"] if source.get("component") or source.get("host") else [])
    return found + [fields.invalid(name, "", "needs to be unset") for name in old_form]


def updated(new: meta.Object, old: meta.Object) -> list[fields.Problem]:
    """Only the series of an event goes on."""
    after, before = gostructs.shown("Event", new), gostructs.shown("Event", old)
    found = _series(new) if after["Series"] != before["Series"] else []
    return found + [_immutable(name[:1].lower() + name[1:], after[name]) for name in FIXED if after[name] != before[name]]


def _immutable(field: str, value: Any) -> fields.Problem:
    held = isinstance(value, dict)
    return checks.struct(field, value, checks.IMMUTABLE) if held else fields.invalid(field, value, checks.IMMUTABLE)


def _series(event: meta.Object) -> list[fields.Problem]:
    series = event.get("series")
    if series is None:
        return []
    found = [] if (series.get("count") or 0) >= 2 else [fields.invalid("series.count", "", "should be at least 2")]
    return found if series.get("lastObservedTime") else [*found, fields.required("series.lastObservedTime")]
