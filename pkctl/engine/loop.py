"""Runs controllers: wakes keys from the log's changes, reconciles them in write transactions, keeps what is due later.

Reading and writing share a transaction, so a controller never acts on a stale view. Not here: the pods of a node (`agent`).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from importlib import import_module

from pkctl import errors
from pkctl.controllers import table
from pkctl.engine import due, events, queue, view
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from pkctl.api import options
    from pkctl.api import session as sessions
    from pkctl.controllers import plan as plans
    from pkctl.engine.queue import Item
    from pkctl.kinds import table as table_of_kinds

    Seen = tuple[str, "Object | None", "Object | None"]
    from pkctl.objects.meta import Object


EVERY = "*"
"""In a controller's watches: every kind served, custom ones included."""

MOST_RUNS = 100
"""Times one key may be reconciled between two saves; a key that wants more is changing its mind, and waits."""

BATCH = 64
"""Keys reconciled in one transaction, so that other writers get their turn."""


class Loop:
    """The controllers of one cluster, run by whoever holds its lead."""

    def __init__(
        self,
        api: sessions.Api,
        controllers: Iterable[table.Controller],
        report: Callable[[str], None],
        *,
        also: frozenset[str] = frozenset(),
    ) -> None:
        """`also` are storage ids to follow for the caller."""
        self._api, self._report, self._also = api, report, also
        self._controllers = {row.name: row for row in controllers}
        self._watches: dict[str, list[tuple[table.Controller, Callable[..., Any]]]] = {}
        for row in self._controllers.values():
            for kind, wake in row.watches:
                self._watches.setdefault(kind if kind == EVERY else _storage(api, kind), []).append((row, wake))
        self.silent: dict[str, float] = {}
        self._followed: tuple[table_of_kinds.Kinds, frozenset[str]] | None = None
        self.restart()

    def storages(self, session: sessions.Session) -> frozenset[str]:
        """The storage ids whose changes are followed."""
        kinds = session.kinds()
        if self._followed is None or self._followed[0] is not kinds:
            every = (row.storage for row in kinds if "list" in row.verbs) if EVERY in self._watches else ()
            self._followed = kinds, frozenset((*self._also, *self._watches, *every)) - {EVERY}
        return self._followed[1]

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sessions.Session]:
        """A write transaction; when it fails, what was drawn from the log in it is drawn again."""
        try:
            with self._api.writing(durable=durable, quiet=True) as session:
                yield session
        except BaseException:
            self.restart()
            raise

    def step(self) -> list[Seen]:
        """Draw the next consequences, in one transaction; returns the changes seen, [] when nothing is due."""
        if self.is_idle():
            return []
        with self.transaction() as session:
            seen = self.follow(session)
            for item in self.queue.take(self._api.sources.now(), BATCH):
                self._reconcile(session, item)
                seen += self.follow(session)
            return seen

    def restart(self) -> None:
        """Go back to what is remembered: what a rolled back transaction drew never happened."""
        self.queue, self.index = queue.Queue(), view.Index(0)
        self._runs: dict[Item, int] = {}
        self._load()

    def is_idle(self) -> bool:
        """Whether `step` would find nothing to do."""
        return self._api.store.rev() == self.index.rev and not self.queue.is_due(self._api.sources.now())

    def save(self, tx: base.Transaction) -> None:
        """Remember how far the log is dealt with and what is due later."""
        self._runs.clear()
        tx.set_mark(due.CURSOR, str(self.index.rev))
        tx.set_mark(due.TIMERS, json.dumps([[*item, at] for item, at in sorted(self.queue.waiting().items())]))

    def apply(self, session: sessions.Session, plan: plans.Plan) -> None:
        """Carry a plan out within the session's transaction."""
        for write in plan.writes:
            _write(session, write)
        for event in plan.events:
            events.record(session, event)
        for name, note in plan.notes.items():
            session.tx.set_mark(view.NOTE + name, json.dumps(note, separators=(",", ":")) if note else None)

    def seen(self, session: sessions.Session) -> view.View:
        """What a controller may see within a session; `follow` first. The settings tell it which nodes are silent."""
        api = self._api
        return view.View(session, self.index, api.sources.now(), api.sources.suffix, {**api.settings(session), "silent": self.silent})

    def _reconcile(self, session: sessions.Session, item: Item) -> None:
        """One key; a failure undoes what it wrote and backs off that key alone."""
        controller = self._controllers.get(item[0])
        if controller is None:
            return
        now = self._api.sources.now()
        self._runs[item] = self._runs.get(item, 0) + 1
        if self._runs[item] % MOST_RUNS == 0:
            self._report(f"{item[0]} {'/'.join(filter(None, item[1:]))}: reconciled {self._runs[item]} times without coming to rest")
            self.queue.add_at(item, now + 1.0)
            return
        try:
            with session.attempt():
                plan = import_module(f"pkctl.controllers.{controller.module}").reconcile(self.seen(session), item[1:])
                self.apply(session, plan)
        except errors.StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one controller's fault must not stop the others
            delay = self.queue.failed(item, now)
            self._report(f"{item[0]} {'/'.join(filter(None, item[1:]))}: {type(error).__name__}: {error}; again in {delay:g} s")
            return
        self.queue.succeeded(item)
        if plan.again_after is not None:
            self.queue.add_at(item, now + max(plan.again_after, 0))

    def follow(self, session: sessions.Session) -> list[Seen]:
        """Catch up with the log within a transaction, and wake the keys that its changes concern."""
        try:
            seen = list(view.catch_up(session, self.index, self.storages(session)))
        except base.Compacted:
            self.index.forget()
            self.index.rev = session.tx.rev()
            return self._everything(session)
        current = self.seen(session)
        for storage, old, new in seen:
            self._wake(current, storage, old, new)
        return seen

    def _wake(self, current: view.View, storage: str, old: Object | None, new: Object | None) -> None:
        for controller, wake in (*self._watches.get(storage, ()), *self._watches.get(EVERY, ())):
            for obj in (old, new):
                for namespace, name in wake(current, obj) if obj is not None else ():
                    self.queue.add((controller.name, namespace, name))

    def _everything(self, session: sessions.Session) -> list[Seen]:
        """Where the log no longer reaches back, every object counts as new."""
        current = self.seen(session)
        seen: list[Seen] = []
        for storage in sorted(self.storages(session)):
            seen += [(storage, None, obj) for obj in current.list(storage)]
        for change in seen:
            self._wake(current, *change)
        return seen

    def _load(self) -> None:
        store = self._api.store
        self.index.rev = int(store.mark(due.CURSOR) or 0)
        self.queue.load(((name, namespace, key), at) for name, namespace, key, at in json.loads(store.mark(due.TIMERS) or "[]"))


def _storage(api: sessions.Api, kind: str) -> str:
    with api.reading() as session:
        row = session.kinds().by_id(kind)
    if row is None:
        raise KeyError(f"no kind {kind!r} is served")
    return row.storage


def _write(session: sessions.Session, write: plans.Write) -> None:
    """One write of a plan, through the API's own verbs."""
    from pkctl.api import options, resources
    from pkctl.objects import meta

    row = session.kinds().by_id(write.kind)
    if row is None:
        raise KeyError(f"no kind {write.kind!r} is served")
    namespace, name = meta.key(write.obj)
    more = dict(write.options)
    chosen = options.Options(field_manager=MANAGER, validation=options.TRUSTED, **more)
    if write.verb == "create":
        resources.create(session, row, namespace, write.obj, chosen)
    elif write.verb == "delete":
        resources.delete(session, row, namespace, name, chosen)
    elif write.verb == "status":
        _write_status(session, row, write.obj, chosen)
    else:
        resources.update(session, row, namespace, name, write.obj, chosen)


def _write_status(session: sessions.Session, row: table_of_kinds.Row, obj: Object, chosen: options.Options) -> None:
    """The status alone, over the object as it is: another write of the same plan may have changed the rest."""
    from pkctl.api import resources
    from pkctl.objects import meta

    namespace, name = meta.key(obj)
    current = session.read(row.id, namespace, name)
    if current is not None:
        chosen.subresource = "status"
        resources.update(session, row, namespace, name, {**current, "status": obj.get("status") or {}}, chosen)


MANAGER = "kube-controller-manager"
