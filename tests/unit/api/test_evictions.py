"""Evictions as far as a disruption budget allows, and what bindings may name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api.options import Options
from tests import clusters

Object = dict[str, Any]
EVICT, STATUS, BIND = Options(subresource="eviction"), Options(subresource="status"), Options(subresource="binding")
VIOLATES = "Cannot evict pod as it would violate the pod's disruption budget."


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    """With a running pod `x`, on a node, and a budget `b` for it."""
    with clusters.cluster() as made:
        pods, budgets = made.row("pod"), made.row("pdb")
        spec = {"containers": [{"name": "c", "image": "i:1"}], "nodeName": "one"}
        pod = made.client.create(pods, "default", {"metadata": {"name": "x", "labels": {"a": "b"}}, "spec": spec}, Options())
        running = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
        made.client.update(pods, "default", "x", {**pod, "status": running}, STATUS)
        body = {"metadata": {"name": "b"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}}
        made.client.create(budgets, "default", body, Options())
        yield made


def _allow(cluster: clusters.Cluster, **status: Any) -> None:
    row = cluster.row("pdb")
    counts = {"currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1, "observedGeneration": 1}
    current = cluster.client.get(row, "default", "b")
    cluster.client.update(row, "default", "b", {**current, "status": {**counts, **status}}, STATUS)


def _evict(cluster: clusters.Cluster, **more: Any) -> Object:
    return cluster.client.create(cluster.row("pod"), "default", {"metadata": {"name": "x"}, **more}, EVICT)


def test_an_evicted_pod_says_why_it_goes(cluster: clusters.Cluster) -> None:
    _allow(cluster, disruptionsAllowed=2)
    assert _evict(cluster)["status"] == "Success"
    pod = cluster.client.get(cluster.row("pod"), "default", "x")
    found = [each for each in pod["status"]["conditions"] if each["type"] == "DisruptionTarget"]
    assert [(each["status"], each["reason"], each["message"]) for each in found] == [
        ("True", "EvictionByEvictionAPI", "Eviction API: evicting")
    ]
    assert pod["metadata"]["deletionTimestamp"]


def test_an_eviction_is_counted(cluster: clusters.Cluster) -> None:
    _allow(cluster, disruptionsAllowed=1)
    _evict(cluster)
    status = cluster.client.get(cluster.row("pdb"), "default", "b")["status"]
    assert (status["disruptionsAllowed"], list(status["disruptedPods"])) == (0, ["x"])
    assert [(each["status"], each["reason"]) for each in status["conditions"]] == [("False", "InsufficientPods")]


def test_a_pod_is_evicted_at_the_revision_asked_for(cluster: clusters.Cluster) -> None:
    _allow(cluster, disruptionsAllowed=1)
    revision = cluster.client.get(cluster.row("pod"), "default", "x")["metadata"]["resourceVersion"]
    assert _evict(cluster, deleteOptions={"preconditions": {"resourceVersion": revision}})["status"] == "Success"


def test_a_pod_of_another_revision_stays_as_it_is(cluster: clusters.Cluster) -> None:
    _allow(cluster, disruptionsAllowed=1)
    with pytest.raises(errors.Conflict):
        _evict(cluster, deleteOptions={"preconditions": {"resourceVersion": "1"}})
    pod = cluster.client.get(cluster.row("pod"), "default", "x")
    assert [each["type"] for each in pod["status"]["conditions"]] == ["Ready"]


def _condition(reason: str, message: str) -> Object:
    stamp = "2026-01-01T00:00:00Z"
    return {"type": "DisruptionAllowed", "status": "False", "reason": reason, "message": message, "lastTransitionTime": stamp}


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({}, "needs 1 healthy pods and has 1 currently"),
        (
            {"conditions": [_condition("SyncFailed", "jobs.batch does not implement the scale subresource")]},
            "does not allow evicting pods currently because it failed sync: jobs.batch does not implement the scale subresource",
        ),
        ({"currentHealthy": 2}, "does not allow evicting pods currently"),
        ({"currentHealthy": 2, "conditions": [_condition("Other", "no")]}, "does not allow evicting pods currently (Other): no"),
        ({"observedGeneration": 0}, "is still being processed by the server."),
    ],
)
def test_a_refusal_tells_why(cluster: clusters.Cluster, status: Object, why: str) -> None:
    _allow(cluster, disruptionsAllowed=0, **status)
    with pytest.raises(errors.TooManyRequests) as caught:
        _evict(cluster)
    assert str(caught.value) == VIOLATES
    assert [(each["reason"], each["message"]) for each in caught.value.details["causes"]] == [
        ("DisruptionBudget", f"The disruption budget b {why}")
    ]


def test_too_many_evictions_at_once_are_forbidden(cluster: clusters.Cluster) -> None:
    gone = {f"p{number}": "2026-01-01T00:00:00Z" for number in range(2001)}
    _allow(cluster, disruptionsAllowed=1, disruptedPods=gone)
    with pytest.raises(errors.Forbidden, match=r'^poddisruptionbudget.policy "b" is forbidden: DisruptedPods map too big - too many evic'):
        _evict(cluster)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ({"kind": "Node"}, "target.name: Required value"),
        ({"kind": "Pod", "name": "one"}, 'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"'),
        ({"kind": "Pod"}, '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]'),
    ],
)
def test_a_binding_names_a_node(cluster: clusters.Cluster, target: Object, text: str) -> None:
    with pytest.raises(errors.InternalError) as caught:
        cluster.client.create(cluster.row("pod"), "default", {"metadata": {"name": "x"}, "target": target}, BIND)
    assert str(caught.value) == text
