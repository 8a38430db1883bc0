"""The rules that hold for every kind's metadata, and when a generation grows."""

from __future__ import annotations

import pytest

from pkctl.kinds import generic, table

CONFIG_MAP, NODE, ROLE = (table.BUILTIN.find(word) for word in ("configmaps", "nodes", "roles"))
SERVICE, DEPLOYMENT, NAMESPACE = (table.BUILTIN.find(word) for word in ("services", "deployments", "namespaces"))


def texts(row, old=None, **meta):
    full = {"name": "x", **({"namespace": "default"} if row.namespaced else {}), **meta}
    before = {"metadata": {"name": "x", "namespace": "default", **old}} if old is not None else None
    return [str(problem) for problem in generic.validate_meta(row, {"metadata": full}, before)]


def test_a_missing_name_is_asked_for():
    assert texts(CONFIG_MAP, name="") == ["metadata.name: Required value: name or generateName is required"]


def test_a_prefix_may_end_in_a_dash():
    assert texts(CONFIG_MAP, name="", generateName="x-") == []


def test_a_service_name_fits_a_label():
    long = "a" * 64
    assert texts(SERVICE, name=long) == [f'metadata.name: Invalid value: "{long}": must be no more than 63 characters']


def test_a_service_name_may_start_with_a_digit():
    assert texts(SERVICE, name="1abc") == []


def test_a_namespaces_name_has_no_dots():
    assert texts(NAMESPACE, name="a.b") == ['metadata.name: Invalid value: "a.b": must not contain dots']


def test_a_role_may_be_called_almost_anything():
    assert texts(ROLE, name="system:Node") == []


def test_a_cluster_wide_kind_has_no_namespace():
    assert texts(NODE, namespace="a") == ["metadata.namespace: Forbidden: not allowed on this type"]


def test_a_plain_finalizer_is_let_through():
    assert texts(CONFIG_MAP, finalizers=["foo"]) == []


def test_a_dying_object_gets_no_new_finalizers():
    found = texts(CONFIG_MAP, old={"deletionTimestamp": "2026-01-01T00:00:00Z"}, finalizers=["a.b/c"])
    assert found == [
        "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
        '[]string{"a.b/c"}'
    ]


def test_a_uid_never_changes():
    assert texts(CONFIG_MAP, old={"uid": "a"}, uid="b") == ['metadata.uid: Invalid value: "b": field is immutable']


GENERATIONS = {
    "created": (DEPLOYMENT, {"spec": {}}, None, 1),
    "spec changed": (DEPLOYMENT, {"spec": {"a": 1}}, {"spec": {}}, 5),
    "status changed": (DEPLOYMENT, {"spec": {}, "status": {"a": 1}}, {"spec": {}}, 4),
    "label changed": (DEPLOYMENT, {"spec": {}, "metadata": {"labels": {"a": "b"}}}, {"spec": {}}, 4),
    "a deployment's annotation changed": (DEPLOYMENT, {"spec": {}, "metadata": {"annotations": {"a": "b"}}}, {"spec": {}}, 5),
    "a kind without": (CONFIG_MAP, {"data": {"a": "b"}}, {"data": {}}, None),
}


@pytest.mark.parametrize(("row", "new", "old", "generation"), GENERATIONS.values(), ids=GENERATIONS)
def test_a_generation_counts_changes_of_what_is_wanted(row, new, old, generation):
    before = {"metadata": {"generation": 4}, **old} if old is not None else None
    assert generic.next_generation(row, new, before) == generation
