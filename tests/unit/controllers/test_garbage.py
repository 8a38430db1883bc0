from __future__ import annotations

from typing import Any

from pkctl.controllers import garbage
from pkctl.objects import meta, owners, times
from tests.unit.controllers import things, views

Object = dict[str, Any]
OWNER, POD = ("replicasets.apps", "demo/web-abc"), ("pods", "demo/p")


def deleting(obj: Object, *finalizers: str) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "deletionTimestamp": times.stamp(views.NOW), "finalizers": list(finalizers)}}


def owned(*parents: Object) -> Object:
    pod = things.pod("p")
    pod["metadata"]["ownerReferences"] = [owners.reference(one, controller=index == 0) for index, one in enumerate(parents)]
    return pod


def test_a_dependent_without_owner_is_deleted() -> None:
    plan = garbage.reconcile(views.view_of(owned(things.replicaset())), POD)
    assert views.verbs(plan) == [("delete", "pods", "p")]


def test_a_dependent_with_an_owner_stays() -> None:
    owner = things.replicaset()
    assert garbage.reconcile(views.view_of(owner, owned(owner)), POD).writes == []


def test_an_owner_of_the_same_name_is_another_one() -> None:
    owner = things.replicaset()
    other = {**owner, "metadata": {**owner["metadata"], "uid": "new"}}
    assert views.verbs(garbage.reconcile(views.view_of(other, owned(owner)), POD)) == [("delete", "pods", "p")]


def test_a_dependent_keeps_the_owner_it_has_left() -> None:
    gone, there = things.replicaset(name="gone"), things.replicaset(name="there")
    plan = garbage.reconcile(views.view_of(there, owned(gone, there)), POD)
    assert views.verbs(plan) == [("update", "pods", "p")]
    assert [one["name"] for one in plan.writes[0].obj["metadata"]["ownerReferences"]] == ["there"]


def test_an_owner_of_a_kind_that_is_not_served_may_exist_elsewhere() -> None:
    pod = things.pod("p")
    pod["metadata"]["ownerReferences"] = [{"apiVersion": "example.com/v1", "kind": "Thing", "name": "t", "uid": "u"}]
    assert garbage.reconcile(views.view_of(pod), POD).writes == []


def test_an_owner_in_the_foreground_deletes_its_dependents_first() -> None:
    owner = deleting(things.replicaset(), garbage.FOREGROUND)
    plan = garbage.reconcile(views.view_of(owner, owned(owner)), OWNER)
    assert views.verbs(plan) == [("delete", "pods", "p")]


def test_an_owner_in_the_foreground_is_let_go_when_they_are_gone() -> None:
    plan = garbage.reconcile(views.view_of(deleting(things.replicaset(), garbage.FOREGROUND)), OWNER)
    assert plan.writes[0].obj["metadata"]["finalizers"] == []


def test_orphans_are_let_go_and_so_is_their_owner() -> None:
    owner = deleting(things.replicaset(), garbage.ORPHAN)
    plan = garbage.reconcile(views.view_of(owner, owned(owner)), OWNER)
    assert views.verbs(plan) == [("update", "pods", "p"), ("update", "replicasets.apps", "web-abc")]
    assert "ownerReferences" not in plan.writes[0].obj["metadata"]


def test_an_owner_that_is_gone_wakes_its_dependents() -> None:
    owner = things.replicaset()
    assert list(garbage.wake(views.view_of(owned(owner)), owner)) == [POD]


def test_a_dependent_that_is_gone_wakes_the_owner_that_waits() -> None:
    owner = deleting(things.replicaset(), garbage.FOREGROUND)
    assert list(garbage.wake(views.view_of(owner), owned(owner))) == [OWNER]


def test_an_object_with_a_living_owner_wakes_nobody() -> None:
    owner = things.replicaset()
    pod = owned(owner)
    assert list(garbage.wake(views.view_of(owner, pod), pod)) == []


def test_an_object_adopted_by_nobody_wakes_nobody() -> None:
    view = views.view_of(things.pod("p"))
    assert list(garbage.wake(view, view.list("pods")[0])) == []
    assert meta.uid(view.list("pods")[0]) == "u-p"
