"""What a controller sees: an in-memory index that catches up with the log inside the transaction it is used in.

A kind is read as a whole when it is first listed, and kept current from the store's changes afterwards. Nothing here decides.
"""

from __future__ import annotations

import json

from pkctl.objects import meta, owners
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from pkctl.api import session as sessions
    from pkctl.kinds import table
    from pkctl.objects.meta import Object

    Objects = list[Object]
    Follow = Callable[[Any, "Object | None", "Object | None"], None]

NOTE = "note/"
"""Marks under this prefix hold what plans note down between two looks."""


class _Kind:
    """One kind's objects by key, by namespace and by controlling owner."""

    __slots__ = ("by_namespace", "by_owner", "objects")

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self.by_namespace: dict[str, dict[str, Object]] = {}
        self.by_owner: dict[str, dict[str, Object]] = {}

    def put(self, key: str, obj: Object) -> None:
        self.drop(key)
        self.objects[key] = obj
        self.by_namespace.setdefault(meta.namespace(obj), {})[key] = obj
        if owner := owners.controller(obj):
            self.by_owner.setdefault(owner["uid"], {})[key] = obj

    def drop(self, key: str) -> None:
        obj = self.objects.pop(key, None)
        if obj is None:
            return
        self.by_namespace[meta.namespace(obj)].pop(key, None)
        if owner := owners.controller(obj):
            self.by_owner.get(owner["uid"], {}).pop(key, None)


class Memo:
    """A derived value: dropped when an object of `storages` changes, or, with `follow`, told of the change."""

    __slots__ = ("follow", "storages", "value")

    def __init__(self, storages: frozenset[str], value: Any, follow: Follow | None) -> None:
        self.storages, self.value, self.follow = storages, value, follow


class Index:
    """The objects read so far, as of revision `rev`; lives as long as the engine."""

    def __init__(self, rev: int) -> None:
        self.rev = rev
        self.loaded: dict[str, _Kind] = {}
        self.memos: dict[str, Memo] = {}

    def forget(self) -> None:
        """Read everything anew when next asked: after a rolled back transaction, or when the log has been compacted."""
        self.loaded.clear()
        self.memos.clear()

    def take(self, storage: str, change: base.Change, new: Object | None) -> None:
        """Follow one change of a kind that has been read."""
        kind = self.loaded.get(storage)
        old = kind.objects.get(change.key) if kind else None
        if kind is not None and new is None:
            kind.drop(change.key)
        elif kind is not None and new is not None:
            kind.put(change.key, new)
        for name in [name for name, memo in self.memos.items() if storage in memo.storages]:
            memo = self.memos[name]
            if memo.follow is None:
                del self.memos[name]
            else:
                memo.follow(memo.value, old, new)


class View:
    """`controllers.plan.View` over an index, within one session."""

    def __init__(self, session: sessions.Session, index: Index, now: float, suffix: Callable[[], str], settings: dict[str, Any]) -> None:
        self.now, self.suffix = now, suffix
        self.session = session
        self._index, self._settings, self._kinds = index, settings, session.kinds()

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object; a kind never listed is asked for that object alone."""
        row = self._row(kind)
        key = row.key(namespace, name)
        if loaded := self._index.loaded.get(row.storage):
            return loaded.objects.get(key)
        entry = self.session.tx.get(key)
        return self.session.decode(entry) if entry else None

    def list(self, kind: str, namespace: str | None = None) -> Objects:
        """Every object of the kind, by key."""
        loaded = self._load(kind)
        objects = loaded.objects if namespace is None else loaded.by_namespace.get(namespace, {})
        return [objects[key] for key in sorted(objects)]

    def owned(self, kind: str, owner: Object) -> Objects:
        """The kind's objects that `owner` controls, by key."""
        objects = self._load(kind).by_owner.get(meta.uid(owner), {})
        return [objects[key] for key in sorted(objects)]

    def notes(self, name: str) -> dict[str, Any]:
        """A note of an earlier plan; `cluster` is the cluster's own settings."""
        if name == "cluster":
            return self._settings
        text = self.session.tx.mark(NOTE + name)
        return json.loads(text) if text else {}

    def memo(self, name: str, kinds: tuple[str, ...], build: Callable[[], Any], follow: Follow | None = None) -> Any:
        """What `build` gave, until an object of one of `kinds` changes; with `follow` it is told the change instead."""
        found = self._index.memos.get(name)
        if found is None:
            storages = frozenset(self._row(kind).storage for kind in kinds)
            found = self._index.memos[name] = Memo(storages, build(), follow)
        return found.value

    def kinds(self) -> table.Kinds:
        """Every kind served now."""
        return self._kinds

    def authority(self) -> str:
        """See `plan.View`: founded when first asked for, but in a hollow cluster."""
        from pkctl.api import authority

        if self._settings.get("hollow") and not self.session.tx.mark(authority.MARK):
            return ""
        return authority.certificate(self.session)

    def certify(self, request: Object) -> str:
        """See `plan.View`."""
        from pkctl.api import authority

        return authority.certify(self.session, request)

    def token(self, account: Object, seconds: int, audiences: Sequence[str] = (), bound: Object | None = None) -> str:
        """See `plan.View`."""
        from pkctl.api import tokens

        return tokens.issue(self.session, account, seconds, audiences, bound)

    def lasting_token(self, account: Object, secret: Object) -> str:
        """See `plan.View`."""
        from pkctl.api import tokens

        return tokens.lasting(self.session, account, secret)

    def _row(self, kind: str) -> table.Row:
        row = self._kinds.by_id(kind)
        if row is None:
            raise KeyError(f"no kind {kind!r} is served")
        return row

    def _load(self, kind: str) -> _Kind:
        row = self._row(kind)
        loaded = self._index.loaded.get(row.storage)
        if loaded is None:
            loaded = self._index.loaded[row.storage] = _Kind()
            for entry in self.session.tx.list(row.prefix):
                loaded.put(entry.key, self.session.decode(entry))
        return loaded


def catch_up(session: sessions.Session, index: Index, storages: frozenset[str]) -> Iterator[tuple[str, Object | None, Object | None]]:
    """Follow the log to now, giving (storage id, old, new) for each change of the watched and of the read kinds.


    Raises base.Compacted when the log no longer reaches back to the index; the caller starts over.
    """
    prefixes = sorted(f"{storage}/" for storage in storages | index.loaded.keys())
    until = session.tx.rev()
    if until == index.rev:
        return
    for change in session.tx.changes(index.rev, prefixes):
        storage = change.key.partition("/")[0]
        old = session.decode(base.Entry(change.key, change.before, change.rev - 1)) if change.before is not None else None
        new = session.decode(base.Entry(change.key, change.text, change.rev)) if change.text is not None else None
        index.take(storage, change, new)
        yield storage, old, new
    index.rev = until
