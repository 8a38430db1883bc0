"""What each verb means for an object, in the API server's own order of steps; the only writer of objects.

Follows apiserver/pkg/endpoints/handlers and registry/generic/registry/store.go. One function per verb; a step's details are in the
sibling that its call names. Every function works within a session's transaction, so nothing is retried; `watch` alone has none.
"""

from __future__ import annotations

from pkctl.api import refusals, storing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.options import Options, Query
    from pkctl.api.session import Api, Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object


def get(session: Session, row: Row, namespace: str, name: str, *, subresource: str = "") -> Object:
    """One object, or the subresource of it that can be read (`status`, `scale`); NotFound."""
    if subresource:
        from pkctl.api import subresources

        return subresources.get(session, row, namespace, name, subresource)
    return storing.existing(session, row, namespace, name)


def list_(session: Session, row: Row, namespace: str, query: Query | None = None) -> Object:
    """A typed List of a namespace, of all ("") or of a cluster-scoped kind; BadRequest for a bad query, Expired for an old revision."""
    from pkctl.api import listing

    session.warn_of(row)
    return listing.page(session, row, namespace, query)


def watch(api: Api, row: Row, namespace: str, query: Query | None = None, timeout: float | None = None) -> Iterator[Object]:
    """{"type", "object"} events after the query's revision, a BOOKMARK at least once a second; see `watching`."""
    from pkctl.api import watching

    return watching.events(api, row, namespace, query, timeout)


def create(session: Session, row: Row, namespace: str, obj: Object, options: Options) -> Object:
    """A new object as stored: AlreadyExists, Invalid, Forbidden by admission, NotFound for its namespace."""
    from pkctl.api import conversion, reading, requests, writing

    if options.subresource:
        from pkctl.api import subresources

        return subresources.create(session, row, namespace, obj, options)
    if "get" not in row.verbs:
        from pkctl.api import reviews

        return reviews.answer(session, row, namespace, obj, options)
    with storing.attempt(session, options):
        new, kept = reading.decoded(session, row, obj, options), storing.stored(session, row)
        request = requests.Request("create", session, kept, namespace, new, None, options, asked=row)
        return conversion.to(row, writing.insert(request))


def update(session: Session, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
    """The object replaced: NotFound, Conflict when it carries an older resourceVersion, Invalid. What changes nothing writes nothing."""
    from pkctl.api import conversion, metadata, reading, requests, writing

    if _is_apart(row, options.subresource):
        from pkctl.api import subresources

        return subresources.update(session, row, namespace, name, obj, options)
    with storing.attempt(session, options):
        kept = storing.stored(session, row)
        old = storing.read(session, kept, namespace, name)
        if old is None:
            return _create_instead(session, row, namespace, name, obj, options)
        new = reading.decoded(session, row, obj, options)
        metadata.check_version(row, name, new, options)
        request = requests.Request("update", session, kept, namespace, new, old, options, options.subresource, asked=row)
        return conversion.to(row, writing.replace(request))


def _is_apart(row: Row, subresource: str) -> bool:
    """Whether a subresource is more, or less, than another way to write the object: only a `status` that the kind has is that."""
    return bool(subresource) and (subresource != "status" or subresource not in row.subresources)


def _create_instead(session: Session, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
    """Some kinds let a PUT create what is missing: AllowCreateOnUpdate."""
    metadata = obj.get("metadata") or {}
    if row.id not in CREATED_ON_UPDATE or options.subresource or metadata.get("uid") or metadata.get("resourceVersion"):
        raise refusals.not_found(row, name)
    return create(session, row, namespace, {**obj, "metadata": {**metadata, "name": name}}, options)


CREATED_ON_UPDATE = frozenset({"endpoints", "events", "leases.coordination.k8s.io", "limitranges", "services"}) | {
    f"{plural}.rbac.authorization.k8s.io" for plural in ("clusterrolebindings", "clusterroles", "rolebindings", "roles")
}


def patch(session: Session, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> Object:
    """The object changed by a patch of one of four forms: strategic, merge, json, apply (server-side, which may create)."""
    from pkctl.api import conversion, patching, writing

    if _is_apart(row, options.subresource):
        from pkctl.api import subresources

        return subresources.patch(session, row, namespace, name, form, patch, options)
    with storing.attempt(session, options):
        if form == "apply":
            from pkctl.api import applying

            return conversion.to(row, applying.apply(session, row, namespace, name, patch, options))
        return conversion.to(row, writing.replace(patching.request(session, row, namespace, name, form, patch, options)))


def delete(session: Session, row: Row, namespace: str, name: str, options: Options) -> Object:
    """The object while it lingers (grace, finalizers), else a Status; NotFound, Conflict by preconditions, Forbidden."""
    from pkctl.api import deletion

    with storing.attempt(session, options):
        return deletion.delete(session, row, namespace, name, options)


def delete_collection(session: Session, row: Row, namespace: str, query: Query | None, options: Options) -> Object:
    """Delete what a query lists; the list as it was before."""
    from pkctl.api import deletion

    with storing.attempt(session, options):
        return deletion.delete_all(session, row, namespace, query, options)
