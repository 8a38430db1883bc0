"""Watches: the store's changes as a client's events, seen through its selectors.

Follows apiserver/pkg/storage/etcd3/watcher.go: an object that leaves the selection is DELETED, in its last selected state, at the
revision of the change.
"""

from __future__ import annotations

import time

from pkctl.api import listing, options, refusals, storing
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


def events(
    api: Api, row: Row, namespace: str, query: options.Query | None = None, timeout: float | None = None, *, initial_end: bool = False
) -> Iterator[Object]:
    """Events until `timeout` seconds have passed; with `initial_end` a marked bookmark follows the current state (sendInitialEvents).

    A revision that the log has forgotten gives one ERROR event with a Status of 410.
    """
    query = query or options.Query()
    picked = listing.selection(row, query)
    if query.revision in ("", "0") or initial_end:
        with api.reading() as session:
            start = listing.page(session, row, namespace, options.Query(labels=query.labels, fields=query.fields))
        rev = int(start["metadata"]["resourceVersion"])
        for obj in start["items"]:
            yield {"type": "ADDED", "object": obj}
        if initial_end:
            yield bookmark(row, rev, {INITIAL_END: "true"})
    else:
        rev = listing.number(query.revision)
    until = None if timeout is None else time.monotonic() + timeout
    yield from _follow(api, row, namespace, picked, rev, until)


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
