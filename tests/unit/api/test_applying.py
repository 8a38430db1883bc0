"""Server-side apply at its edges: what can't be read, nulls and empties, entries and their times, Scales, and kubectl's own annotation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import fieldsets, merging, options
from pkctl.kinds import schema
from tests import clusters

Object = dict[str, Any]
Options = options.Options
CONTAINER = {"name": "c", "image": "i:1"}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def deployment(*containers: Object, **spec: Any) -> Object:
    pod = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": list(containers)}}
    whole = {"selector": {"matchLabels": {"a": "b"}}, "template": pod, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": whole}


def apply(cluster: clusters.Cluster, word: str, wish: Object, manager: str = "me", **chosen: Any) -> Object:
    return cluster.client.patch(
        cluster.row(word), "default", wish["metadata"]["name"], "apply", wish, Options(field_manager=manager, **chosen)
    )


def config(data: Any, **metadata: Any) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", **metadata}, "data": data}


def entry(obj: Object, manager: str) -> Object:
    return next(each for each in obj["metadata"]["managedFields"] if each["manager"] == manager)


UNKEYED = (
    '.spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] '
    "(and doesn't have default values for any key fields)"
)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        (deployment(CONTAINER, replicas="3"), ".spec.replicas: expected numeric (int or float), got string"),
        (deployment(CONTAINER, paused=1), ".spec.paused: expected boolean, got &{1}"),
        (deployment({"image": "i"}), UNKEYED),
        (deployment(CONTAINER, CONTAINER), '.spec.template.spec.containers: duplicate entries for key [name="c"]'),
        (deployment({**CONTAINER, "bogus": 1}), '.spec.template.spec.containers[name="c"].bogus: field not declared in schema'),
        (deployment({**CONTAINER, "env": {}}), '.spec.template.spec.containers[name="c"].env: expected list, got &{map[]}'),
        (
            deployment({**CONTAINER, "env": [{"name": "A", "value": 8080}]}),
            '.spec.template.spec.containers[name="c"].env[name="A"].value: expected string, got &value.valueUnstructured{Value:8080}',
        ),
    ],
)
def test_a_wish_that_does_not_fit_the_schema_says_where(cluster: clusters.Cluster, wish: Object, text: str) -> None:
    with pytest.raises(errors.StatusError) as refusal:
        apply(cluster, "deploy", wish)
    assert str(refusal.value) == f"failed to create typed patch object (default/x; apps/v1, Kind=Deployment): {text}"


def test_an_empty_struct_that_is_stated_is_owned(cluster: clusters.Cluster) -> None:
    obj = apply(cluster, "deploy", deployment({**CONTAINER, "resources": {}}))
    containers = entry(obj, "me")["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"]
    assert containers['k:{"name":"c"}']["f:resources"] == {}


def test_an_empty_list_of_parts_states_nothing(cluster: clusters.Cluster) -> None:
    obj = apply(cluster, "cm", config({"a": "1"}, finalizers=[]))
    assert entry(obj, "me")["fieldsV1"] == {"f:data": {"f:a": {}}}


def test_null_takes_a_field_from_its_owner_only_by_force(cluster: clusters.Cluster) -> None:
    cluster.client.create(cluster.row("deploy"), "default", deployment(CONTAINER, replicas=3), Options(field_manager="you"))
    with pytest.raises(errors.Conflict) as refusal:
        apply(cluster, "deploy", deployment(CONTAINER, replicas=None))
    assert ".spec.replicas" in str(refusal.value)
    assert apply(cluster, "deploy", deployment(CONTAINER, replicas=None), force=True)["spec"]["replicas"] == 1


def test_null_says_nothing_of_the_parts_of_a_map(cluster: clusters.Cluster) -> None:
    apply(cluster, "cm", config({"a": "1"}), "you")
    assert apply(cluster, "cm", config(None))["data"] == {"a": "1"}


@pytest.mark.parametrize("entries", [[], [{}]], ids=["empty", "one-empty"])
def test_empty_entries_clear_the_account(cluster: clusters.Cluster, entries: list[Object]) -> None:
    obj = apply(cluster, "cm", config({"a": "1"}))
    obj["metadata"]["managedFields"] = entries
    assert "managedFields" not in cluster.client.update(cluster.row("cm"), "default", "x", obj, Options())["metadata"]


@pytest.mark.parametrize(
    "wrong",
    [{"operation": "Bless"}, {"apiVersion": ""}, {"fieldsType": "FieldsV2"}, {"fieldsV1": {"a": {}}}, {"fieldsV1": {"k:[]": {}}}],
    ids=str,
)
def test_entries_that_cannot_be_read_are_not_taken_over(cluster: clusters.Cluster, wrong: Object) -> None:
    obj = apply(cluster, "cm", config({"a": "1"}))
    changed = {**obj, "metadata": {**obj["metadata"], "managedFields": [{**obj["metadata"]["managedFields"][0], **wrong}]}}
    after = cluster.client.update(cluster.row("cm"), "default", "x", changed, Options())
    assert after["metadata"]["managedFields"] == obj["metadata"]["managedFields"]


def test_who_changes_the_value_of_its_field_moves_its_time(cluster: clusters.Cluster) -> None:
    before = entry(apply(cluster, "cm", config({"a": "1"})), "me")["time"]
    cluster.sources.advance(60)
    assert entry(apply(cluster, "cm", config({"a": "2"})), "me")["time"] > before


def test_who_states_what_is_there_has_no_time(cluster: clusters.Cluster) -> None:
    apply(cluster, "cm", config({"a": "1"}), "you")
    assert "time" not in entry(apply(cluster, "cm", config({"a": "1"})), "me")


def test_stating_a_quantity_in_another_form_writes_nothing(cluster: clusters.Cluster) -> None:
    wish = deployment({**CONTAINER, "resources": {"limits": {"cpu": "1000m"}}})
    first = apply(cluster, "deploy", wish)
    cluster.sources.advance(60)
    assert apply(cluster, "deploy", wish)["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_conflicts_name_fields_before_what_is_further_below(cluster: clusters.Cluster) -> None:
    ports = [{"port": 80, "name": "web"}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": ports, "type": "ClusterIP"}}
    apply(cluster, "svc", service, "you")
    changed = {**service, "spec": {"ports": [{"port": 80, "name": "http"}], "type": "NodePort"}}
    with pytest.raises(errors.Conflict) as refusal:
        apply(cluster, "svc", changed)
    paths = [cause["field"] for cause in refusal.value.details["causes"]]
    assert paths == [".spec.type", '.spec.ports[port=80,protocol="TCP"].name']


def test_an_applied_scale_owns_the_replicas(cluster: clusters.Cluster) -> None:
    apply(cluster, "deploy", deployment(CONTAINER, replicas=2), "you")
    scale = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "x"}, "spec": {"replicas": 5}}
    with pytest.raises(errors.Conflict) as refusal:
        apply(cluster, "deploy", scale, subresource="scale")
    assert str(refusal.value) == 'Apply failed with 1 conflict: conflict with "you": .spec.replicas'
    assert apply(cluster, "deploy", scale, subresource="scale", force=True)["spec"] == {"replicas": 5}
    obj = cluster.client.get(cluster.row("deploy"), "default", "x")
    mine = entry(obj, "me")
    assert (mine["operation"], mine["subresource"], mine["fieldsV1"]) == ("Apply", "scale", {"f:spec": {"f:replicas": {}}})
    assert "f:replicas" not in entry(obj, "you")["fieldsV1"]["f:spec"]


def test_kubectl_does_not_take_over_what_changed_since_its_annotation(cluster: clusters.Cluster) -> None:
    said = json.dumps(config({"a": "1"}))
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": said}
    cluster.client.create(cluster.row("cm"), "default", config({"a": "1"}, annotations=annotations), Options(field_manager="client"))
    cluster.client.patch(cluster.row("cm"), "default", "x", "merge", {"data": {"a": "2"}}, Options(field_manager="you"))
    with pytest.raises(errors.Conflict) as refusal:
        apply(cluster, "cm", config({"a": "3"}), "kubectl")
    assert 'conflict with "you" using v1: .data.a' in str(refusal.value)


def test_the_oldest_of_too_many_updaters_become_one(cluster: clusters.Cluster) -> None:
    row = cluster.row("cm")
    cluster.client.create(row, "default", config({"k": "1"}), Options(field_manager="m0"))
    for number in range(12):
        cluster.sources.advance(1)
        change = {"data": {f"k{number}": "1"}}
        obj = cluster.client.patch(row, "default", "x", "merge", change, Options(field_manager=f"m{number}"))
    assert len(obj["metadata"]["managedFields"]) == 10
    assert {"f:k0", "f:k1", "f:k2"} <= set(entry(obj, "ancient-changes")["fieldsV1"]["f:data"])


@pytest.mark.parametrize(
    ("live", "wanted", "merged"),
    [("abc", "cba", "cba"), ("axb", "ba", "xba"), ("ab", "xab", "xab"), ("ab", "bx", "abx"), ("ab", "", "ab")],
)
def test_merged_sets_keep_the_wanted_order(live: str, wanted: str, merged: str) -> None:
    shape = schema.metadata().field("finalizers")
    assert merging.merge(list(live), list(wanted), shape) == list(merged)


def test_who_removes_the_last_finalizer_gets_the_object(cluster: clusters.Cluster) -> None:
    row = cluster.row("cm")
    cluster.client.create(row, "default", config({"a": "1"}, finalizers=["example.org/wait"]), Options())
    cluster.client.delete(row, "default", "x", Options())
    last = cluster.client.patch(row, "default", "x", "merge", {"metadata": {"finalizers": None}}, Options())
    assert (last["kind"], last["metadata"]["name"]) == ("ConfigMap", "x")
    with pytest.raises(errors.NotFound):
        cluster.client.get(row, "default", "x")


def test_the_metadata_of_an_embedded_object_is_no_key_of_a_map() -> None:
    shape = schema.Custom({"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True})
    found = fieldsets.applied({"kind": "Pod", "metadata": {"name": "x"}, "free": {"a": 1}}, shape)
    assert found == {"f:free": {".": {}, "f:a": {}}, "f:kind": {}, "f:metadata": {"f:name": {}}}
