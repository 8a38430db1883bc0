from __future__ import annotations

from typing import Any

from pkctl.controllers import persistentvolumeclaims as claims
from tests.unit.controllers import things, views

Object = dict[str, Any]
KEY = ("demo", "data")


def claim(**spec: Any) -> Object:
    metadata = things.metadata("data")
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": wanted, "status": {"phase": "Pending"}}


def user(node: str = "") -> Object:
    return things.pod("p", node=node, spec={"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]})


def test_a_claim_waits_for_its_first_pod() -> None:
    plan = claims.reconcile(views.view_of(claim(), user()), KEY)
    assert views.lines(plan) == [("Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding")]


def test_what_a_claim_waits_for_is_said_once() -> None:
    view = views.view_of(claim())
    view.apply(claims.reconcile(view, KEY))
    assert claims.reconcile(view, KEY).events == []


def test_a_claim_is_bound_to_its_first_pods_node() -> None:
    view = views.view_of(claim(), user("n1"))
    view.apply(claims.reconcile(view, KEY))
    (volume,) = view.list("persistentvolumes")
    assert volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"][0]["matchExpressions"][0]["values"] == ["n1"]
    assert volume["spec"]["claimRef"]["name"] == "data"


def test_both_sides_of_a_bond_say_so() -> None:
    view = views.view_of(claim(), user("n1"))
    view.apply(claims.reconcile(view, KEY))
    assert view.list("persistentvolumes")[0]["status"]["phase"] == "Bound"
    assert view.list("persistentvolumeclaims")[0]["status"] == {
        "phase": "Bound",
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
    }


def test_a_bound_claim_is_left_alone() -> None:
    view = views.view_of(claim(), user("n1"))
    view.apply(claims.reconcile(view, KEY))
    assert claims.reconcile(view, KEY).writes == []


def test_a_claim_of_an_unknown_class_is_warned_about_by_name() -> None:
    plan = claims.reconcile(views.view_of(claim(storageClassName="fast"), user("n1")), KEY)
    assert views.lines(plan) == [("Warning", "ProvisioningFailed", 'no volume plugin of pkctl makes volumes of the class "fast"')]


def test_a_claim_whose_volume_is_gone_is_lost() -> None:
    lost = claim(volumeName="gone")
    lost["status"]["phase"] = "Bound"
    plan = claims.reconcile(views.view_of(lost), KEY)
    assert plan.writes[0].obj["status"]["phase"] == "Lost"
