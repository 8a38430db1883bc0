from __future__ import annotations

from typing import Any

from pkctl.controllers import volumeprotection
from pkctl.objects import times
from tests.unit.controllers import test_persistentvolumeclaims as cases
from tests.unit.controllers import views

KEY = ("", "disk")


def ending(phase: str, **spec: Any) -> dict[str, Any]:
    metadata = {"name": "disk", "uid": "u", "finalizers": [volumeprotection.FINALIZER], "deletionTimestamp": times.stamp(views.NOW)}
    made = {"hostPath": {"path": "/d"}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata, "spec": made, "status": {"phase": phase}}


def reserved() -> dict[str, Any]:
    metadata = cases.claim()["metadata"]
    return {"namespace": metadata["namespace"], "name": metadata["name"]}


def test_a_deleted_volume_that_nobody_claims_is_let_go() -> None:
    (write,) = volumeprotection.reconcile(views.view_of(ending("Available")), KEY).writes
    assert write.obj["metadata"]["finalizers"] == []


def test_a_deleted_volume_stays_while_it_is_bound() -> None:
    assert volumeprotection.reconcile(views.view_of(ending("Bound", claimRef=reserved()), cases.claim()), KEY).writes == []


def test_a_deleted_volume_goes_after_its_claim() -> None:
    assert volumeprotection.reconcile(views.view_of(ending("Bound", claimRef=reserved())), KEY).writes


def test_a_volume_that_is_only_reserved_is_not_in_use() -> None:
    assert volumeprotection.reconcile(views.view_of(ending("Available", claimRef=reserved()), cases.claim()), KEY).writes
