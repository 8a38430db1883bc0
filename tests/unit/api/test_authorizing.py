"""Roles and bindings evaluated, and who may grant what."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl import errors
from pkctl.api import authorizing, opening, options
from pkctl.client import acting
from pkctl.kinds import rbaccovering
from tests import clusters

Object = dict[str, Any]
GROUP = authorizing.RBAC
Options = options.Options


class Given:
    """Roles and bindings of a test: of a namespace "web", and of the cluster ("")."""

    def __init__(self, rules: list[Object], subject: Object, *, namespace: str = "web", kind: str = "Role") -> None:
        self._namespace = namespace
        self._role = {"rules": rules}
        self._binding = {"metadata": {"name": "b"}, "roleRef": {"kind": kind, "name": "r"}, "subjects": [subject]}

    def role(self, namespace: str, name: str) -> Object | None:
        return self._role if name == "r" else None

    def bindings(self, namespace: str) -> list[Object]:
        return [self._binding] if namespace == self._namespace else []


BOB = {"kind": "User", "name": "bob"}


def rule(verbs: str, resources: str, groups: str = "", names: str = "") -> Object:
    made: Object = {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": groups.split(",")}
    return {**made, "resourceNames": names.split()} if names else made


def ask(verb: str, resource: str, user: str = "bob", groups: tuple[str, ...] = ("dev",), **more: str) -> authorizing.Attributes:
    resource, _, subresource = resource.partition("/")
    more = {"namespace": "web", **more}
    return authorizing.Attributes(user, groups, verb, resource=resource, subresource=subresource, **more)


RULES = {
    "a verb and a resource": (rule("get", "pods"), ask("get", "pods"), True),
    "another verb": (rule("get", "pods"), ask("list", "pods"), False),
    "another resource": (rule("get", "pods"), ask("get", "secrets"), False),
    "another group": (rule("get", "deployments", "apps"), ask("get", "deployments"), False),
    "its group": (rule("get", "deployments", "apps"), ask("get", "deployments", group="apps"), True),
    "every verb": (rule("*", "pods"), ask("frob", "pods"), True),
    "every resource of every group": (rule("get", "*", "*"), ask("get", "widgets", group="example.com"), True),
    "every resource, subresources too": (rule("get", "*"), ask("get", "pods/log"), True),
    "a resource is not its subresource": (rule("get", "pods"), ask("get", "pods/log"), False),
    "a subresource": (rule("get", "pods/log"), ask("get", "pods/log"), True),
    "a subresource of everything": (rule("update", "*/scale", "*"), ask("update", "deployments/scale", group="apps"), True),
    "that subresource alone": (rule("update", "*/scale", "*"), ask("update", "deployments", group="apps"), False),
    "a name": (rule("get", "pods", names="a b"), ask("get", "pods", name="b"), True),
    "another name": (rule("get", "pods", names="a b"), ask("get", "pods", name="c"), False),
    "no name, as a create has none": (rule("create", "pods", names="a"), ask("create", "pods"), False),
    "another namespace": (rule("get", "pods"), ask("get", "pods", namespace="db"), False),
    "the whole cluster": (rule("get", "pods"), ask("get", "pods", namespace=""), False),
}


@pytest.mark.parametrize(("given", "asked", "allowed"), RULES.values(), ids=RULES)
def test_a_rule_allows_what_it_names(given: Object, asked: authorizing.Attributes, allowed: bool) -> None:
    assert authorizing.decide(Given([given], BOB), asked)[0] is allowed


URLS = {"/healthz": True, "/healthz/etcd": False, "/apis/apps": True, "/apis": False, "/metrics": False}


@pytest.mark.parametrize(("path", "allowed"), URLS.items(), ids=URLS)
def test_a_url_rule_allows_its_urls(path: str, allowed: bool) -> None:
    roles = Given([{"verbs": ["get"], "nonResourceURLs": ["/healthz", "/apis/*"]}], BOB, namespace="", kind="ClusterRole")
    assert authorizing.decide(roles, authorizing.Attributes("bob", (), "get", path=path))[0] is allowed


SUBJECTS = {
    "the user": (BOB, "bob", True),
    "another user": (BOB, "eve", False),
    "a group": ({"kind": "Group", "name": "dev"}, "eve", True),
    "another group": ({"kind": "Group", "name": "ops"}, "eve", False),
    "an account of the binding's namespace": ({"kind": "ServiceAccount", "name": "ci"}, "system:serviceaccount:web:ci", True),
    "an account elsewhere": ({"kind": "ServiceAccount", "name": "ci", "namespace": "db"}, "system:serviceaccount:web:ci", False),
}


@pytest.mark.parametrize(("subject", "user", "allowed"), SUBJECTS.values(), ids=SUBJECTS)
def test_a_binding_is_for_its_subjects(subject: Object, user: str, allowed: bool) -> None:
    assert authorizing.decide(Given([rule("get", "pods")], subject), ask("get", "pods", user))[0] is allowed


def test_masters_may_do_everything_without_a_role() -> None:
    asked = ask("frob", "widgets", "eve", ("system:masters",))
    assert authorizing.decide(Given([], BOB), asked) == (True, "")


def test_the_reason_names_the_binding_the_role_and_the_subject() -> None:
    _, reason = authorizing.decide(Given([rule("get", "pods")], BOB), ask("get", "pods"))
    assert reason == 'RBAC: allowed by RoleBinding "b/web" of Role "r" to User "bob"'


def test_a_missing_role_is_the_reason_of_a_denial() -> None:
    roles = Given([], BOB)
    roles._binding["roleRef"]["name"] = "gone"  # type: ignore[index]
    assert authorizing.decide(roles, ask("get", "pods")) == (False, f'RBAC: role.{GROUP} "gone" not found')


def test_a_service_account_is_in_the_groups_of_its_namespace() -> None:
    assert authorizing.groups_of("system:serviceaccount:web:ci") == (
        "system:serviceaccounts",
        "system:serviceaccounts:web",
        "system:authenticated",
    )


COVERS = {
    "the same": (rule("get", "pods"), rule("get", "pods"), 0),
    "one verb of two": (rule("get list", "pods"), rule("list watch", "pods"), 1),
    "every resource covers a subresource": (rule("*", "*", "*"), rule("get", "pods/log"), 0),
    "all names cover one": (rule("get", "pods"), rule("get", "pods", names="a"), 0),
    "one name does not cover all": (rule("get", "pods", names="a"), rule("get", "pods"), 1),
    "a URL below": ({"verbs": ["get"], "nonResourceURLs": ["/apis/*"]}, {"verbs": ["get"], "nonResourceURLs": ["/apis/apps"]}, 0),
    "a resource is no URL": (rule("*", "*", "*"), {"verbs": ["get"], "nonResourceURLs": ["/apis"]}, 1),
}


@pytest.mark.parametrize(("held", "wanted", "lacking"), COVERS.values(), ids=COVERS)
def test_held_rules_cover_what_they_allow(held: Object, wanted: Object, lacking: int) -> None:
    assert len(rbaccovering.missing([held], [wanted])) == lacking


class Town:
    """A cluster whose administrator acts by `client`, and others by `acts_as`."""

    def __init__(self, cluster: clusters.Cluster) -> None:
        self.cluster, self.client = cluster, cluster.client

    def acts_as(self, user: str, *groups: str) -> acting.Acting:
        seen = opening.api(self.cluster.store, sources=self.cluster.sources, user=user, groups=authorizing.groups_of(user, groups))
        return acting.Acting(seen, settle=lambda *_: None, glance=lambda: None, runtime_of=self.cluster.runtimes.__getitem__)

    def bind(self, role: str, user: str, namespace: str = "default") -> None:
        body = {
            "metadata": {"name": f"{role}-{user}"},
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": role},
            "subjects": [{"apiGroup": GROUP, "kind": "User", "name": user}],
        }
        self.client.create(self.cluster.row("rolebindings"), namespace, body, Options())

    def role(self, client: Any, verb: str, resource: str, kind: str = "roles") -> Object:
        namespace = "default" if kind == "roles" else ""
        body: Object = {"metadata": {"name": "made"}, "rules": [rule(verb, resource)]}
        made: Object = client.create(self.cluster.row(kind), namespace, body, Options())
        return made


@pytest.fixture
def town() -> Any:
    with clusters.cluster() as made:
        yield Town(made)


def test_a_stranger_is_refused_in_the_api_servers_words(town: Town) -> None:
    with pytest.raises(errors.Forbidden) as refused:
        town.acts_as("bob").list(town.cluster.row("pods"), "default")
    assert str(refused.value) == ('pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"')


def test_cluster_scope_is_said(town: Town) -> None:
    with pytest.raises(
        errors.Forbidden, match=r'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster'
    ):
        town.acts_as("bob").list(town.cluster.row("nodes"), "")


def test_an_object_is_named(town: Town) -> None:
    with pytest.raises(errors.Forbidden, match=r'deployments\.apps "x" is forbidden: User "bob" cannot delete resource "deployments"'):
        town.acts_as("bob").delete(town.cluster.row("deployments"), "default", "x", Options())


def test_a_subresource_is_part_of_the_resource(town: Town) -> None:
    with pytest.raises(errors.Forbidden, match=r'pods "x" is forbidden: User "bob" cannot get resource "pods/log"'):
        town.acts_as("bob").logs("default", "x")


def test_a_viewer_sees_and_does_not_write(town: Town) -> None:
    town.bind("view", "bob")
    bob = town.acts_as("bob")
    assert bob.list(town.cluster.row("pods"), "default")["items"] == []
    with pytest.raises(errors.Forbidden):
        bob.create(town.cluster.row("configmaps"), "default", {"metadata": {"name": "x"}}, Options())


def test_a_viewer_of_a_namespace_may_get_the_namespace_itself(town: Town) -> None:
    town.bind("view", "bob")
    assert town.acts_as("bob").get(town.cluster.row("namespaces"), "", "default")["kind"] == "Namespace"


def test_a_viewer_sees_no_secrets(town: Town) -> None:
    town.bind("view", "bob")
    with pytest.raises(errors.Forbidden):
        town.acts_as("bob").list(town.cluster.row("secrets"), "default")


def test_an_apply_that_would_create_needs_the_right_to_create(town: Town) -> None:
    body: Object = {"metadata": {"name": "patcher"}, "rules": [rule("patch", "configmaps")]}
    town.client.create(town.cluster.row("clusterroles"), "", body, Options())
    town.bind("patcher", "bob")
    wish = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
    with pytest.raises(errors.Forbidden, match='cannot create resource "configmaps"'):
        town.acts_as("bob").patch(town.cluster.row("configmaps"), "default", "x", "apply", wish, Options(field_manager="me"))


def test_nobody_grants_what_they_do_not_hold(town: Town) -> None:
    town.bind("admin", "eve")
    with pytest.raises(errors.Forbidden) as refused:
        town.role(town.acts_as("eve", "dev"), "get", "nodes")
    assert str(refused.value) == (
        f'roles.{GROUP} "made" is forbidden: user "eve" (groups=["dev" "system:authenticated"]) is attempting to grant RBAC permissions '
        'not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}'
    )


def test_what_is_held_may_be_granted(town: Town) -> None:
    town.bind("admin", "eve")
    assert town.role(town.acts_as("eve"), "get", "pods")["rules"] == [rule("get", "pods")]


def test_who_may_escalate_grants_everything(town: Town) -> None:
    town.bind("admin", "eve")
    body: Object = {"metadata": {"name": "climber"}, "rules": [rule("escalate", "roles", GROUP)]}
    town.client.create(town.cluster.row("clusterroles"), "", body, Options())
    town.bind("climber", "eve")
    assert town.role(town.acts_as("eve"), "get", "nodes")["kind"] == "Role"


BINDING: Object = {
    "metadata": {"name": "all"},
    "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"apiGroup": GROUP, "kind": "User", "name": "eve"}],
}


def test_nobody_binds_a_role_that_they_do_not_hold(town: Town) -> None:
    town.bind("admin", "eve")
    with pytest.raises(errors.Forbidden, match="not currently held"):
        town.acts_as("eve").create(town.cluster.row("rolebindings"), "default", BINDING, Options())


def test_who_may_bind_a_role_binds_it(town: Town) -> None:
    town.bind("admin", "eve")
    body: Object = {"metadata": {"name": "binder"}, "rules": [rule("bind", "clusterroles", GROUP, "cluster-admin")]}
    town.client.create(town.cluster.row("clusterroles"), "", body, Options())
    town.bind("binder", "eve")
    made = town.acts_as("eve").create(town.cluster.row("rolebindings"), "default", BINDING, Options())
    assert made["roleRef"]["name"] == "cluster-admin"
