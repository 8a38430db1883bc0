"""What a client sent, read as an object of its kind: decoded, with defaults.

Follows apiserver/pkg/endpoints/handlers' decoding; the types are kinds/schema's, the defaults the room's.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import conversion, rooms, sizes, storing
from pkctl.api.options import TRUSTED
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

KEEPS_STATUS = frozenset({"nodes"})
"""Kinds that take a status already on create."""

STATUS = {
    "daemonsets.apps": ("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"),
    "horizontalpodautoscalers.autoscaling": ("desiredReplicas",),
    "poddisruptionbudgets.policy": ("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"),
    "replicasets.apps": ("replicas",),
    "replicationcontrollers": ("replicas",),
    "statefulsets.apps": ("availableReplicas", "replicas"),
}
"""Numbers that a status carries from the start, as Go writes them even when 0."""


def decoded(session: Session, row: Row, obj: Object, options: Options) -> Object:
    """A user's object as the caller's own, in the version it is kept in, with defaults; BadRequest with the server's text."""
    obj = sizes.accepted(obj) if options.validation != TRUSTED else obj
    check_type(row, obj)
    new, warnings = _read(row, obj, options)
    for text in warnings:
        session.warn(text)
    new["apiVersion"], new["kind"] = row.api_version, row.kind
    new.setdefault("metadata", {})
    if (obj.get("metadata") or {}).get("managedFields") == []:
        # An empty list is a wish, too: it clears the entries, as one empty entry does.
        new["metadata"]["managedFields"] = [{}]
    kept = storing.stored(session, row)
    new = conversion.to(kept, new)
    rooms.default(kept, new)
    return new


def _read(row: Row, obj: Object, options: Options) -> tuple[Object, list[str]]:
    if options.validation == TRUSTED:
        return meta.clone(obj), []
    from pkctl.kinds import decoding

    return decoding.decode(row, obj, options.validation)


def check_type(row: Row, obj: Object) -> None:
    """BadRequest when the object says it is of another kind; one that doesn't say is taken for this one."""
    kind, version = obj.get("kind") or row.kind, obj.get("apiVersion") or row.api_version
    if kind != row.kind or version != row.api_version:
        raise errors.BadRequest(
            f'{row.kind} in version "{row.version}" cannot be handled as a {kind}: the object provided is a {kind} of {version}, '
            f"not a {row.kind} of {row.api_version}"
        )


def begin_status(row: Row, obj: Object) -> None:
    """Status is the system's: what a creator says of it is dropped."""
    if "status" in row.subresources and row.id not in KEEPS_STATUS:
        obj.pop("status", None)


def fill_status(row: Row, obj: Object) -> None:
    """Give a new built-in object the empty status that its Go type writes."""
    if "status" in row.subresources and row.schema is None and "status" not in obj:
        obj["status"] = dict.fromkeys(STATUS.get(row.id, ()), 0)
