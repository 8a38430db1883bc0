"""MutatingAdmissionPolicies change what is written, as a server-side apply or a JSON patch would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
MAPS = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE", "UPDATE"]}
PODS = {**MAPS, "resources": ["pods"], "operations": ["CREATE"]}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster(hollow=True) as made:
        yield made


def _create(cluster: clusters.Cluster, word: str, name: str, **body: Any) -> Object:
    row = cluster.row(word)
    return cluster.client.create(row, "default" if row.namespaced else "", {"metadata": {"name": name}, **body}, options.Options())


def _policy(cluster: clusters.Cluster, *expressions: str, name: str = "p", rule: Object = MAPS, kind: str = "", **more: Any) -> None:
    kinds = {"": ("ApplyConfiguration", "applyConfiguration"), "json": ("JSONPatch", "jsonPatch")}
    patch_type, field = kinds[kind]
    mutations = [{"patchType": patch_type, field: {"expression": each}} for each in expressions]
    spec = {"matchConstraints": {"resourceRules": [rule]}, "mutations": mutations, "reinvocationPolicy": "Never", **more}
    _create(cluster, "mutatingadmissionpolicies", name, spec=spec)
    _create(cluster, "mutatingadmissionpolicybindings", f"{name}-b", spec={"policyName": name, **more.pop("binding", {})})


def _map(cluster: clusters.Cluster) -> Object:
    return _create(cluster, "cm", "x", data={"a": "1"})


def _pod(cluster: clusters.Cluster) -> Object:
    return _create(cluster, "pods", "x", spec={"containers": [{"name": "c", "image": "i"}]})


def _refusal(make: Any) -> errors.StatusError:
    with pytest.raises(errors.StatusError) as refusal:
        make()
    return refusal.value


def test_an_apply_configuration_is_merged(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{metadata: Object.metadata{labels: {'env': 'test'}}, data: {'b': object.data.a + '2'}}")
    made = _map(cluster)
    assert (made["metadata"]["labels"], made["data"]) == ({"env": "test"}, {"a": "1", "b": "12"})


def test_lists_merge_by_their_keys(cluster: clusters.Cluster) -> None:
    text = "Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: 'mesh', image: 'm', restartPolicy: 'Always'}]}}"
    _policy(cluster, text, rule=PODS, matchConditions=[{"name": "once", "expression": "!has(object.spec.initContainers)"}])
    made = _pod(cluster)["spec"]["initContainers"][0]
    assert (made["name"], made["restartPolicy"], made["imagePullPolicy"]) == ("mesh", "Always", "Always")


def test_a_json_patch_is_applied(cluster: clusters.Cluster) -> None:
    text = "[JSONPatch{op: 'add', path: '/metadata/labels', value: {'x': 'y'}}]"
    other = "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]"
    _policy(cluster, text, other, "[JSONPatch{op: 'replace', path: '/data/a', value: '2'}]", kind="json")
    made = _map(cluster)
    assert (made["metadata"]["labels"], made["data"]) == ({"x": "y", "a/b": "c"}, {"a": "2"})


def test_a_json_patch_whose_test_fails_changes_nothing(cluster: clusters.Cluster) -> None:
    text = "[JSONPatch{op: 'test', path: '/data/a', value: '9'}, JSONPatch{op: 'replace', path: '/data/a', value: '2'}]"
    _policy(cluster, text, kind="json")
    assert _map(cluster)["data"] == {"a": "1"}


def test_a_mutation_sees_what_the_one_before_has_changed(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{data: {'b': 'x'}}", "Object{data: {'c': object.data.b + 'y'}}")
    assert _map(cluster)["data"]["c"] == "xy"


def test_a_policy_asks_to_be_invoked_again(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{data: {'seen': string(size(object.data))}}", name="a", reinvocationPolicy="IfNeeded")
    _policy(cluster, "Object{data: {'b': 'x'}}", name="b")
    assert _map(cluster)["data"] == {"a": "1", "b": "x", "seen": "3"}


def test_what_is_changed_is_validated(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{metadata: Object.metadata{labels: {'a b': 'c'}}}")
    assert "metadata.labels: Invalid value" in str(_refusal(lambda: _map(cluster)))


FAILING = {
    "no such key": ("Object{data: {'b': object.data.z}}", "resulted in error: no such key: z"),
    "another type": ("Object{data: {'b': size(object.data)}}", "denied request: "),
    "an unknown field": ("Object{dta: {'b': 'c'}}", "failed to convert patch object to typed object: .dta: field not declared in schema"),
}


@pytest.mark.parametrize(("expression", "text"), FAILING.values(), ids=FAILING)
def test_a_mutation_that_fails_refuses(cluster: clusters.Cluster, expression: str, text: str) -> None:
    _policy(cluster, expression)
    refusal = str(_refusal(lambda: _map(cluster)))
    assert text in refusal


def test_what_is_atomic_is_not_mutated(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: 'a', operator: 'Exists'}]}}", rule=PODS)
    assert "may not mutate atomic arrays, maps or structs: .spec.tolerations" in str(_refusal(lambda: _pod(cluster)))


def test_a_policy_may_ignore_its_failures(cluster: clusters.Cluster) -> None:
    _policy(cluster, "Object{data: {'b': object.data.z}}", failurePolicy="Ignore")
    assert _map(cluster)["data"] == {"a": "1"}


WRONG = {
    "no object": ("1", "", "must evaluate to Object but got int"),
    "no list": ("Object{}", "json", "must evaluate to list(JSONPatch) but got"),
    "unknown variable": ("Object{data: {'a': variables.x}}", "", "undefined field 'x'"),
}


@pytest.mark.parametrize(("expression", "kind", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_policy_is_refused(cluster: clusters.Cluster, expression: str, kind: str, text: str) -> None:
    assert text in str(_refusal(lambda: _policy(cluster, expression, kind=kind)))


def test_what_a_policy_adds_to_a_pod_gets_what_its_containers_had() -> None:
    with clusters.cluster() as cluster:
        text = "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'd', image: 'i'}]}}"
        _policy(cluster, text, rule=PODS)
        spec = _pod(cluster)["spec"]
    (volume,) = spec["volumes"]
    assert [each["volumeMounts"][0]["name"] for each in spec["containers"]] == [volume["name"], volume["name"]]
