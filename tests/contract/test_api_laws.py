"""Laws of lists, pages and watches, whatever writers do meanwhile: from random histories, and under threads that write."""

from __future__ import annotations

import pathlib
import random
import threading
from collections.abc import Iterable
from typing import Any

import hypothesis
from hypothesis import strategies

from pkctl import errors
from pkctl.api import opening, options, resources, session
from pkctl.kinds import table
from pkctl.objects import sources
from pkctl.store import sqlite
from tests import clusters

Object = dict[str, Any]
CONFIGMAP = table.BUILTIN.by_id("configmaps")
assert CONFIGMAP is not None
NAMES, COLOURS, CHOSEN = ("a", "b", "c", "d", "e", "f"), ("red", "blue"), options.Options()
STEPS = strategies.lists(
    strategies.tuples(strategies.sampled_from(NAMES), strategies.sampled_from((*COLOURS, "")), strategies.integers(0, 3)), max_size=25
)
SELECTORS = strategies.sampled_from(("", "colour=red", "colour!=red", "colour in (red,blue),number", "!number"))
LAW = hypothesis.settings(max_examples=60)


def step(api: session.Api, name: str, colour: str, number: int) -> None:
    """Create, replace or (without a colour) delete the object of a name."""
    labels = {"colour": colour, **({"number": str(number)} if number else {})}
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels}, "data": {"n": str(number)}}
    with api.writing(durable=False) as writing:
        is_there = writing.read("configmaps", "default", name) is not None
        if not colour and is_there:
            resources.delete(writing, CONFIGMAP, "default", name, CHOSEN)
        elif colour and is_there:
            resources.update(writing, CONFIGMAP, "default", name, obj, CHOSEN)
        elif colour:
            resources.create(writing, CONFIGMAP, "default", obj, CHOSEN)


def listed(api: session.Api, **query: Any) -> Object:
    with api.reading() as reading:
        return resources.list_(reading, CONFIGMAP, "default", options.Query(**query))


def by_name(objects: Iterable[Object]) -> dict[str, Object]:
    return {obj["metadata"]["name"]: obj for obj in objects}


def replayed(start: Object, events: Iterable[Object]) -> dict[str, Object]:
    """A list as the events leave it; every event must fit what was there."""
    now = by_name(start["items"])
    for event in events:
        if event["type"] == "BOOKMARK":
            continue
        obj = event["object"]
        name = obj["metadata"]["name"]
        assert event["type"] in ({"MODIFIED", "DELETED"} if name in now else {"ADDED"}), event
        now.pop(name, None) if event["type"] == "DELETED" else now.update({name: obj})
    return now


def paged(api: session.Api, size: int, between: Any = lambda: None, **query: Any) -> tuple[list[Object], set[str]]:
    """Every page of a list with something done between two pages: the objects, and the revisions that the pages told."""
    objects, revisions, token = [], set(), ""
    while True:
        page = listed(api, limit=size, continue_=token, **query)
        objects += page["items"]
        revisions.add(page["metadata"]["resourceVersion"])
        token = page["metadata"].get("continue", "")
        if not token:
            return objects, revisions
        between()


@hypothesis.given(STEPS, STEPS, SELECTORS)
@LAW
def test_a_list_and_what_happened_since_is_the_list_now(before: list[Any], after: list[Any], labels: str) -> None:
    with clusters.cluster(hollow=True) as cluster:
        for each in before:
            step(cluster.api, *each)
        start = listed(cluster.api, labels=labels)
        for each in after:
            step(cluster.api, *each)
        query = options.Query(labels=labels, revision=start["metadata"]["resourceVersion"])
        events = list(resources.watch(cluster.api, CONFIGMAP, "default", query, 0))
        assert replayed(start, events) == by_name(listed(cluster.api, labels=labels)["items"])


@hypothesis.given(STEPS, STEPS, SELECTORS, strategies.integers(1, 4))
@LAW
def test_pages_are_the_list_at_their_first_revision(before: list[Any], after: list[Any], labels: str, size: int) -> None:
    with clusters.cluster(hollow=True) as cluster:
        for each in before:
            step(cluster.api, *each)
        whole = listed(cluster.api, labels=labels)
        rest = iter(after)
        objects, revisions = paged(
            cluster.api, size, lambda: [step(cluster.api, *each) for each in [next(rest, None)] if each], labels=labels
        )
        assert objects == whole["items"]
        assert revisions == {whole["metadata"]["resourceVersion"]}


@hypothesis.given(STEPS, STEPS)
@LAW
def test_an_exact_revision_lists_the_past(before: list[Any], after: list[Any]) -> None:
    with clusters.cluster(hollow=True) as cluster:
        for each in before:
            step(cluster.api, *each)
        past = listed(cluster.api)
        for each in after:
            step(cluster.api, *each)
        again = listed(cluster.api, revision=past["metadata"]["resourceVersion"], match="Exact")
        assert again["items"] == past["items"]


class Writers:
    """Threads that write to one file, each through a store and an API of its own, while the block lasts."""

    def __init__(self, place: pathlib.Path, count: int = 3, steps: int = 60) -> None:
        self.threads = [threading.Thread(target=self._write, args=(str(place), seed, steps)) for seed in range(count)]
        self.failures: list[BaseException] = []

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()

    def are_busy(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def _write(self, place: str, seed: int, steps: int) -> None:
        dice, store = random.Random(seed), sqlite.open(place)
        try:
            api = opening.api(store, sources=sources.Frozen(seed=seed * 1000), hollow=True)
            for _ in range(steps):
                step(api, dice.choice(NAMES), dice.choice((*COLOURS, "")), dice.randrange(4))
        except errors.PkctlError as failure:
            self.failures.append(failure)
        finally:
            store.close()


def opened(place: pathlib.Path) -> session.Api:
    api = opening.api(sqlite.open(str(place)), sources=sources.Frozen(), hollow=True)
    step(api, "a", "red", 1)
    return api


def test_a_watch_under_writers_arrives_at_the_list(tmp_path: pathlib.Path) -> None:
    api = opened(tmp_path / "cluster.db")
    start, events = listed(api), []
    revision = start["metadata"]["resourceVersion"]
    with Writers(tmp_path / "cluster.db") as writers:
        while writers.are_busy():
            new = list(resources.watch(api, CONFIGMAP, "default", options.Query(revision=revision), 0.05))
            events += new
            revision = new[-1]["object"]["metadata"]["resourceVersion"] if new else revision
    events += resources.watch(api, CONFIGMAP, "default", options.Query(revision=revision), 0)
    now = by_name(listed(api)["items"])
    api.store.close()
    assert (writers.failures, replayed(start, events)) == ([], now)


def test_pages_under_writers_are_the_list_at_their_revision(tmp_path: pathlib.Path) -> None:
    api = opened(tmp_path / "cluster.db")
    with Writers(tmp_path / "cluster.db") as writers:
        rounds = [paged(api, 2)]
        while writers.are_busy():
            rounds.append(paged(api, 2))
    wholes = [listed(api, revision=min(revisions), match="Exact")["items"] for _, revisions in rounds]
    api.store.close()
    assert ([len(revisions) for _, revisions in rounds], writers.failures) == ([1] * len(rounds), [])
    assert [objects for objects, _ in rounds] == wholes
