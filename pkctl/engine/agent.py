"""One node's pods: what the kubelet decides (controllers/pods) carried out on a runtime, in threads, and reported back.

An agent keeps the Pods bound to its node and what the runtime last showed; pods with an action under way wait for it.
Not here: transactions of its own (`node` drives it), decisions.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
from concurrent import futures

from pkctl import errors
from pkctl.controllers import pods
from pkctl.engine import works
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue
    from typing import Any

    from pkctl.controllers import plan as plans
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtimes

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
"""Seconds between two looks at what is still under way: what follows may be a pull, which is left."""

TURNS = 4
"""Actions under way at once on one node; more than its cores gains nothing."""

PODS = 100
"""Pods of one node that are seen to at once."""


class Agent:
    """The pods of one node, between a cluster's objects and a runtime."""

    def __init__(
        self, name: str, runtime: runtimes.Runtime, inbox: SimpleQueue[Report], *, inline: bool = False, bridging: bool = False
    ) -> None:
        self.name, self.runtime, self.bridging = name, runtime, bridging
        self._inbox, self._inline = inbox, inline
        self._pool = None if inline else futures.ThreadPoolExecutor(PODS, thread_name_prefix=f"{THREAD}{name}")
        self._turns = threading.Semaphore(TURNS)
        self._works: dict[str, works.Work] = {}
        self._tasks: dict[str, futures.Future[None]] = {}
        self.pods: dict[str, Object] = {}
        self.observed: dict[str, runtimes.PodState] = {}
        self.dirty: set[str] = set()
        self._is_over = False
        self.timers: dict[str, float] = {}
        self.outcomes: dict[str, list[works.Outcome]] = {}
        self._starts: dict[str, tuple[float, int]] = {}
        self._memories: dict[str, dict[str, Any]] = {}
        self.pulse = ""
        self.failure: errors.NodeError | None = None
        self._looking = self._has_looked = False
        self._unseen: set[str] = set()
        self._being_seen: set[str] = set()

    def take(self, pod: Object | None, uid: str) -> None:
        """Follow a change of a Pod bound to this node; None when it is gone."""
        if (work := self._works.get(uid)) and _is_vain(work, self.pods.get(uid), pod) and work.abandon():
            del self._works[uid]
            self._unseen.add(uid)
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
            self._submit(LOOK, self._observe)

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

    def ended(self, uid: str, work: works.Work) -> bool:
        """Take note that work is no longer under way; False when it had been abandoned."""
        if self._works.get(uid) is not work:
            return False
        del self._works[uid]
        return True

    def finished(self, uid: str, outcomes: list[works.Outcome]) -> None:
        """A pod's actions have been carried out, or one of them failed; the rest of them were left. Look before deciding on."""
        self.outcomes.setdefault(uid, []).extend(outcomes)
        self._unseen.add(uid)

    def conclude(self) -> list[str]:
        """After `rest`: the pods whose outcomes are still to be told of, by what a last look shows."""
        if not self.outcomes or self.failure is not None:
            return []
        self._being_seen, self._unseen = self._unseen, set()
        self.looked(self._observe())
        return [] if self.failure is not None else sorted(self.outcomes.keys() - self.busy)

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
    def busy(self) -> set[str]:
        """The pods with actions under way."""
        return set(self._works)

    @property
    def stopping(self) -> set[str]:
        """The pods whose processes have been told to stop."""
        return {uid for uid, work in self._works.items() if work.is_stop}

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
        return self._looking or bool(self._works or self._unseen)

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
        if self._is_over:
            self.dirty.add(uid)
            return
        since, count = self._starts.get(uid, (now, 0))
        if count >= MOST_STARTS and now - since < RESTLESS:
            self.timers[uid] = now + RESTLESS
            return
        self._starts[uid] = (now, 1) if now - since >= RESTLESS else (since, count + 1)
        work = self._works[uid] = works.Work(actions)
        self._submit(uid, lambda: self._carry_out(work))

    def rest(self, *, leaves_slow: bool = False) -> None:
        """Wait for what is under way, and begin nothing more; its reports are in the inbox then.

        `leaves_slow`: neither for pulls nor for processes that have been told to stop, whose threads end with this process.
        """
        self._is_over = True
        for work in self._works.values():
            work.end()
        if self._pool is not None:
            self._pool.shutdown(wait=not leaves_slow)
        while left := [task for uid, task in self._tasks.items() if not task.done() and not self._is_slow(uid)]:
            futures.wait(left, timeout=MOMENT)

    def _is_slow(self, uid: str) -> bool:
        return uid in self._works and self._works[uid].is_slow

    def close(self) -> None:
        """Let go of the runtime; containers run on."""
        self.runtime.close()

    def _submit(self, uid: str, work: Callable[[], Any]) -> None:
        if self._pool is None:
            self._inbox.put((self, uid, work()))
        else:
            self._tasks[uid] = self._pool.submit(lambda: self._inbox.put((self, uid, work())))

    def _observe(self) -> tuple[str, list[runtimes.PodState]] | errors.NodeError:
        try:
            pulse = self.runtime.pulse()
            return pulse, self.runtime.observe()
        except errors.NodeError as error:
            return error

    def _carry_out(self, work: works.Work) -> works.Work:
        """One after another up to the first failure; stops that follow each other at once, so that their graces run together."""
        for is_stop, group in itertools.groupby(work.actions, lambda action: action["do"] == "stop"):
            batch = list(group)
            if is_stop and len(batch) > 1 and work.begins(batch[0]):
                work.outcomes += self._together(batch)
            else:
                self._in_turn(work, batch)
            if work.outcomes and isinstance(work.outcomes[-1][1], errors.NodeError):
                break
        return work

    def _together(self, actions: list[runtimes.Action]) -> list[works.Outcome]:
        with futures.ThreadPoolExecutor(len(actions), thread_name_prefix=THREAD) as pool:
            return list(pool.map(self._one, actions))

    def _in_turn(self, work: works.Work, actions: list[runtimes.Action]) -> None:
        for action in actions:
            with contextlib.nullcontext() if action["do"] in works.WAITS else self._turns:
                if not work.begins(action):
                    return
                outcome = self._one(action)
            work.outcomes.append(outcome)
            if isinstance(outcome[1], errors.NodeError):
                return

    def _one(self, action: runtimes.Action) -> works.Outcome:
        try:
            return action, self.runtime.apply(action)
        except errors.NodeError as error:
            return action, error
        except Exception as error:  # noqa: BLE001 - a thread has no caller: a fault of ours must reach the pod's status, not vanish
            return action, errors.NodeError("RuntimeFault", f"{type(error).__name__}: {error}")


def _is_vain(work: works.Work, old: Object | None, new: Object | None) -> bool:
    """Whether a pod's change leaves no time for what is slow: a pull when it is to go, a stop when its grace is cut short."""
    if old is None or new is None:
        return True
    if work.is_stop:
        return pods.grace(new) < pods.grace(old)
    return meta.is_deleting(new)


def waiting(agents: list[Agent]) -> str:
    """When the agents' pods are due, as kept in a mark."""
    due = {agent.name: {**agent.timers, **dict.fromkeys(agent.undecided, 0.0)} for agent in agents}
    return json.dumps({name: timers for name, timers in due.items() if timers}, sort_keys=True)
