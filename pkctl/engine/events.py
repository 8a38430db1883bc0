"""Events of plans as Event objects: the same thing happening again raises a count instead of adding a line.

Follows client-go's tools/record correlation by identical key, without its time window: an Event lives an hour anyway.
"""

from __future__ import annotations

import contextlib

from pkctl import errors
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api import session as sessions
    from pkctl.controllers import plan as plans
    from pkctl.kinds import table
    from pkctl.objects.meta import Object

LIFETIME = 3600.0
"""Seconds after which an event that did not happen again is dropped, as the API server's --event-ttl has it."""

DEFAULT_NAMESPACE = "default"
"""Where events about cluster-scoped objects are kept."""


def record(session: sessions.Session, event: plans.Event) -> None:
    """Write an event, or raise the count of the one that says the same; one that the API refuses is lost, as with client-go.

    A namespace on its way out refuses them all.
    """
    with contextlib.suppress(errors.Forbidden, errors.NotFound, errors.Invalid):
        _record(session, event)


def _record(session: sessions.Session, event: plans.Event) -> None:
    from pkctl.api import options, resources

    row = session.kinds().by_id("events")
    assert row is not None
    now = session.api.sources.now()
    namespace = meta.namespace(event.obj) or DEFAULT_NAMESPACE
    chosen = options.Options(field_manager="kubelet", validation=options.TRUSTED)
    known = _same(session, row, namespace, event)
    if known is None:
        resources.create(session, row, namespace, _new(event, namespace, _name(session, row, namespace, event, now), now), chosen)
        return
    again = meta.clone(known)
    again["count"] = int(known.get("count") or 1) + 1
    again["lastTimestamp"] = times.stamp(now)
    resources.update(session, row, namespace, meta.name(known), again, chosen)


def _same(session: sessions.Session, row: table.Row, namespace: str, event: plans.Event) -> Object | None:
    """The event that already says this of the object, among the object's few."""
    said = (event.type, event.reason, event.message, event.field)
    for entry in session.tx.list(row.key(namespace, f"{meta.name(event.obj)}.")):
        known = session.decode(entry)
        involved = known.get("involvedObject") or {}
        tells = (known.get("type"), known.get("reason"), known.get("message"), involved.get("fieldPath", ""))
        if said == tells and involved.get("uid", "") == meta.uid(event.obj):
            return known
    return None


def _name(session: sessions.Session, row: table.Row, namespace: str, event: plans.Event, now: float) -> str:
    """The object's name and the time: names in order are events in order, as client-go's are."""
    ticks = int(now * 1e9)
    while session.tx.get(row.key(namespace, f"{meta.name(event.obj)}.{ticks:x}")) is not None:
        ticks += 1
    return f"{meta.name(event.obj)}.{ticks:x}"


def expire(session: sessions.Session) -> int:
    """Drop the events whose time is over; returns how many."""
    from pkctl.api import options, resources

    row = session.kinds().by_id("events")
    assert row is not None
    oldest = times.stamp(session.api.sources.now() - LIFETIME)
    gone = 0
    for entry in session.tx.list(row.prefix):
        event = session.decode(entry)
        if str(event.get("lastTimestamp") or meta.at(event, "metadata", "creationTimestamp", default="")) < oldest:
            resources.delete(session, row, *meta.key(event), options.Options())
            gone += 1
    return gone


def _new(event: plans.Event, namespace: str, name: str, now: float) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": namespace},
        "involvedObject": _reference(event),
        "type": event.type,
        "reason": event.reason,
        "message": event.message,
        "source": {key: value for key, value in (("component", event.source), ("host", event.host)) if value},
        "reportingComponent": event.source,
        "reportingInstance": event.host,
        "firstTimestamp": times.stamp(now),
        "lastTimestamp": times.stamp(now),
        "count": 1,
    }


def _reference(event: plans.Event) -> Object:
    obj = event.obj
    fields = {
        "kind": obj.get("kind"),
        "apiVersion": obj.get("apiVersion"),
        "namespace": meta.namespace(obj),
        "name": meta.name(obj),
        "uid": meta.uid(obj),
        "resourceVersion": meta.at(obj, "metadata", "resourceVersion"),
        "fieldPath": event.field,
    }
    return {key: value for key, value in fields.items() if value}
