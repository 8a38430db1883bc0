"""The engine: controllers and the pods of every node, driven until nothing is left to do, or for as long as it is told to run.

Whoever holds the lead runs it, for one command or as a daemon; both are this one code path. Effects on a runtime happen in the
agents' threads, outside any transaction; everything else here happens in one thread.
"""

from __future__ import annotations

import json
from queue import Empty, SimpleQueue

from pkctl import errors
from pkctl.api import options, resources
from pkctl.controllers import table
from pkctl.engine import agent, due, events, heartbeats, loop, view
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.api import session as sessions
    from pkctl.engine import works
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime
    from pkctl.store import base

    RuntimeOf = Callable[[Object], runtime.Runtime | None]

PODS, NODES, SOURCES = "pods", "nodes", ("configmaps", "secrets", "persistentvolumeclaims")

SYNC_BATCH = 32
"""Pods decided on in one transaction."""

PULSE = 0.5
"""Seconds between two glances at a node while the engine runs."""

RETRY = 10.0
"""Seconds after which a pod whose plan failed is looked after again."""

UNREACHABLE = "NodeUnreachable"

FIRST_WORDS = 3
"""Seconds to wait for a new node's first words before everything else."""

LOOK_AFTER = 10.0
"""Seconds after which a node is looked at again although nothing called for it."""

HOUSEKEEPING, HOUSEKEEPING_MARK = 3600.0, "engine/swept"
KEEP_REVISIONS = 100_000
"""How much of the log's past stays readable."""


class Engine:
    """One cluster's controllers and nodes. `runtime_of` gives a Node's runtime, or None for a node that is not ours to run."""

    def __init__(
        self,
        api: sessions.Api,
        runtime_of: RuntimeOf,
        *,
        controllers: tuple[table.Controller, ...] = table.CONTROLLERS,
        report: Callable[[str], None] = lambda _: None,
        inline: bool = False,
        bridging: bool = False,
    ) -> None:
        self._api, self._runtime_of, self._report = api, runtime_of, report
        self._inline, self._bridging = inline, bridging
        self._inbox: SimpleQueue[Any] = SimpleQueue()
        self.loop = loop.Loop(api, controllers, report, also=frozenset((PODS, NODES, *SOURCES)))
        self.agents: dict[str, agent.Agent] = {}
        self._facts: dict[str, Any] = {}
        self._looked: dict[str, float] = {}
        self._is_done = False
        self.loop.silent.update(json.loads(api.store.mark(due.SILENT) or "{}"))
        self._meet_nodes()

    def settle(self, *, timeout: float | None = None, patience: float | None = None, progress: Callable[[str], None] | None = None) -> bool:
        """Do all that is due now, and wait for what it sets going; False when `timeout` seconds were not enough.

        False also when for `patience` seconds there was nothing but processes to wait for that have been told to stop.
        """
        sources = self._api.sources
        end = None if timeout is None else sources.monotonic() + timeout
        calm = sources.monotonic()
        self._look(lambda _: True)
        self._meet_newcomers()
        while True:
            worked = self.turn()
            if progress and worked and self._is_working():
                progress(self._doing())
            if worked or not self._is_calm():
                calm = sources.monotonic()
            if worked:
                continue
            if not self._is_working():
                break
            now = sources.monotonic()
            if (end is not None and now >= end) or (patience is not None and now - calm >= patience):
                self._save()
                return False
            ends = [at for at in (end, None if patience is None else calm + patience) if at is not None]
            self._receive(max(0.0, min([1.0, *(at - now for at in ends)])))
        self._save()
        return True

    def finish(self, should_stop: Callable[[], bool]) -> None:
        """Do what is due, and what others bring about meanwhile, until nothing is left to do, or told to stop."""
        self._look(lambda _: True)
        self.run(lambda: self._is_done or should_stop())

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Do what is due as it falls due, until told to stop."""
        from threading import Thread

        def watch() -> None:
            try:
                rev = self._api.store.rev()
                while not should_stop():
                    now_rev = self._api.store.wait(rev, 1.0)
                    if now_rev != rev:
                        rev = now_rev
                        self._inbox.put(None)
            except errors.StoreError as error:
                # Whoever told us to stop may close the store before we notice; else it is raised where the engine runs, deaf from now on.
                if not should_stop():
                    self._inbox.put(error)

        Thread(target=watch, daemon=True, name="log-watch").start()
        while not should_stop():
            self._look_when_called_for()
            if self.turn():
                continue
            if self._is_calm():
                self._save()
            self._is_done = not self._is_working()
            self._receive(self._patience())

    def wake(self) -> None:
        """From any thread: let `run` look up now, as when it is to stop."""
        self._inbox.put(None)

    def run_until(self, is_done: Callable[[], bool], *, timeout: float) -> bool:
        """For simulations: settle, and let the injected clock jump to what is due next, until `is_done` or `timeout` on that clock."""
        sources = self._api.sources
        end = sources.now() + timeout
        while True:
            self.settle()
            if is_done():
                return True
            upcoming = self.next_at()
            if upcoming is None or upcoming > end:
                return False
            sources.sleep(max(upcoming - sources.now(), 0.001))

    def turn(self) -> bool:
        """One transaction's worth of everything that is ready; whether there was anything."""
        self._receive(0.0)
        now = self._api.sources.now()
        seen = self.loop.step()
        self._follow(seen)
        worked = bool(seen)
        for each in self.agents.values():
            if each.wants_look:
                each.look()
                worked = worked or self._inline
            ready = each.due(now)
            for start in range(0, len(ready), SYNC_BATCH):
                self._sync(each, ready[start : start + SYNC_BATCH])
            worked = worked or bool(ready)
            if not worked and each.is_known and each.failure is None:
                worked = self._tidy(each)
        return worked or not self.loop.is_idle()

    def next_at(self) -> float | None:
        """When the next key or pod falls due."""
        times = [self.loop.queue.next_at(), *(each.next_at() for each in self.agents.values())]
        return min((at for at in times if at is not None), default=None)

    def close(self, *, leaves_slow: bool = False) -> bool:
        """Wait for what is under way and hear how it went, remember what is due, let go of every runtime.

        `leaves_slow`: neither pulls nor processes that have been told to stop are waited for. False when something was left, or not
        begun, for whoever leads next.
        """
        for each in self.agents.values():
            each.rest(leaves_slow=leaves_slow)
        self._receive(0.0)
        self._follow(self.loop.step())
        for each in self.agents.values():
            if told := each.conclude():
                self._sync(each, told)
        is_done = not any(each.busy or each.undecided for each in self.agents.values())
        for each in self.agents.values():
            each.close()
        self._save()
        return is_done

    def _meet_nodes(self) -> None:
        """Take up the nodes there are, and the pods bound to them."""
        with self._api.reading() as session:
            seen = self.loop.seen(session)
            nodes, bound = seen.list(NODES), seen.list(PODS)
        for node in nodes:
            self._meet(node)
        for pod in bound:
            self._hand_over(None, pod)

    def _meet(self, node: Object) -> None:
        name = meta.name(node)
        if name in self.agents:
            return
        runtime = self._runtime_of(node)
        if runtime is None:
            self._hear(name, silent=True)
            return
        new = self.agents[name] = agent.Agent(name, runtime, self._inbox, inline=self._inline, bridging=self._bridging)
        new.timers.update(json.loads(self._api.store.mark(due.AGENTS) or "{}").get(name, {}))

    def _meet_newcomers(self) -> None:
        """Hear from the nodes that have never said anything: until then no pod could be placed on them."""
        with self._api.reading() as session:
            unheard = [
                each for name, each in self.agents.items() if not meta.at(session.read(NODES, "", name) or {}, "status", "conditions")
            ]
        for _ in range(FIRST_WORDS):
            if all(each.is_known for each in unheard):
                return
            self._receive(1.0)

    def _hear(self, name: str, *, silent: bool) -> None:
        """Keep since when a node has not answered; its controller draws the consequences."""
        if silent == (name in self.loop.silent):
            return
        if silent:
            self.loop.silent[name] = self._api.sources.now()
        else:
            del self.loop.silent[name]
        self.loop.queue.add((NODES, "", name))

    def _part(self, name: str) -> None:
        self.loop.silent.pop(name, None)
        if gone := self.agents.pop(name, None):
            gone.rest()
            gone.close()

    def _follow(self, seen: list[loop.Seen]) -> None:
        """Hand the agents what the log says of nodes, pods and what pods are made of."""
        for storage, old, new in seen:
            if storage == NODES:
                self._meet(new) if new else self._part(meta.name(old or {}))
            elif storage == PODS:
                self._hand_over(old, new)
            elif storage in SOURCES:
                self._refresh(storage, new or old or {})

    def _hand_over(self, old: Object | None, new: Object | None) -> None:
        pod = new or old or {}
        if each := self.agents.get(meta.at(pod, "spec", "nodeName", default="")):
            each.take(new, meta.uid(pod))

    def _refresh(self, kind: str, source: Object) -> None:
        for each in self.agents.values():
            each.refresh(kind, source)

    def _look(self, wanted: Callable[[agent.Agent], bool]) -> None:
        now = self._api.sources.now()
        for each in self.agents.values():
            if wanted(each):
                self._looked[each.name] = now
                each.look()

    def _look_when_called_for(self) -> None:
        """Nodes whose pulse has changed, and those not looked at for a while."""
        now = self._api.sources.now()
        self._look(lambda each: now - self._looked.get(each.name, 0.0) >= LOOK_AFTER or each.has_pulse_changed())

    def _receive(self, patience: float) -> None:
        """Take what the agents' threads report; waits up to `patience` seconds for the first."""
        try:
            report = self._inbox.get(timeout=patience) if patience > 0 and not self._inline else self._inbox.get_nowait()
            while True:
                self._take(report)
                report = self._inbox.get_nowait()
        except Empty:
            return

    def _take(self, report: agent.Report | errors.StoreError | None) -> None:
        if report is None:
            return
        if isinstance(report, errors.StoreError):
            raise report
        each, uid, answer = report
        if uid != agent.LOOK:
            if each.ended(uid, answer):
                (self._tidied(each, answer.outcomes) if uid.startswith(agent.DISK) else each.finished(uid, answer.outcomes))
            return
        each.looked(answer)
        if each.name in self.agents:
            self._hear(each.name, silent=each.failure is not None and each.failure.kind == UNREACHABLE)
            self._beat(each)

    def _beat(self, each: agent.Agent) -> None:
        """Say for a node, which has just been looked at, how it is."""
        with self._api.reading() as session:
            node, lease = self._node_and_lease(session, each.name)
        now = self._api.sources.now()
        if node is None or (each.failure and each.failure.kind == UNREACHABLE):
            return
        problem = each.failure.message if each.failure else ""
        facts = {} if problem else self._facts_of(each, node)
        status = heartbeats.status(node, facts, problem, now)
        if not heartbeats.is_stale(lease, now) and not heartbeats.has_changed(node, status):
            return
        with self._api.writing(durable=False) as session:
            node, lease = self._node_and_lease(session, each.name)
            if node is not None:
                _write_beat(session, node, lease, heartbeats.status(node, facts, problem, now), now)

    def _facts_of(self, each: agent.Agent, node: Object) -> dict[str, Any]:
        """What the node is: asked once an engine, and only when the Node object does not say it already."""
        if each.name not in self._facts:
            known = {key: node["status"][key] for key in ("capacity", "nodeInfo") if key in (node.get("status") or {})}
            self._facts[each.name] = known if self._bridging and len(known) == 2 else each.runtime.facts()
        facts: dict[str, Any] = self._facts[each.name]
        return facts

    def _node_and_lease(self, session: sessions.Session, name: str) -> tuple[Object | None, Object | None]:
        def read(kind: str, namespace: str) -> Object | None:
            row = session.kinds().by_id(kind)
            entry = session.tx.get(row.key(namespace, name)) if row else None
            return session.decode(entry) if entry else None

        return read(NODES, ""), read("leases.coordination.k8s.io", heartbeats.NAMESPACE)

    def _sync(self, each: agent.Agent, uids: list[str]) -> None:
        """Decide on some pods of a node in one transaction, then start what was decided."""
        with self.loop.transaction(durable=False) as session:
            self._follow(self.loop.follow(session))
            decided = [(uid, self._decide(session, each, uid)) for uid in uids]
            started = [(uid, actions) for uid, actions in decided if actions]
        for uid, actions in started:
            each.start(uid, actions, self._api.sources.now())

    def _decide(self, session: sessions.Session, each: agent.Agent, uid: str) -> list[runtime.Action]:
        """One pod's plan applied; a fault in it leaves the others alone and is tried again later."""
        try:
            with session.attempt():
                decided = each.decide(self.loop.seen(session), uid)
                self.loop.apply(session, decided)
        except errors.StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one pod's fault must not stop the others
            each.timers[uid] = self._api.sources.now() + RETRY
            self._report(f"pod {uid} on node {each.name}: {type(error).__name__}: {error}; again in {RETRY:g} s")
            return []
        return decided.actions

    def _tidy(self, each: agent.Agent) -> bool:
        """Remove the directories of volumes that are gone; whether there are any."""
        found = False
        for name in json.loads(self._api.store.mark(f"{view.NOTE}disks/{each.name}") or "{}"):
            if f"{agent.DISK}{name}" not in each.busy:
                each.start(f"{agent.DISK}{name}", [{"do": "remove-disk", "name": name}], self._api.sources.now())
                found = True
        return found

    def _tidied(self, each: agent.Agent, outcomes: list[works.Outcome]) -> None:
        for action, answer in outcomes:
            if isinstance(answer, errors.NodeError):
                self._report(f"node {each.name}: the directory of volume {action['name']} is left: {answer.message}")
        mark = f"{view.NOTE}disks/{each.name}"
        with self._api.store.write(durable=False) as tx:
            left = json.loads(tx.mark(mark) or "{}")
            for action, _ in outcomes:
                left.pop(action["name"], None)
            tx.set_mark(mark, json.dumps(left) if left else None)

    def _is_working(self) -> bool:
        return any(each.is_working for each in self.agents.values())

    def _is_calm(self) -> bool:
        """Whether there is nothing to wait for but processes that have been told to stop."""
        return all(each.only_stops for each in self.agents.values())

    def _doing(self) -> str:
        busy = sum(len(each.busy) for each in self.agents.values())
        return f"{busy} pod{'' if busy == 1 else 's'} under way"

    def _patience(self) -> float:
        """Seconds until something falls due, or a node's pulse is to be felt again."""
        upcoming = self.next_at()
        return PULSE if upcoming is None else min(max(upcoming - self._api.sources.now(), 0.001), PULSE)

    def _save(self) -> None:
        """Remember everything that a later engine must know; costs one small transaction."""
        store, upcoming = self._api.store, self.next_at()
        if self.loop.queue.is_due(self._api.sources.now()) or any(each.undecided for each in self.agents.values()):
            upcoming = 0.0
        marks = {
            due.SILENT: json.dumps(self.loop.silent, sort_keys=True),
            due.AGENTS: agent.waiting(list(self.agents.values())),
            due.DUE: None if upcoming is None else repr(upcoming),
        }
        for each in self.agents.values():
            if each.failure is None and each.pulse:
                marks[due.PULSE + each.name] = each.pulse
            marks[due.LOOKED + each.name] = repr(self._looked.get(each.name, 0.0))
        with store.write(durable=False) as tx:
            self.loop.save(tx)
            for name, text in marks.items():
                tx.set_mark(name, text)
        self._sweep(store)

    def _sweep(self, store: base.Store) -> None:
        """Once an hour: expired events go, and history beyond its bound."""
        now = self._api.sources.now()
        if now - float(store.mark(HOUSEKEEPING_MARK) or 0) < HOUSEKEEPING:
            return
        with self._api.writing(durable=False) as session:
            events.expire(session)
            session.tx.set_mark(HOUSEKEEPING_MARK, repr(now))
        if (oldest := store.rev() - KEEP_REVISIONS) > 0:
            store.compact(oldest)


def _write_beat(session: sessions.Session, node: Object, lease: Object | None, status: Object, now: float) -> None:
    nodes, leases = session.kinds().by_id(NODES), session.kinds().by_id("leases.coordination.k8s.io")
    assert nodes is not None
    assert leases is not None
    chosen = options.Options(field_manager="kubelet", validation=options.TRUSTED, subresource="status")
    if heartbeats.has_changed(node, status):
        resources.update(session, nodes, "", meta.name(node), {**meta.clone(node), "status": status}, chosen)
    if heartbeats.is_stale(lease, now):
        renewed, plain = heartbeats.lease(node, lease, now), options.Options(field_manager="kubelet", validation=options.TRUSTED)
        if lease is None:
            resources.create(session, leases, heartbeats.NAMESPACE, renewed, plain)
        else:
            resources.update(session, leases, heartbeats.NAMESPACE, meta.name(node), renewed, plain)
