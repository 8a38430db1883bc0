"""Watches: the store's changes as a client's events, seen through its selectors.

Follows apiserver/pkg/storage/etcd3/watcher.go: an object that leaves the selection is DELETED, in its last selected state, at the
revision of the change.
"""

from __future__ import annotations

import time

from pkctl.api import listing, options, querying, refusals, storing
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.api.session import Api
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

BEAT = 1.0
"""Seconds without an event after which a bookmark is given."""

CHUNK = 500
INITIAL_END = "k8s.io/initial-events-end"


def events(api: Api, row: Row, namespace: str, query: options.Query | None = None, timeout: float | None = None) -> Iterator[Object]:
    """Events until `timeout` seconds have passed; with `query.initial` a marked bookmark follows the current state (sendInitialEvents).

    A revision that the log has forgotten gives one ERROR event with a Status of 410; Invalid for options that don't go together.
    """
    query = query or options.Query()
    querying.check_watch(query)
    picked, rev = listing.selection(row, query), querying.number(query.revision)
    if query.initial or (query.initial is None and not rev):
        current, items = _present(api, row, namespace, query, rev)
        for obj in items:
            yield {"type": "ADDED", "object": obj}
        if query.initial:
            yield bookmark(row, current, {INITIAL_END: "true"})
    else:
        current = rev or api.store.rev()
    until = None if timeout is None else time.monotonic() + timeout
    yield from _follow(api, row, namespace, picked, current, until)


def _present(api: Api, row: Row, namespace: str, query: options.Query, rev: int) -> tuple[int, list[Object]]:
    """The revision now, which must have reached `rev`, and what is selected at it."""
    with api.reading() as session:
        found = listing.page(session, row, namespace, options.Query(labels=query.labels, fields=query.fields, revision=str(rev or "")))
    return int(found["metadata"]["resourceVersion"]), found["items"]


def _follow(api: Api, row: Row, namespace: str, picked: listing.Selection, rev: int, until: float | None) -> Iterator[Object]:
    prefix = row.key(namespace, "") if namespace or not row.namespaced else row.prefix
    while True:
        try:
            seen = api.store.rev()
            changes = api.store.changes(rev, (prefix,), limit=CHUNK)
        except base.Compacted as gone:
            yield {"type": "ERROR", "object": refusals.too_old(gone.rev, gone.floor).status()}
            return
        for change in changes:
            event = _event(api, row, picked, change)
            if event is not None:
                yield event
        rev = changes[-1].rev if len(changes) == CHUNK else max(rev, seen, changes[-1].rev if changes else 0)
        left = BEAT if until is None else min(BEAT, until - time.monotonic())
        if left <= 0:
            return
        if not changes and api.store.wait(rev, left) <= rev:
            yield bookmark(row, rev)


def _event(api: Api, row: Row, picked: listing.Selection, change: base.Change) -> Object | None:
    """What one change means to a client, None when nothing."""
    new = _state(api, row, picked, change, change.text)
    before = _state(api, row, picked, change, change.before)
    if new is not None:
        return {"type": "ADDED" if before is None else "MODIFIED", "object": new}
    return {"type": "DELETED", "object": before} if before is not None else None


def _state(api: Api, row: Row, picked: listing.Selection, change: base.Change, text: str | None) -> Object | None:
    """The object in one state, at the change's revision, None when it was not there or is not selected."""
    if text is None or not picked.may_pick(text):
        return None
    obj = storing.outward(row, api.decode(base.Entry(change.key, text, change.rev)))
    return obj if picked.picks(obj) else None


def bookmark(row: Row, rev: int, annotations: dict[str, str] | None = None) -> Object:
    """A BOOKMARK: nothing but how far the watch has come."""
    metadata: dict[str, object] = {"resourceVersion": str(rev)}
    if annotations:
        metadata["annotations"] = annotations
    return {"type": "BOOKMARK", "object": {"kind": row.kind, "apiVersion": row.api_version, "metadata": metadata}}
