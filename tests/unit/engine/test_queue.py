"""Keys fall due once, at the earlier of two times, and back off alone."""

from __future__ import annotations

import pytest

from pkctl.engine import queue

ONE, TWO = ("deployments", "default", "one"), ("deployments", "default", "two")


@pytest.fixture
def keys() -> queue.Queue:
    return queue.Queue()


def test_a_key_added_twice_is_taken_once(keys: queue.Queue) -> None:
    keys.add(ONE)
    keys.add(ONE)
    assert (keys.take(0, 10), keys.take(0, 10)) == ([ONE], [])


def test_keys_are_taken_oldest_first(keys: queue.Queue) -> None:
    keys.add(TWO)
    keys.add(ONE)
    assert keys.take(0, 10) == [TWO, ONE]


def test_no_more_keys_are_taken_than_asked_for(keys: queue.Queue) -> None:
    keys.add(ONE)
    keys.add(TWO)
    assert (keys.take(0, 1), keys.is_due(0)) == ([ONE], True)


def test_a_later_key_is_not_due_before_its_time(keys: queue.Queue) -> None:
    keys.add_at(ONE, 10.0)
    assert (keys.is_due(9.9), keys.is_due(10.0)) == (False, True)


def test_the_earlier_of_two_times_wins(keys: queue.Queue) -> None:
    keys.add_at(ONE, 10.0)
    keys.add_at(ONE, 5.0)
    keys.add_at(ONE, 20.0)
    assert (keys.next_at(), keys.take(5.0, 10), keys.is_due(30.0)) == (5.0, [ONE], False)


def test_adding_a_waiting_key_makes_it_due_now(keys: queue.Queue) -> None:
    keys.add_at(ONE, 10.0)
    keys.add(ONE)
    assert (keys.take(0, 10), keys.next_at()) == ([ONE], None)


def test_each_failure_in_a_row_doubles_the_delay(keys: queue.Queue) -> None:
    delays = []
    for now in (0.0, 10.0, 20.0):
        delays.append(keys.failed(ONE, now))
        keys.take(now + 5, 10)
    assert delays == [0.5, 1.0, 2.0]


def test_a_delay_never_grows_beyond_five_minutes(keys: queue.Queue) -> None:
    assert max(keys.failed(ONE, 0.0) for _ in range(20)) == 300.0


def test_success_forgets_the_failures(keys: queue.Queue) -> None:
    keys.failed(ONE, 0.0)
    keys.succeeded(ONE)
    assert keys.failed(ONE, 0.0) == 0.5


def test_what_waits_survives_a_restart(keys: queue.Queue) -> None:
    keys.add_at(ONE, 10.0)
    other = queue.Queue()
    other.load(keys.waiting().items())
    assert other.take(10.0, 10) == [ONE]


def test_what_is_due_now_is_kept_over_a_restart(keys: queue.Queue) -> None:
    keys.add(ONE)
    other = queue.Queue()
    other.load(keys.waiting().items())
    assert other.take(0.0, 10) == [ONE]
