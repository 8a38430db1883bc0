from __future__ import annotations

import pytest

from pkctl.controllers import podsets, replicasets, replicationcontrollers
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

KEY = ("demo", "web-abc")


def owned(owner: things.Object, *pods: things.Object) -> list[things.Object]:
    return [views.owned_by(owner, pod) for pod in pods]


def test_missing_pods_are_made_with_generated_names() -> None:
    plan = replicasets.reconcile(views.view_of(things.replicaset(2)), KEY)
    assert views.verbs(plan)[:2] == [("create", "pods", "web-abc-00001"), ("create", "pods", "web-abc-00002")]


def test_each_pod_made_is_told_in_an_event() -> None:
    plan = replicasets.reconcile(views.view_of(things.replicaset(1)), KEY)
    assert views.lines(plan) == [("Normal", "SuccessfulCreate", "Created pod: web-abc-00001")]


def test_a_new_pod_has_the_templates_labels_and_the_set_as_controller() -> None:
    plan = replicasets.reconcile(views.view_of(things.replicaset(1)), KEY)
    metadata = plan.writes[0].obj["metadata"]
    assert metadata["labels"] == {"app": "web"}
    assert metadata["ownerReferences"][0]["controller"] is True


def test_a_long_name_is_cut_before_the_suffix() -> None:
    owner = things.replicaset(1, name="w" * 70)
    plan = replicasets.reconcile(views.view_of(owner), ("demo", "w" * 70))
    assert meta.name(plan.writes[0].obj) == "w" * 58 + "00001"


def test_no_more_than_a_burst_is_made_at_once() -> None:
    plan = replicasets.reconcile(views.view_of(things.replicaset(700)), KEY)
    assert sum(1 for write in plan.writes if write.verb == "create") == podsets.BURST


def test_surplus_pods_are_deleted_unready_ones_first() -> None:
    owner = things.replicaset(1)
    pods = owned(owner, things.pod("a", node="n", phase="Running", ready=True), things.pod("b", node="n", phase="Running"))
    plan = replicasets.reconcile(views.view_of(owner, *pods), KEY)
    assert ("delete", "pods", "b") in views.verbs(plan)
    assert views.lines(plan) == [("Normal", "SuccessfulDelete", "Deleted pod: b")]


def test_a_matching_orphan_is_adopted_and_counts() -> None:
    plan = replicasets.reconcile(views.view_of(things.replicaset(1), things.pod("stray")), KEY)
    assert views.verbs(plan) == [("update", "pods", "stray"), ("status", "replicasets.apps", "web-abc")]


def test_a_pod_that_no_longer_matches_is_released_and_replaced() -> None:
    owner = things.replicaset(1)
    (pod,) = owned(owner, things.pod("a", labels={"app": "other"}))
    plan = replicasets.reconcile(views.view_of(owner, pod), KEY)
    assert views.verbs(plan)[:2] == [("update", "pods", "a"), ("create", "pods", "web-abc-00001")]
    assert "ownerReferences" not in plan.writes[0].obj["metadata"]


def test_finished_and_ending_pods_do_not_count() -> None:
    owner = things.replicaset(2)
    pods = owned(owner, things.pod("a", phase="Failed"), things.pod("b", metadata={"deletionTimestamp": times.stamp(views.NOW)}))
    plan = replicasets.reconcile(views.view_of(owner, *pods), KEY)
    assert len(views.lines(plan)) == 2


def test_a_set_that_is_being_deleted_makes_nothing() -> None:
    owner = things.replicaset(2)
    owner["metadata"]["deletionTimestamp"] = times.stamp(views.NOW)
    plan = replicasets.reconcile(views.view_of(owner), KEY)
    assert [verb for verb, _, _ in views.verbs(plan)] == ["status"]


def test_nothing_is_made_in_a_namespace_that_ends() -> None:
    ending = things.namespace("demo", deletionTimestamp=times.stamp(views.NOW))
    plan = replicasets.reconcile(views.view_of(ending, things.replicaset(2)), KEY)
    assert "create" not in [verb for verb, _, _ in views.verbs(plan)]


def test_the_status_counts_what_is_there() -> None:
    owner = things.replicaset(2)
    pods = owned(owner, things.pod("a", node="n", phase="Running", ready=True), things.pod("b", node="n", phase="Running"))
    plan = replicasets.reconcile(views.view_of(owner, *pods), KEY)
    assert plan.writes[-1].obj["status"] == {
        "replicas": 2,
        "terminatingReplicas": 0,
        "fullyLabeledReplicas": 2,
        "readyReplicas": 1,
        "availableReplicas": 1,
        "observedGeneration": 1,
    }


def test_a_ready_pod_is_available_only_after_min_ready_seconds() -> None:
    owner = things.replicaset(1, minReadySeconds=100)
    (pod,) = owned(owner, things.pod("a", node="n", phase="Running", ready=True))
    plan = replicasets.reconcile(views.view_of(owner, pod), KEY)
    assert "availableReplicas" not in plan.writes[-1].obj["status"]
    assert plan.again_after == 40


def test_a_settled_set_asks_for_nothing() -> None:
    view = views.view_of(things.replicaset(1))
    for _ in range(2):
        view.apply(replicasets.reconcile(view, KEY))
    plan = replicasets.reconcile(view, KEY)
    assert (plan.writes, plan.events, plan.again_after) == ([], [], None)


ORDER = {
    "unassigned before assigned": (things.pod("x"), things.pod("y", node="n")),
    "pending before running": (things.pod("x", node="n"), things.pod("y", node="n", phase="Running")),
    "unready before ready": (things.pod("x", node="n", phase="Running"), things.pod("y", node="n", phase="Running", ready=True)),
    "cheaper before dearer": (
        things.pod("x", node="n", phase="Running", ready=True, metadata={"annotations": {podsets.DELETION_COST: "-1"}}),
        things.pod("y", node="n", phase="Running", ready=True),
    ),
    "restarted before steady": (
        things.pod("x", node="n", phase="Running", ready=True, status={"containerStatuses": [{"restartCount": 3}]}),
        things.pod("y", node="n", phase="Running", ready=True),
    ),
    "younger before older": (
        things.pod("x", node="n", phase="Running", ready=True, metadata={"creationTimestamp": times.stamp(views.NOW - 100)}),
        things.pod("y", node="n", phase="Running", ready=True, metadata={"creationTimestamp": times.stamp(views.NOW - 90000)}),
    ),
}


@pytest.mark.parametrize(("first", "second"), ORDER.values(), ids=ORDER.keys())
def test_pods_are_deleted_in_kubernetes_order(first: things.Object, second: things.Object) -> None:
    chosen = podsets.to_delete([second, first], [first, second], 1, views.NOW)
    assert chosen == [first]


def test_of_equal_pods_the_one_on_the_crowded_node_goes_first() -> None:
    pods = [things.pod(name, node=node, phase="Running", ready=True) for name, node in (("a", "n1"), ("b", "n2"), ("c", "n2"))]
    assert meta.at(podsets.to_delete(pods, pods, 1, views.NOW)[0], "spec", "nodeName") == "n2"


def test_a_replication_controller_has_a_bare_selector_and_no_terminating_count() -> None:
    owner = {
        "apiVersion": "v1",
        "kind": "ReplicationController",
        "metadata": things.metadata("old"),
        "spec": {"replicas": 1, "selector": {"app": "web"}, "template": things.template()},
    }
    plan = replicationcontrollers.reconcile(views.view_of(owner, things.pod("stray")), ("demo", "old"))
    assert views.verbs(plan) == [("update", "pods", "stray"), ("status", "replicationcontrollers", "old")]
    assert "terminatingReplicas" not in plan.writes[-1].obj["status"]
