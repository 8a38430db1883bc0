"""One node's pods: what the kubelet decides (controllers/pods) carried out on a runtime, in threads, and reported back.

An agent keeps the Pods bound to its node and what the runtime last showed; pods with an action under way wait for it.
Not here: transactions of its own (`node` drives it), decisions.
"""

from __future__ import annotations

import itertools
import json
from concurrent import futures

from pkctl import errors
from pkctl.controllers import pods
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue
    from typing import Any

    from pkctl.controllers import plan as plans
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtimes

    Outcome = tuple[runtimes.Action, dict[str, Any] | errors.NodeError]
    Report = tuple["Agent", str, Any]

LOOK = ""
"""In place of a pod's uid: a report of what the runtime showed."""

MOST_STARTS, RESTLESS = 25, 10.0
"""Rounds of actions that one pod may have within so many seconds; faster asking would not help it."""

DISK = "disk/"
"""Before a volume's name, in place of a pod's uid: its directory is being removed."""

THREAD = "node-"
"""How the names of threads begin that a process need not wait for: whoever leads next finds out how far they came."""

MOMENT = 0.02
"""Seconds between two looks at what is still under way: what was being done may have become a pull."""

WORKERS = 4
"""Actions under way at once on one node; more than its cores gains nothing."""

STOPS = 100
"""Pods that are waited for at once while they stop, which takes time but no work."""


class Agent:
    """The pods of one node, between a cluster's objects and a runtime."""

    def __init__(
        self, name: str, runtime: runtimes.Runtime, inbox: SimpleQueue[Report], *, inline: bool = False, bridging: bool = False
    ) -> None:
        self.name, self.runtime, self.bridging = name, runtime, bridging
        self._inbox, self._inline = inbox, inline
        self._pool = None if inline else _pool(WORKERS, name)
        self._stops = None if inline else _pool(STOPS, name)
        self._tasks: dict[str, futures.Future[None]] = {}
        self.pods: dict[str, Object] = {}
        self.observed: dict[str, runtimes.PodState] = {}
        self.dirty: set[str] = set()
        self.busy: set[str] = set()
        self.stopping: set[str] = set()
        self.pulling: set[str] = set()
        self._is_over = False
        self.timers: dict[str, float] = {}
        self.outcomes: dict[str, list[Outcome]] = {}
        self._starts: dict[str, tuple[float, int]] = {}
        self._memories: dict[str, dict[str, Any]] = {}
        self.pulse = ""
        self.failure: errors.NodeError | None = None
        self._looking = self._has_looked = False
        self._unseen: set[str] = set()
        self._being_seen: set[str] = set()

    def take(self, pod: Object | None, uid: str) -> None:
        """Follow a change of a Pod bound to this node; None when it is gone."""
        if pod is None:
            self.pods.pop(uid, None)
            self._memories.pop(uid, None)
        else:
            self.pods[uid] = pod
        self.dirty.add(uid)

    def look(self) -> None:
        """Ask the runtime what there is; the answer comes by the inbox."""
        if not self._looking:
            self._looking = True
            self._being_seen, self._unseen = self._unseen, set()
            self._submit(LOOK, self._observe, self._pool)

    def has_pulse_changed(self) -> bool:
        """Whether a container may have changed since the last look; a runtime that can't say counts as unchanged."""
        try:
            return not self._looking and self.failure is None and self.runtime.pulse() != self.pulse
        except errors.NodeError:
            return False

    def looked(self, answer: tuple[str, list[runtimes.PodState]] | errors.NodeError) -> None:
        """Take in what the runtime showed; pods that look different are dirty."""
        self._looking = False
        self.dirty |= self._being_seen
        self._being_seen = set()
        if isinstance(answer, errors.NodeError):
            self.failure = answer
            return
        self.failure, self._has_looked = None, True
        self.pulse, states = answer
        observed = {state["uid"]: state for state in states}
        for uid in observed.keys() | self.observed.keys():
            if observed.get(uid) != self.observed.get(uid):
                self.dirty.add(uid)
        self.observed = observed

    def finished(self, uid: str, outcomes: list[Outcome]) -> None:
        """A pod's actions have been carried out, or one of them failed; the rest of them were left. Look before deciding on."""
        self.busy.discard(uid)
        self.stopping.discard(uid)
        self.outcomes.setdefault(uid, []).extend(outcomes)
        self._unseen.add(uid)

    def due(self, now: float) -> list[str]:
        """The uids to look after now: changed, or their time has come, and nothing under way. None before the first look."""
        if not self._has_looked:
            return []
        for uid in [uid for uid, at in self.timers.items() if at <= now]:
            del self.timers[uid]
            self.dirty.add(uid)
        return sorted(self.dirty - self.busy - self._unseen - self._being_seen)

    def next_at(self) -> float | None:
        """When the next pod wants to be looked after."""
        return min(self.timers.values(), default=None)

    @property
    def undecided(self) -> set[str]:
        """The pods that an engine which stops now leaves to be decided on; a node that does not answer, or a process, is waited for."""
        if not self._has_looked or self.failure is not None:
            return set()
        return (self.dirty | self._unseen | self._being_seen) - self.stopping

    @property
    def is_known(self) -> bool:
        """Whether the node has answered, or failed to, at least once."""
        return self._has_looked or self.failure is not None

    @property
    def wants_look(self) -> bool:
        """Whether what the runtime last showed is known to be out of date."""
        return bool(self._unseen) and not self._looking

    @property
    def is_working(self) -> bool:
        """Whether an answer is still to come by the inbox."""
        return self._looking or bool(self.busy or self._unseen)

    @property
    def only_stops(self) -> bool:
        """Whether all that is under way are processes that have been told to stop."""
        return not self._looking and not self._unseen and self.busy <= self.stopping

    def refresh(self, kind: str, source: Object) -> None:
        """An object that pods may be made of (a ConfigMap, a Secret) has changed: those pods are dirty."""
        changed = (kind, *meta.key(source))
        self.dirty.update(uid for uid, pod in self.pods.items() if changed in set(pods.sources(pod)))

    def decide(self, view: plans.View, uid: str) -> pods.PodPlan:
        """The kubelet's decision for one pod; its actions are to be started when the transaction is through."""
        self.dirty.discard(uid)
        plan = pods.sync(
            view,
            self.pods.get(uid),
            self.observed.get(uid),
            view.notes(f"pod/{uid}"),
            outcomes=self.outcomes.pop(uid, []),
            bridging=self.bridging,
            memory=self._memories.setdefault(uid, {}),
        )
        self.timers.pop(uid, None)
        if plan.again_after is not None:
            self.timers[uid] = view.now + plan.again_after
        return plan

    def start(self, uid: str, actions: list[runtimes.Action], now: float) -> None:
        """Carry out a pod's actions, one after another, in a thread; a pod that wants ever more of them has to wait between."""
        since, count = self._starts.get(uid, (now, 0))
        if count >= MOST_STARTS and now - since < RESTLESS:
            self.timers[uid] = now + RESTLESS
            return
        self._starts[uid] = (now, 1) if now - since >= RESTLESS else (since, count + 1)
        self.busy.add(uid)
        is_stop = any(action["do"] == "stop" for action in actions)
        if is_stop:
            self.stopping.add(uid)
        self._submit(uid, lambda: self._carry_out(uid, actions), self._stops if is_stop else self._pool)

    def rest(self, *, leaves_slow: bool = False) -> None:
        """Wait for what is under way, and begin nothing more; its reports are in the inbox then.

        `leaves_slow`: neither for pulls nor for processes that have been told to stop, whose threads end with this process.
        """
        self._is_over = True
        for pool in (self._pool, self._stops):
            if pool is not None:
                pool.shutdown(wait=not leaves_slow, cancel_futures=True)
        while left := [task for uid, task in self._tasks.items() if not task.done() and uid not in self.pulling | self.stopping]:
            futures.wait(left, timeout=MOMENT)

    def close(self) -> None:
        """Let go of the runtime; containers run on."""
        self.runtime.close()

    def _submit(self, uid: str, work: Callable[[], Any], pool: futures.Executor | None) -> None:
        if pool is None:
            self._inbox.put((self, uid, work()))
        else:
            self._tasks[uid] = pool.submit(lambda: self._inbox.put((self, uid, work())))

    def _observe(self) -> tuple[str, list[runtimes.PodState]] | errors.NodeError:
        try:
            pulse = self.runtime.pulse()
            return pulse, self.runtime.observe()
        except errors.NodeError as error:
            return error

    def _carry_out(self, uid: str, actions: list[runtimes.Action]) -> list[Outcome]:
        """One after another up to the first failure; stops that follow each other at once, so that their graces run together."""
        outcomes: list[Outcome] = []
        for is_stop, group in itertools.groupby(actions, lambda action: action["do"] == "stop"):
            batch = list(group)
            outcomes += self._together(batch) if is_stop and len(batch) > 1 else self._in_turn(uid, batch)
            if outcomes and isinstance(outcomes[-1][1], errors.NodeError):
                break
        return outcomes

    def _together(self, actions: list[runtimes.Action]) -> list[Outcome]:
        with futures.ThreadPoolExecutor(len(actions), thread_name_prefix=THREAD) as pool:
            return list(pool.map(self._one, actions))

    def _in_turn(self, uid: str, actions: list[runtimes.Action]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for action in actions:
            if self._is_over:
                break
            outcomes.append(self._pull(uid, action) if action["do"] == "pull" else self._one(action))
            if isinstance(outcomes[-1][1], errors.NodeError):
                break
        return outcomes

    def _pull(self, uid: str, action: runtimes.Action) -> Outcome:
        self.pulling.add(uid)
        try:
            return self._one(action)
        finally:
            self.pulling.discard(uid)

    def _one(self, action: runtimes.Action) -> Outcome:
        try:
            return action, self.runtime.apply(action)
        except errors.NodeError as error:
            return action, error
        except Exception as error:  # noqa: BLE001 - a thread has no caller: a fault of ours must reach the pod's status, not vanish
            return action, errors.NodeError("RuntimeFault", f"{type(error).__name__}: {error}")


def _pool(workers: int, name: str) -> futures.Executor:
    return futures.ThreadPoolExecutor(workers, thread_name_prefix=f"{THREAD}{name}")


def waiting(agents: list[Agent]) -> str:
    """When the agents' pods are due, as kept in a mark."""
    due = {agent.name: {**agent.timers, **dict.fromkeys(agent.undecided, 0.0)} for agent in agents}
    return json.dumps({name: timers for name, timers in due.items() if timers}, sort_keys=True)


def is_bound_to(pod: Object | None, node: str) -> bool:
    """Whether a Pod is the node's to run."""
    return pod is not None and meta.at(pod, "spec", "nodeName") == node
