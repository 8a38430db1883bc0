from __future__ import annotations

from typing import Any

from pkctl.controllers import persistentvolumeclaims as claims
from pkctl.controllers import persistentvolumes
from pkctl.objects import meta
from tests.unit.controllers import test_persistentvolumeclaims as cases
from tests.unit.controllers import views

Object = dict[str, Any]


def bound() -> tuple[views.MemoryView, tuple[str, str]]:
    """A view with a claim and its volume, and the volume's key."""
    view = views.view_of(cases.claim(), cases.user("n1"))
    view.apply(claims.reconcile(view, cases.KEY))
    return view, ("", meta.name(view.list("persistentvolumes")[0]))


def test_a_volume_with_its_claim_is_left_alone() -> None:
    view, key = bound()
    assert persistentvolumes.reconcile(view, key).writes == []


def test_a_volume_of_ours_goes_with_its_claim() -> None:
    view, key = bound()
    view.drop("persistentvolumeclaims", *cases.KEY)
    plan = persistentvolumes.reconcile(view, key)
    assert views.verbs(plan) == [("delete", "persistentvolumes", key[1])]
    assert plan.notes == {"disks/n1": {key[1]: True}}


def test_a_volume_that_is_kept_is_released() -> None:
    view, key = bound()
    view.drop("persistentvolumeclaims", *cases.KEY)
    volume = meta.clone(view.get("persistentvolumes", *key))
    volume["spec"]["persistentVolumeReclaimPolicy"] = "Retain"
    view.put(volume)
    assert persistentvolumes.reconcile(view, key).writes[0].obj["status"]["phase"] == "Released"


def test_a_volume_made_by_hand_is_available() -> None:
    metadata = {"name": "disk", "uid": "u"}
    volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata, "spec": {"hostPath": {"path": "/d"}}}
    assert persistentvolumes.reconcile(views.view_of(volume), ("", "disk")).writes[0].obj["status"] == {"phase": "Available"}
