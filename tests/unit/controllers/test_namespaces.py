from __future__ import annotations

from typing import Any

from pkctl.controllers import namespaces, rootcas, serviceaccounts
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

KEY = ("", "demo")


def ending(**more: Any) -> dict[str, Any]:
    return things.namespace("demo", deletionTimestamp=times.stamp(views.NOW), **more)


def test_a_living_namespace_is_left_alone() -> None:
    assert namespaces.reconcile(views.view_of(things.namespace("demo"), things.pod("p")), KEY).writes == []


def test_everything_in_an_ending_namespace_is_deleted() -> None:
    plan = namespaces.reconcile(views.view_of(ending(), things.pod("p"), things.deployment()), KEY)
    assert views.verbs(plan) == [
        ("delete", "pods", "p"),
        ("delete", "deployments.apps", "web"),
        ("status", "namespaces", "demo"),
    ]


def test_what_is_left_is_told() -> None:
    plan = namespaces.reconcile(views.view_of(ending(), things.pod("p"), things.pod("q", metadata={"finalizers": ["a/b"]})), KEY)
    messages = {one["type"]: one["message"] for one in plan.writes[-1].obj["status"]["conditions"]}
    assert messages["NamespaceContentRemaining"] == "Some resources are remaining: pods. has 2 resource instances"
    assert messages["NamespaceFinalizersRemaining"] == "Some content in the namespace has finalizers remaining: a/b in 1 resource instances"


def test_what_is_on_its_way_out_is_waited_for() -> None:
    pod = things.pod("p", metadata={"deletionTimestamp": times.stamp(views.NOW)})
    plan = namespaces.reconcile(views.view_of(ending(), pod), KEY)
    assert [verb for verb, _, _ in views.verbs(plan)] == ["status"]


def test_an_empty_namespace_is_let_go() -> None:
    (write,) = namespaces.reconcile(views.view_of(ending()), KEY).writes
    assert (write.options, write.obj["spec"]["finalizers"]) == ({"subresource": "finalize"}, [])


def test_every_namespace_has_a_default_account() -> None:
    view = views.view_of(things.namespace("demo"))
    view.apply(serviceaccounts.reconcile(view, KEY))
    assert meta.name(view.list("serviceaccounts")[0]) == "default"
    assert serviceaccounts.reconcile(view, KEY).writes == []


def test_an_ending_namespace_gets_no_account() -> None:
    assert serviceaccounts.reconcile(views.view_of(ending()), KEY).writes == []


def test_every_namespace_has_the_clusters_certificate() -> None:
    view = views.view_of(things.namespace("demo"), notes={"cluster": {"ca": "PEM"}})
    view.apply(rootcas.reconcile(view, KEY))
    assert view.list("configmaps")[0]["data"] == {"ca.crt": "PEM"}


def test_a_cluster_without_certificate_publishes_none() -> None:
    assert rootcas.reconcile(views.view_of(things.namespace("demo")), KEY).writes == []
