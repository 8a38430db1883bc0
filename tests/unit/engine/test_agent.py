"""What a node's agent does at once, waits for when it is to end, and leaves to whoever leads next."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.engine import agent
from pkctl.objects import sources
from pkctl.runtime import sim

PULL, START = {"do": "pull", "image": "i:1"}, {"do": "start", "container": "c"}


POD = {"metadata": {"name": "p", "uid": "uid"}, "spec": {"terminationGracePeriodSeconds": 60}}


class Slow(sim.Sim):
    """A runtime whose actions last until they are let go; it remembers those that began."""

    def __init__(self) -> None:
        super().__init__("n1", sources.Frozen())
        self.began: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.gate = threading.Event()

    def apply(self, action: dict[str, Any]) -> dict[str, Any]:
        self.began.put(action["do"])
        self.gate.wait(60)
        return {}


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.gate.set()


def deleted(grace: int) -> dict[str, Any]:
    """The pod with so many seconds left."""
    return {**POD, "metadata": {**POD["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": grace}}


def begun(slow: Slow, actions: list[dict[str, Any]]) -> agent.Agent:
    """An agent whose first action has begun."""
    made = agent.Agent("n1", slow, queue.SimpleQueue())
    made.take(POD, "uid")
    made.start("uid", actions, 0.0)
    assert slow.began.get(timeout=60) == actions[0]["do"]
    return made


def test_a_pull_is_left(slow: Slow) -> None:
    made = begun(slow, [PULL, START])
    made.rest(leaves_slow=True)
    assert made.busy == {"uid"}


def test_nothing_is_begun_after_a_pull_that_was_left(slow: Slow) -> None:
    made = begun(slow, [PULL, START])
    made.rest(leaves_slow=True)
    slow.gate.set()
    made.rest()
    assert slow.began.empty()


def test_a_process_that_stops_is_left(slow: Slow) -> None:
    made = begun(slow, [{"do": "stop", "container": "c"}])
    made.rest(leaves_slow=True)
    assert made.busy == {"uid"}


@pytest.mark.parametrize(("actions", "leaves_slow"), [([START], True), ([PULL], False)], ids=["quick", "patient"])
def test_what_is_not_left_is_waited_for(slow: Slow, actions: list[dict[str, Any]], leaves_slow: bool) -> None:
    made = begun(slow, actions)
    threading.Timer(0.05, slow.gate.set).start()
    made.rest(leaves_slow=leaves_slow)
    assert slow.gate.is_set()


def test_pulls_hold_up_no_other_pod(slow: Slow) -> None:
    made = begun(slow, [PULL])
    for number in range(2 * agent.TURNS):
        made.start(f"puller-{number}", [PULL], 0.0)
    made.start("other", [START], 0.0)
    assert "start" in [slow.began.get(timeout=60) for _ in range(2 * agent.TURNS + 1)]


def test_only_so_many_containers_start_at_once(slow: Slow) -> None:
    made = agent.Agent("n1", slow, queue.SimpleQueue())
    for number in range(2 * agent.TURNS):
        made.start(f"starter-{number}", [START], 0.0)
    assert [slow.began.get(timeout=60) for _ in range(agent.TURNS)] == ["start"] * agent.TURNS
    with pytest.raises(queue.Empty):
        slow.began.get(timeout=0.1)


def test_a_deleted_pods_pull_is_abandoned(slow: Slow) -> None:
    made = begun(slow, [PULL, START])
    made.take(deleted(60), "uid")
    assert made.busy == set()


def test_what_came_of_an_abandoned_pull_is_not_heard(slow: Slow) -> None:
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    made = agent.Agent("n1", slow, inbox)
    made.take(POD, "uid")
    made.start("uid", [PULL, START], 0.0)
    assert slow.began.get(timeout=60) == "pull"
    made.take(deleted(60), "uid")
    slow.gate.set()
    _, uid, work = inbox.get(timeout=60)
    assert (made.ended(uid, work), slow.began.empty()) == (False, True)


@pytest.mark.parametrize(
    ("now", "is_waited_for"), [(deleted(60), True), (deleted(1), False), (None, False)], ids=["same", "less", "forced"]
)
def test_a_stop_is_waited_for_until_its_grace_is_cut_short(slow: Slow, now: dict[str, Any] | None, is_waited_for: bool) -> None:
    made = begun(slow, [{"do": "stop", "container": "c"}])
    made.take(now, "uid")
    assert ("uid" in made.busy) == is_waited_for


def test_a_deleted_pods_start_is_not_abandoned(slow: Slow) -> None:
    made = begun(slow, [START])
    made.take(deleted(60), "uid")
    assert made.busy == {"uid"}
