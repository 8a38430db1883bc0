"""Event, of the core group and of events.k8s.io: one stored form (the core's), two served ones.

Follows pkg/apis/core/v1/conversion.go, pkg/apis/events/v1 and pkg/apis/core/validation/events.go of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import fields, meta, names, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NEW = "events.k8s.io/v1"
RENAMED = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
"""Field names of the core form and what events.k8s.io calls them; the others are called the same."""
LONGEST_MESSAGE = 1024
OLD_NAMESPACES, NEW_NAMESPACES = ("", "default"), ("default", "kube-system")
"""Where events about cluster-scoped objects are, without and with an eventTime."""
COLUMNS = (
    columns.Column("Last Seen", description="The time at which the most recent occurrence of this event was recorded."),
    columns.Column("Type", description="Type of this event (Normal, Warning), new types could be added in the future"),
    columns.Column("Reason", description="This should be a short, machine understandable string that gives the reason for the transition."),
    columns.Column("Object", description="The object that this event is about."),
    columns.Column("Subobject", priority=1, description="If referring to a piece of an object instead of an entire object, its path."),
    columns.Column("Source", priority=1, description="The component reporting this event."),
    columns.Column("Message", description="A human-readable description of the status of this operation."),
    columns.Column("First Seen", priority=1, description="The time at which the event was first recorded."),
    columns.Column("Count", priority=1, description="The number of times this event has occurred."),
    columns.Column("Name", priority=1, format="name", description=shared.NAME.description),
)


def _involved(field: str, about: str = "involvedObject") -> Any:
    return lambda obj: str(meta.at(obj, about, field, default=""))


PARTS = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
FIELDS = {
    **{f"involvedObject.{part}": _involved(part) for part in PARTS},
    "reason": lambda obj: obj.get("reason", ""),
    "reportingComponent": lambda obj: obj.get("reportingComponent", ""),
    "source": lambda obj: meta.at(obj, "source", "component", default="") or obj.get("reportingComponent", ""),
    "type": lambda obj: obj.get("type", ""),
}
FIELDS_OF = {
    "events.events.k8s.io": {
        **{f"regarding.{part}": _involved(part, "regarding") for part in PARTS},
        **{name: FIELDS[name] for name in ("reason", "type")},
        "reportingController": lambda obj: obj.get("reportingController", ""),
    },
}


def convert(obj: meta.Object, api_version: str) -> meta.Object:
    """The same event in the form of `v1` or `events.k8s.io/v1`."""
    if obj.get("apiVersion") == api_version:
        return obj
    names_to = RENAMED if api_version == NEW else {new: old for old, new in RENAMED.items()}
    return {**{names_to.get(name, name): value for name, value in obj.items()}, "apiVersion": api_version}


def default(obj: meta.Object) -> None:
    """The core form always carries these, also when empty."""
    for name, value in (("source", {}), ("firstTimestamp", None), ("lastTimestamp", None), ("eventTime", None)):
        obj.setdefault(name, value)
    for name in ("reportingComponent", "reportingInstance"):
        obj[name] = obj.get(name) or ""


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The object's namespace is the event's; one with an eventTime names its reporter in full: what both forms are held to."""
    place, about = meta.namespace(new), meta.at(new, "involvedObject", "namespace", default="")
    is_new = bool(new.get("eventTime"))
    is_apart = not is_new and about != place if about else place not in (NEW_NAMESPACES if is_new else OLD_NAMESPACES)
    found = [fields.invalid("involvedObject.namespace", about, "does not match event.namespace")] if is_apart else []
    return found + (_reported(new) if is_new else [])


def _reported(event: meta.Object) -> list[fields.Problem]:
    reporter, note = event.get("reportingComponent") or "", event.get("message") or ""
    found = [] if reporter else [fields.required("reportingController")]
    found += checks.worded(names.qualified_name, reporter, "reportingController")
    for field in ("reportingInstance", "action", "reason"):
        value = event.get(field) or ""
        if not value:
            found.append(fields.required(field))
        if len(value) > 128:
            found.append(fields.invalid(field, "", "can have at most 128 characters"))
    if len(note) > LONGEST_MESSAGE:
        found.append(fields.invalid("message", "", f"can have at most {LONGEST_MESSAGE} characters"))
    return found


def validate_written(new: meta.Object, old: meta.Object | None, api_version: str) -> list[fields.Problem]:
    """What events.k8s.io/v1 asks of an event beside; see `rules.events`."""
    if api_version != NEW:
        return []
    from pkctl.kinds.rules import events

    return events.created(new) if old is None else events.updated(new, old)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    first = times.since(obj.get("firstTimestamp") or obj.get("eventTime") or "", now)
    last = times.since(obj["lastTimestamp"], now) if obj.get("lastTimestamp") else first
    count, series = obj.get("count") or 1, obj.get("series")
    if series:
        last, count = times.since(series.get("lastObservedTime") or "", now), series.get("count") or 0
    about = obj.get("involvedObject") or {}
    target = about.get("kind", "").lower()
    return [
        last,
        obj.get("type", ""),
        obj.get("reason", ""),
        f"{target}/{about['name']}" if about.get("name") else target,
        about.get("fieldPath", ""),
        reporter(obj),
        obj.get("message", "").strip(),
        first,
        count,
        meta.name(obj),
    ]


def reporter(obj: meta.Object) -> str:
    """`component, host`, in the old fields or else the new ones."""
    source = obj.get("source") or {}
    component = source.get("component") or obj.get("reportingComponent") or ""
    host = source.get("host") or obj.get("reportingInstance") or ""
    return f"{component}, {host}" if host else component
