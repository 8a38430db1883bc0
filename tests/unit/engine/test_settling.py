"""The engine over a real store and the simulated runtime: what is due gets done, once, and is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pkctl import machines
from pkctl.api import opening, options, resources, session
from pkctl.controllers import plan, table
from pkctl.engine import due, events, heartbeats, settling
from pkctl.objects import meta, sources
from pkctl.runtime import sim
from pkctl.store import sqlite

if TYPE_CHECKING:
    from pkctl.objects.meta import Object


class Cluster:
    """An API with one simulated node, and engines over it."""

    def __init__(self, api: session.Api) -> None:
        self.api, self.said = api, list[str]()
        self.machine = sim.Sim("n1", api.sources)

    def engine(self) -> settling.Engine:
        return settling.Engine(self.api, lambda _: self.machine, controllers=table.CONTROLLERS, inline=True, report=self.said.append)

    def create(self, id: str, obj: Object, namespace: str = "default") -> None:
        with self.api.writing() as writing:
            resources.create(writing, writing.row(id), namespace, obj, options.Options())

    def all(self, id: str) -> list[Object]:
        with self.api.reading() as reading:
            return reading.read_all(id)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    api = opening.api(sqlite.open(":memory:"), sources=sources.Frozen())
    made = Cluster(api)
    made.create("nodes", heartbeats.node("n1", {machines.RUNTIME: "sim"}, {}), "")
    yield made
    api.store.close()


def pod(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}


def settled(cluster: Cluster) -> settling.Engine:
    engine = cluster.engine()
    engine.run_until(lambda: all(meta.is_true(each, "Ready") for each in cluster.all("pods")), timeout=60)
    return engine


def test_a_pod_comes_to_run_on_the_node(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    settled(cluster)
    assert [(meta.at(each, "spec", "nodeName"), meta.at(each, "status", "phase")) for each in cluster.all("pods")] == [("n1", "Running")]


def test_no_fault_is_reported_on_the_way(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    settled(cluster)
    assert cluster.said == []


def test_a_node_says_that_it_is_ready(cluster: Cluster) -> None:
    settled(cluster)
    assert [meta.is_true(node, "Ready") for node in cluster.all("nodes")] == [True]


def test_a_node_renews_its_lease(cluster: Cluster) -> None:
    settled(cluster)
    assert [meta.name(lease) for lease in cluster.all("leases.coordination.k8s.io")] == ["n1"]


def test_nothing_is_due_after_settling(cluster: Cluster) -> None:
    settled(cluster)
    assert not due.is_due(cluster.api.store, cluster.api.sources.now())


def test_a_write_makes_something_due(cluster: Cluster) -> None:
    settled(cluster)
    cluster.create("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})
    assert due.is_due(cluster.api.store, cluster.api.sources.now())


def test_settling_what_is_settled_writes_no_object(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    settled(cluster)
    before = cluster.api.store.rev()
    cluster.engine().settle()
    assert cluster.api.store.rev() == before


def test_another_engine_goes_on_where_one_was_killed(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    killed = cluster.engine()
    killed.turn()
    settled(cluster)
    assert [meta.at(each, "status", "phase") for each in cluster.all("pods")] == ["Running"]


def test_a_deleted_pod_leaves_the_node(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    engine = settled(cluster)
    with cluster.api.writing() as writing:
        resources.delete(writing, writing.row("pods"), "default", "p", options.Options())
    engine.run_until(lambda: not cluster.all("pods"), timeout=120)
    assert (cluster.all("pods"), cluster.machine.observe()) == ([], [])


def test_a_failing_controller_backs_off_and_the_others_go_on(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_view: plan.View, _key: plan.Key) -> plan.Plan:
        raise RuntimeError("broken")

    monkeypatch.setattr("pkctl.controllers.endpoints.reconcile", fail)
    cluster.create("pods", pod("p"))
    engine = cluster.engine()
    engine.settle(timeout=0)
    for _ in range(20):
        engine.turn()
    assert any("RuntimeError: broken" in text for text in cluster.said)
    assert [meta.at(each, "status", "phase") for each in cluster.all("pods")] == ["Running"]


def test_the_same_event_raises_a_count(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    event = plan.Event(cluster.all("pods")[0], "Normal", "Said", "the same", "kubelet")
    with cluster.api.writing() as writing:
        events.record(writing, event)
        events.record(writing, event)
    assert [each["count"] for each in cluster.all("events") if each["reason"] == "Said"] == [2]


def test_an_event_is_dropped_after_an_hour(cluster: Cluster) -> None:
    cluster.create("pods", pod("p"))
    with cluster.api.writing() as writing:
        events.record(writing, plan.Event(pod("p"), "Normal", "Said", "once", "kubelet"))
    clock = cluster.api.sources
    assert isinstance(clock, sources.Frozen)
    clock.advance(3601)
    with cluster.api.writing() as writing:
        events.expire(writing)
    assert [each for each in cluster.all("events") if each["reason"] == "Said"] == []
