"""`neat`: what is left of an object makes the same object elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.api.options import Options
from pkctl.client import neat
from pkctl.kinds import table
from tests import clusters
from tests.contract import samples

Object = dict[str, Any]
STORED = [row for row in table.BUILTIN if {"create", "get"} <= set(row.verbs)]
LIFE = ("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation")
POD: Object = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "default", "labels": {"app": "web"}},
    "spec": {"containers": [{"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}]},
}


def through(cluster: clusters.Cluster, row: table.Row, obj: Object) -> Object:
    """The object as a cluster stores it."""
    namespace, name = obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
    cluster.client.create(row, namespace, obj, Options())
    return dict(cluster.client.get(row, namespace, name))


def same(obj: Object) -> Object:
    """The object without what belongs to its one life."""
    return {**obj, "metadata": {name: value for name, value in obj["metadata"].items() if name not in LIFE}}


@pytest.mark.parametrize("row", STORED, ids=lambda row: f"{row.id}-{row.version}")
def test_what_is_left_makes_the_same_object_in_a_fresh_cluster(row: table.Row) -> None:
    obj = samples.sample(row)
    if row.namespaced:
        obj["metadata"]["namespace"] = "default"
    with clusters.cluster() as one, clusters.cluster() as other:
        first = through(one, row, obj)
        assert same(through(other, row, neat.neat(row, first))) == same(first)


@pytest.mark.parametrize("row", STORED, ids=lambda row: f"{row.id}-{row.version}")
def test_neating_twice_is_neating_once(row: table.Row) -> None:
    with clusters.cluster() as one:
        obj = samples.sample(row)
        if row.namespaced:
            obj["metadata"]["namespace"] = "default"
        once = neat.neat(row, through(one, row, obj))
    assert neat.neat(row, once) == once


def test_a_pod_becomes_what_was_written() -> None:
    row = table.BUILTIN.by_id("pods")
    assert row is not None
    with clusters.cluster() as one:
        assert neat.neat(row, through(one, row, POD)) == POD


def test_a_choice_against_the_default_stays() -> None:
    row = table.BUILTIN.by_id("pods")
    assert row is not None
    chosen = {**POD, "spec": {"restartPolicy": "Never", "containers": [{"name": "w", "image": "w:1", "imagePullPolicy": "Always"}]}}
    with clusters.cluster() as one:
        assert neat.neat(row, through(one, row, chosen)) == chosen


def test_a_service_without_an_address_keeps_none() -> None:
    row = table.BUILTIN.by_id("services")
    assert row is not None
    obj = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"clusterIP": "None", "ports": [{"port": 80}], "selector": {"app": "web"}},
    }
    with clusters.cluster() as one:
        assert neat.neat(row, through(one, row, obj)) == obj
