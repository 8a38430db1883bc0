"""Field sets, managedFields, and server-side apply by its laws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from pkctl import errors
from pkctl.api import fieldsets, options
from pkctl.kinds import schema, table
from tests import clusters

Object = dict[str, Any]
Options = options.Options
CONFIGMAP = table.BUILTIN.by_id("configmaps")
assert CONFIGMAP is not None
CONTAINER = {"name": "c", "image": "i:1", "ports": [{"containerPort": 80}]}
DEPLOYMENT: Object = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "x", "labels": {"a": "b"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [CONTAINER]}},
    },
}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def _apply(cluster: clusters.Cluster, manager: str, data: Object, *, force: bool = False) -> Object:
    wish = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, **({"data": data} if data else {})}
    return cluster.client.patch(CONFIGMAP, "default", "x", "apply", wish, Options(field_manager=manager, force=force))


def test_a_created_deployment_is_its_creators_field_by_field(cluster: clusters.Cluster) -> None:
    created = cluster.client.create(cluster.row("deploy"), "default", DEPLOYMENT, Options(field_manager="me"))
    entry = created["metadata"]["managedFields"][0]
    fields = entry["fieldsV1"]
    assert (entry["manager"], entry["operation"], entry["apiVersion"]) == ("me", "Update", "apps/v1")
    assert fields["f:metadata"] == {"f:labels": {".": {}, "f:a": {}}}
    assert fields["f:spec"]["f:strategy"] == {"f:rollingUpdate": {".": {}, "f:maxSurge": {}, "f:maxUnavailable": {}}, "f:type": {}}
    ports = fields["f:spec"]["f:template"]["f:spec"]["f:containers"]['k:{"name":"c"}']["f:ports"]
    assert ports == {".": {}, 'k:{"containerPort":80,"protocol":"TCP"}': {".": {}, "f:containerPort": {}, "f:protocol": {}}}


def test_an_applier_owns_what_it_states(cluster: clusters.Cluster) -> None:
    row = cluster.row("deploy")
    applied = cluster.client.patch(row, "default", "x", "apply", DEPLOYMENT, Options(field_manager="me"))
    spec = applied["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"]
    assert set(spec) == {"f:replicas", "f:selector", "f:template"}
    assert spec["f:template"]["f:metadata"] == {"f:labels": {"f:a": {}}}


def test_a_conflict_names_manager_and_field(cluster: clusters.Cluster) -> None:
    cluster.client.create(CONFIGMAP, "default", {"metadata": {"name": "x"}, "data": {"a": "1"}}, Options(field_manager="kubectl-create"))
    with pytest.raises(errors.Conflict) as refusal:
        _apply(cluster, "me", {"a": "2"})
    assert str(refusal.value) == 'Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.a'
    cause = {"reason": "FieldManagerConflict", "message": 'conflict with "kubectl-create" using v1', "field": ".data.a"}
    assert refusal.value.details["causes"] == [cause]


def test_several_conflicts_are_told_by_manager(cluster: clusters.Cluster) -> None:
    _apply(cluster, "A", {"a": "1"})
    _apply(cluster, "B", {"b": "1"})
    with pytest.raises(errors.Conflict) as refusal:
        _apply(cluster, "C", {"a": "2", "b": "2"})
    assert str(refusal.value) == 'Apply failed with 2 conflicts: conflicts with "A":\n- .data.a\nconflicts with "B":\n- .data.b'


def test_force_takes_the_field_over(cluster: clusters.Cluster) -> None:
    _apply(cluster, "A", {"a": "1"})
    taken = _apply(cluster, "B", {"a": "2"}, force=True)
    assert [entry["manager"] for entry in taken["metadata"]["managedFields"]] == ["B"]


def test_what_two_state_stays_until_both_let_go(cluster: clusters.Cluster) -> None:
    _apply(cluster, "A", {"a": "1", "b": "1"})
    _apply(cluster, "B", {"a": "1"})
    assert _apply(cluster, "A", {"b": "1"})["data"] == {"a": "1", "b": "1"}
    assert "a" not in _apply(cluster, "B", {}).get("data", {})


def test_an_item_of_a_keyed_list_goes_with_its_owner(cluster: clusters.Cluster) -> None:
    from copy import deepcopy

    row, two = cluster.row("deploy"), deepcopy(DEPLOYMENT)
    two["spec"]["template"]["spec"]["containers"].append({"name": "d", "image": "j:1"})
    cluster.client.patch(row, "default", "x", "apply", two, Options(field_manager="me"))
    one = cluster.client.patch(row, "default", "x", "apply", DEPLOYMENT, Options(field_manager="me"))
    assert [each["name"] for each in one["spec"]["template"]["spec"]["containers"]] == ["c"]


def test_an_undeclared_field_is_refused(cluster: clusters.Cluster) -> None:
    wish = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "dota": {}}
    with pytest.raises(errors.StatusError) as refusal:
        cluster.client.patch(CONFIGMAP, "default", "x", "apply", wish, Options(field_manager="me"))
    assert str(refusal.value) == (
        "failed to create typed patch object (default/x; /v1, Kind=ConfigMap): .dota: field not declared in schema"
    )


def test_kubectl_takes_over_from_its_own_client_side_apply(cluster: clusters.Cluster) -> None:
    said = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"1"}}'
    notes = {"kubectl.kubernetes.io/last-applied-configuration": said}
    obj = {"metadata": {"name": "x", "annotations": notes}, "data": {"a": "1"}}
    cluster.client.create(CONFIGMAP, "default", obj, Options(field_manager="kubectl-client-side-apply"))
    applied = _apply(cluster, "kubectl", {"a": "2"})
    assert applied["data"] == {"a": "2"}


def test_cleared_managed_fields_stay_clear(cluster: clusters.Cluster) -> None:
    created = cluster.client.create(CONFIGMAP, "default", {"metadata": {"name": "x"}, "data": {"a": "1"}}, Options())
    bare = {**created, "metadata": {**created["metadata"], "managedFields": [{}]}}
    cluster.client.update(CONFIGMAP, "default", "x", bare, Options())
    patched = cluster.client.patch(CONFIGMAP, "default", "x", "merge", {"data": {"a": "2"}}, Options())
    assert "managedFields" not in patched["metadata"]


DATA = strategies.dictionaries(strategies.sampled_from("abcdef"), strategies.sampled_from("123"), max_size=5)


@hypothesis.settings(max_examples=40)
@hypothesis.given(DATA)
def test_applying_twice_is_applying_once(data: Object) -> None:
    with clusters.cluster() as cluster:
        assert _apply(cluster, "A", data) == _apply(cluster, "A", data)


@hypothesis.settings(max_examples=40)
@hypothesis.given(DATA, DATA)
def test_disjoint_managers_commute(one: Object, other: Object) -> None:
    mine, theirs = {f"m{key}": value for key, value in one.items()}, {f"t{key}": value for key, value in other.items()}
    results = []
    for order in ((("A", mine), ("B", theirs)), (("B", theirs), ("A", mine))):
        with clusters.cluster() as cluster:
            for manager, data in order:
                obj = _apply(cluster, manager, data)
            results.append(obj.get("data"))
    assert results[0] == results[1]


@hypothesis.settings(max_examples=40)
@hypothesis.given(DATA, DATA)
def test_letting_go_gives_back_what_was(one: Object, other: Object) -> None:
    more = {f"t{key}": value for key, value in other.items()}
    with clusters.cluster() as cluster:
        before = _apply(cluster, "A", one).get("data")
        _apply(cluster, "B", more)
        assert _apply(cluster, "B", {}).get("data") == before


VALUES = strategies.recursive(
    strategies.sampled_from(["x", 1]),
    lambda inner: strategies.dictionaries(strategies.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
SETS = VALUES.map(lambda value: fieldsets.whole({"r": value}, None))


@hypothesis.given(SETS, SETS)
def test_the_algebra_of_sets_holds(one: Object, other: Object) -> None:
    members = lambda found: set(fieldsets.paths(found)) if found is not None else set()  # noqa: E731
    assert members(fieldsets.union(one, other)) == members(one) | members(other)
    assert members(fieldsets.subtract(one, other)) == members(one) - members(other)
    assert members(fieldsets.intersect(one, other)) == members(one) & members(other)


def test_a_set_is_shown_by_paths() -> None:
    row = table.BUILTIN.by_id("deployments.apps")
    assert row is not None
    found = fieldsets.applied({"spec": {"template": {"spec": {"containers": [CONTAINER]}}}}, schema.shape(row))
    assert '.spec.template.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"].containerPort' in set(fieldsets.paths(found))
