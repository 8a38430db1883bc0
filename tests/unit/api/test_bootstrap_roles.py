"""The roles that every cluster begins with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.api import authorizing, bootstrap_roles
from pkctl.controllers import clusterroles
from pkctl.kinds import rbac
from pkctl.objects import meta
from tests import clusters

Object = dict[str, Any]
EVERY = list(bootstrap_roles.objects("cluster", "2026-01-01T00:00:00Z"))
KINDS = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def of(kind: str) -> dict[str, Object]:
    return {f"{meta.namespace(obj)}/{meta.name(obj)}".lstrip("/"): obj for obj in EVERY if obj["kind"] == kind}


@pytest.mark.parametrize(("kind", "count"), [*zip(KINDS, (68, 49, 7, 7), strict=True)])
def test_there_are_as_many_as_on_a_server(kind: str, count: int) -> None:
    assert len(of(kind)) == count


@pytest.mark.parametrize("obj", EVERY, ids=lambda obj: f"{obj['kind']}-{obj['metadata']['name']}")
def test_each_is_valid(obj: Object) -> None:
    is_local = "namespace" in obj["metadata"]
    if obj["kind"].endswith("Binding"):
        assert rbac.binding(obj, None, ("ClusterRole", "Role"), namespaced=is_local) == []
    else:
        assert rbac.rules(obj["rules"], namespaced=is_local) == []


def test_every_binding_has_its_role() -> None:
    wanted = {(obj["roleRef"]["kind"], meta.namespace(obj), obj["roleRef"]["name"]) for kind in KINDS[1::2] for obj in of(kind).values()}
    assert wanted <= {(obj["kind"], meta.namespace(obj), meta.name(obj)) for kind in KINDS[::2] for obj in of(kind).values()}


def test_every_uid_is_its_own() -> None:
    assert len({obj["metadata"]["uid"] for obj in EVERY}) == len(EVERY)


@pytest.mark.parametrize("name", ["admin", "edit", "view"])
def test_aggregation_would_change_nothing(name: str) -> None:
    roles = of("ClusterRole")
    assert clusterroles.aggregated(roles[name], roles.values()) == roles[name]["rules"]


ALLOWED = {
    "a node reads secrets": ("system:node:n1", "system:nodes", "get", "secrets", False),
    "a scheduler binds pods": ("system:kube-scheduler", "", "create", "pods/binding", True),
    "a scheduler makes no pods": ("system:kube-scheduler", "", "create", "pods", False),
    "a job controller makes pods": ("system:serviceaccount:kube-system:job-controller", "", "create", "pods", True),
    "a job controller elsewhere does not": ("system:serviceaccount:default:job-controller", "", "create", "pods", False),
}


@pytest.mark.parametrize(("user", "group", "verb", "resource", "wanted"), ALLOWED.values(), ids=ALLOWED.keys())
def test_components_may_do_their_work(cluster: clusters.Cluster, user: str, group: str, verb: str, resource: str, *, wanted: bool) -> None:
    resource, _, subresource = resource.partition("/")
    asked = authorizing.Attributes(user, [group], verb, resource=resource, subresource=subresource, namespace="default")
    with cluster.api.reading() as session:
        assert authorizing.decide(authorizing.Stored(session), asked)[0] is wanted
