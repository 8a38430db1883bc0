"""Acting as somebody else: who may, and who that is then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import impersonating, options
from tests import clusters

Object = dict[str, Any]
GROUP = "rbac.authorization.k8s.io"
BOT = "system:serviceaccount:default:bot"


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def allow(cluster: clusters.Cluster, *resources: str, group: str = "", names: str = "") -> None:
    """Let alice impersonate."""
    rule: Object = {"verbs": ["impersonate"], "apiGroups": [group], "resources": [*resources]}
    if names:
        rule["resourceNames"] = names.split()
    reference = {"apiGroup": GROUP, "kind": "ClusterRole", "name": "r"}
    subjects = [{"apiGroup": GROUP, "kind": "User", "name": "alice"}]
    for kind, more in (("ClusterRole", {"rules": [rule]}), ("ClusterRoleBinding", {"roleRef": reference, "subjects": subjects})):
        obj = {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": "r"}, **more}
        cluster.client.create(cluster.row(kind), "", obj, options.Options())


def check(cluster: clusters.Cluster, **wanted: Any) -> None:
    with cluster.api.reading() as session:
        impersonating.check(session, "alice", ("system:authenticated",), wanted)


START = 'User "alice" cannot impersonate resource'
REFUSED = {
    "a user": ({"user": "bob"}, f'users "bob" is forbidden: {START} "users" in API group "" at the cluster scope'),
    "an account": (
        {"user": BOT},
        f'serviceaccounts "bot" is forbidden: {START} "serviceaccounts" in API group "" in the namespace "default"',
    ),
    "a group": ({"user": "me", "groups": ["dev"]}, f'groups "dev" is forbidden: {START} "groups" in API group "" at the cluster scope'),
    "an extra": (
        {"user": "me", "extra": {"Scopes": ["view"]}},
        f'userextras.authentication.k8s.io "view" is forbidden: {START} "userextras/scopes" in API group "authentication.k8s.io" '
        "at the cluster scope",
    ),
    "a uid": (
        {"user": "me", "uid": "7"},
        f'uids.authentication.k8s.io "7" is forbidden: {START} "uids" in API group "authentication.k8s.io" at the cluster scope',
    ),
}


@pytest.mark.parametrize(("wanted", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_allowed_is_named(cluster: clusters.Cluster, wanted: Object, text: str) -> None:
    allow(cluster, "users", names="me")
    with pytest.raises(errors.Forbidden) as caught:
        check(cluster, **wanted)
    assert caught.value.message == text


def test_a_right_on_an_extra_is_by_its_key(cluster: clusters.Cluster) -> None:
    allow(cluster, "userextras/scopes", "uids", group="authentication.k8s.io")
    with pytest.raises(errors.Forbidden, match='users "bob" is forbidden'):
        check(cluster, user="bob", uid="7", extra={"scopes": ["view"]})


def test_a_right_to_act_as_some_is_enough(cluster: clusters.Cluster) -> None:
    allow(cluster, "users", "groups", names="bob dev")
    check(cluster, user="bob", groups=["dev"])


def test_administrators_act_as_anybody(cluster: clusters.Cluster) -> None:
    with cluster.api.reading() as session:
        impersonating.check(session, "root", ("system:masters",), {"user": "bob", "uid": "7"})


USERS = {
    "a user": ({"user": "bob"}, ["system:authenticated"]),
    "of groups": ({"user": "bob", "groups": ["dev"]}, ["dev", "system:authenticated"]),
    "not authenticated": ({"user": "bob", "groups": ["system:unauthenticated"]}, ["system:unauthenticated"]),
    "nobody": ({"user": "system:anonymous"}, ["system:unauthenticated"]),
    "an account": ({"user": BOT}, ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]),
    "an account of other groups": ({"user": BOT, "groups": ["dev"]}, ["dev", "system:authenticated"]),
}


@pytest.mark.parametrize(("wanted", "groups"), USERS.values(), ids=USERS.keys())
def test_a_user_has_the_groups_that_everybody_has(wanted: Object, groups: list[str]) -> None:
    assert impersonating.user(wanted)["groups"] == groups


def test_a_user_is_all_that_was_said() -> None:
    found = impersonating.user({"user": "bob", "uid": "7", "extra": {"Scopes": ["view"]}})
    assert (found["uid"], found["extra"]) == ("7", {"scopes": ["view"]})
