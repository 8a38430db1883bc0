"""Questions about users and access: answered, and never stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
LIST_PODS = {"verb": "list", "resource": "pods", "namespace": "default"}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def review(cluster: clusters.Cluster, kind: str, spec: Object, namespace: str = "") -> Object:
    answer: Object = cluster.client.create(cluster.row(kind), namespace, {"spec": spec} if spec else {}, options.Options())
    return answer["status"]  # type: ignore[no-any-return]


def test_the_owner_of_the_store_is_its_administrator(cluster: clusters.Cluster) -> None:
    said = review(cluster, "selfsubjectreviews", {})
    assert said == {"userInfo": {"username": "pkctl-admin", "groups": ["system:masters", "system:authenticated"]}}


def test_the_administrator_may_do_everything(cluster: clusters.Cluster) -> None:
    assert review(cluster, "selfsubjectaccessreviews", {"resourceAttributes": LIST_PODS}) == {"allowed": True}


def test_of_others_the_roles_decide(cluster: clusters.Cluster) -> None:
    spec = {"user": "bob", "groups": ["dev"], "resourceAttributes": LIST_PODS}
    assert review(cluster, "subjectaccessreviews", spec) == {"allowed": False}


def test_what_allows_is_named(cluster: clusters.Cluster) -> None:
    spec = {"user": "bob", "groups": ["system:authenticated"], "nonResourceAttributes": {"verb": "get", "path": "/api"}}
    assert review(cluster, "subjectaccessreviews", spec)["reason"] == (
        'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"'
    )


def test_the_rules_of_the_administrator_begin_with_everything(cluster: clusters.Cluster) -> None:
    said = review(cluster, "selfsubjectrulesreviews", {"namespace": "default"})
    assert said["resourceRules"][0] == {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
    assert said["nonResourceRules"][0] == {"verbs": ["*"], "nonResourceURLs": ["*"]}


def test_rules_are_those_of_a_namespace(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.BadRequest, match="no namespace on request"):
        review(cluster, "selfsubjectrulesreviews", {})


def test_a_token_of_nobodys_is_refused(cluster: clusters.Cluster) -> None:
    said = review(cluster, "tokenreviews", {"token": "abc"})
    assert (said["user"], "authenticated" in said) == ({}, False)
    assert said["error"] == "invalid bearer token"


WRONG = {
    "nothing asked": ("selfsubjectaccessreviews", {}, "spec.resourceAttributes: Invalid value: null: exactly one of"),
    "both asked": (
        "selfsubjectaccessreviews",
        {"resourceAttributes": LIST_PODS, "nonResourceAttributes": {"verb": "get", "path": "/"}},
        "spec.nonResourceAttributes: Invalid value: .*: cannot be specified in combination with resourceAttributes",
    ),
    "nobody": (
        "subjectaccessreviews",
        {"resourceAttributes": LIST_PODS},
        'spec.user: Invalid value: "": at least one of user or group must be specified',
    ),
    "another namespace": (
        "localsubjectaccessreviews",
        {"user": "bob", "resourceAttributes": {**LIST_PODS, "namespace": "web"}},
        'spec.resourceAttributes.namespace: Invalid value: "web": must match metadata.namespace',
    ),
}


@pytest.mark.parametrize(("kind", "spec", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_question_is_invalid(cluster: clusters.Cluster, kind: str, spec: Object, text: str) -> None:
    with pytest.raises(errors.Invalid, match=text):
        review(cluster, kind, spec, "default" if kind.startswith("local") else "")


SELECTORS = {
    "both forms": (
        {"fieldSelector": {"rawSelector": "a=b", "requirements": [{"key": "a", "operator": "Exists"}]}},
        'fieldSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
    ),
    "neither form": (
        {"labelSelector": {}},
        "labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, "
        "requirements or rawSelector is required",
    ),
    "no values": (
        {"labelSelector": {"requirements": [{"key": "a", "operator": "In"}]}},
        "labelSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ),
    "needless values": (
        {"fieldSelector": {"requirements": [{"key": "a", "operator": "Exists", "values": ["b"]}]}},
        "fieldSelector.requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ),
    "no key": (
        {"fieldSelector": {"requirements": [{"key": "", "operator": "Exists"}]}},
        "fieldSelector.requirements[0].key: Required value: must be specified",
    ),
}


@pytest.mark.parametrize(("more", "text"), SELECTORS.values(), ids=SELECTORS.keys())
def test_selectors_that_are_asked_about_make_sense(cluster: clusters.Cluster, more: Object, text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        review(cluster, "selfsubjectaccessreviews", {"resourceAttributes": {**LIST_PODS, **more}})
    start = 'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.'
    assert caught.value.message == start + text


def test_a_question_may_name_selectors(cluster: clusters.Cluster) -> None:
    more = {"labelSelector": {"requirements": [{"key": "a", "operator": "In", "values": ["b"]}]}}
    assert review(cluster, "selfsubjectaccessreviews", {"resourceAttributes": {**LIST_PODS, **more}})["allowed"]
