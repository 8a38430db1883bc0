"""What a node's agent waits for when it is to end, and what it leaves to whoever leads next."""

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


def begun(slow: Slow, actions: list[dict[str, Any]]) -> agent.Agent:
    """An agent whose first action has begun."""
    made = agent.Agent("n1", slow, queue.SimpleQueue())
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
