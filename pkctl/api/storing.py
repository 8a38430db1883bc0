"""Objects in and out of the store: keys, revisions, no-op writes, and what must not bloat the history."""

from __future__ import annotations

from contextlib import contextmanager

from pkctl.api import refusals
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.api.options import Options
    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

BEATING = frozenset({"leases.coordination.k8s.io", "events", "nodes/status"})
"""Kinds and subresources whose past nobody asks for: the store may forget it soon."""

DERIVED = frozenset({
    "customresourcedefinitions.apiextensions.k8s.io", "priorityclasses.scheduling.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io", "validatingadmissionpolicybindings.admissionregistration.k8s.io",
})  # fmt: skip
"""Kinds that sessions derive something from, to be derived again after a write."""


class _Undone(Exception):
    """A dry run has come to its end."""


@contextmanager
def attempt(session: Session, options: Options) -> Iterator[None]:
    """The scope of one verb: a dry run is rolled back at its end."""
    if not options.dry_run:
        yield
        return
    try:
        with session.attempt():
            yield
            raise _Undone
    except _Undone:
        return


def read(session: Session, row: Row, namespace: str, name: str) -> Object | None:
    """The object in the row's version, or None."""
    entry = session.tx.get(row.key(namespace, name))
    return outward(row, session.decode(entry)) if entry else None


def existing(session: Session, row: Row, namespace: str, name: str) -> Object:
    """The object in the row's version, its deprecation told; NotFound."""
    session.warn_of(row)
    obj = read(session, row, namespace, name)
    if obj is None:
        raise refusals.not_found(row, name)
    return obj


def outward(row: Row, obj: Object) -> Object:
    """A stored object in the version that the row serves."""
    if row.schema is not None and obj.get("kind") == row.kind:
        from pkctl.kinds import custom

        return custom.outward(row, obj)  # type: ignore[arg-type]  # the rows of custom kinds are CustomRows
    if obj.get("apiVersion") == row.api_version:
        return obj
    from pkctl.api import conversion

    return conversion.to(row, obj)


def stored(session: Session, row: Row) -> Row:
    """The row in whose version objects of this kind go through every step: a custom kind's are as they are asked for."""
    if row.schema is not None:
        return row
    return session.kinds().by_id(row.storage) or row


def create(request: Request) -> Object:
    """Store a new object; AlreadyExists."""
    return _put(request, _kept(request), base.ABSENT)


def update(request: Request) -> Object:
    """Replace the object; what changes nothing writes nothing."""
    old, kept = request.old, _kept(request)
    assert old is not None
    if request.new == old:
        return request.new
    from pkctl.api import ownership

    if ownership.is_same_but_for_times(request.new, old):
        return old
    return _put(request, kept, int(old["metadata"]["resourceVersion"]))


def _kept(request: Request) -> Object:
    """The object as it will be stored; a custom one that loses something by that loses it in the answer, too."""
    row, new = request.row, request.new
    if row.schema is None:
        return new
    from pkctl.kinds import custom

    kept: Object = custom.stored(row, new)  # type: ignore[arg-type]  # the rows of custom kinds are CustomRows
    if kept is not new:
        from pkctl.objects import meta

        request.new = outward(row, meta.clone(kept))
    return kept


def _put(request: Request, kept: Object, expect: int) -> Object:
    session, row = request.session, request.row
    key = row.key(request.namespace, request.name)
    try:
        revision = session.tx.put(key, session.api.encode(key, kept), expect, keep=not is_beating(request))
    except base.Mismatch:
        if expect == base.ABSENT:
            raise refusals.already_exists(row, request.name) from None
        raise refusals.conflict(row, request.name) from None
    if row.id in DERIVED:
        session.forget()
    _number(request, revision)
    return request.new


def _number(request: Request, revision: int) -> None:
    """Say which revision the object is; after a dry run that is the one it had before."""
    metadata = request.new["metadata"]
    if not request.options.dry_run:
        metadata["resourceVersion"] = str(revision)
    elif request.old is not None:
        metadata["resourceVersion"] = request.old["metadata"]["resourceVersion"]
    else:
        metadata.pop("resourceVersion", None)


def delete(request: Request) -> int:
    """Take the object out of the store; returns the deletion's revision."""
    row = request.row
    revision: int = request.session.tx.delete(row.key(request.namespace, request.name))
    if row.id in DERIVED or row.id == "services":
        request.session.forget()
    return revision


def is_beating(request: Request) -> bool:
    """Whether this write is a heartbeat."""
    return request.row.storage in BEATING or request.subject in BEATING
