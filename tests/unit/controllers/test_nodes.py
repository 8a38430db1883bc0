from __future__ import annotations

from typing import Any

from pkctl.controllers import nodes
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

Object = dict[str, Any]
KEY = ("", "n1")


def lease(age: float) -> Object:
    metadata = things.metadata("n1", "kube-node-lease")
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": metadata,
        "spec": {"renewTime": times.stamp(views.NOW - age)},
    }


def node(**spec: Any) -> Object:
    return things.node("n1", **spec)


def running(name: str, *tolerations: Object) -> Object:
    return things.pod(name, node="n1", phase="Running", ready=True, spec={"tolerations": list(tolerations)})


def taints(plan: Any) -> list[tuple[str, str]]:
    found = next((write.obj for write in plan.writes if write.verb == "update" and write.kind == "nodes"), {})
    return [(one["key"], one["effect"]) for one in meta.at(found, "spec", "taints", default=[])]


SILENT = {"cluster": {"silent": {"n1": views.NOW - 41}}}


def test_a_node_that_was_heard_of_is_left_alone_until_its_lease_is_old() -> None:
    plan = nodes.reconcile(views.view_of(node(), lease(10), notes=SILENT), KEY)
    assert (plan.writes, plan.again_after) == ([], 30)


def test_a_silent_nodes_state_is_unknown() -> None:
    plan = nodes.reconcile(views.view_of(node(), lease(41), notes=SILENT), KEY)
    status = next(write for write in plan.writes if write.verb == "status" and write.kind == "nodes")
    found = meta.condition(status.obj, "Ready") or {}
    assert (found["status"], found["reason"], found["message"]) == (
        "Unknown",
        "NodeStatusUnknown",
        "Kubelet stopped posting node status.",
    )


def test_a_silent_node_is_tainted() -> None:
    plan = nodes.reconcile(views.view_of(node(), lease(41), notes=SILENT), KEY)
    assert taints(plan) == [("node.kubernetes.io/unreachable", "NoSchedule"), ("node.kubernetes.io/unreachable", "NoExecute")]


def test_silence_is_told() -> None:
    plan = nodes.reconcile(views.view_of(node(), lease(41), notes=SILENT), KEY)
    assert views.lines(plan) == [("Normal", "NodeNotReady", "Node n1 status is now: NodeNotReady")]


def test_nobody_is_blamed_for_the_time_in_which_nobody_watched() -> None:
    view = views.view_of(node(), lease(9999), notes={"cluster": {"silent": {"n1": views.NOW - 5}}})
    assert nodes.reconcile(view, KEY).again_after == 35


def test_a_node_that_is_not_ready_is_tainted_as_such() -> None:
    sick = node()
    sick["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    plan = nodes.reconcile(views.view_of(sick, lease(1)), KEY)
    assert [key for key, _ in taints(plan)] == ["node.kubernetes.io/not-ready"] * 2


def test_a_node_that_is_back_loses_its_taints_and_keeps_others() -> None:
    mine = {"key": "mine", "effect": "NoSchedule"}
    back = node(taints=[{"key": nodes.UNREACHABLE, "effect": "NoExecute"}, mine])
    plan = nodes.reconcile(views.view_of(back, lease(1)), KEY)
    assert taints(plan) == [("mine", "NoSchedule")]


def test_a_cordoned_node_is_tainted() -> None:
    plan = nodes.reconcile(views.view_of(node(unschedulable=True), lease(1)), KEY)
    assert taints(plan) == [("node.kubernetes.io/unschedulable", "NoSchedule")]


def test_the_pods_of_a_silent_node_are_not_ready() -> None:
    plan = nodes.reconcile(views.view_of(node(), lease(41), running("p"), notes=SILENT), KEY)
    status = next(write for write in plan.writes if write.kind == "pods")
    assert (meta.condition(status.obj, "Ready") or {})["status"] == "False"


def tainted(seconds_ago: float) -> Object:
    sick = node(taints=[
        {"key": nodes.UNREACHABLE, "effect": "NoSchedule"},
        {"key": nodes.UNREACHABLE, "effect": "NoExecute", "timeAdded": times.stamp(views.NOW - seconds_ago)},
    ])  # fmt: skip
    sick["status"]["conditions"] = [
        {"type": kind, "status": "Unknown"} for kind in ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
    ]
    return sick


TOLERATION = {"key": nodes.UNREACHABLE, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}


def test_a_pod_leaves_when_its_toleration_has_run_out() -> None:
    plan = nodes.reconcile(views.view_of(tainted(301), lease(999), running("p", TOLERATION)), KEY)
    assert ("delete", "pods", "p") in views.verbs(plan)
    assert ("Normal", "TaintManagerEviction", "Marking for deletion Pod demo/p") in views.lines(plan)


def test_a_pod_stays_as_long_as_it_tolerates() -> None:
    plan = nodes.reconcile(views.view_of(tainted(100), lease(999), running("p", TOLERATION)), KEY)
    assert ("delete", "pods", "p") not in views.verbs(plan)
    assert plan.again_after == 200


def test_a_pod_without_toleration_leaves_at_once() -> None:
    plan = nodes.reconcile(views.view_of(tainted(0), lease(999), running("p")), KEY)
    assert ("delete", "pods", "p") in views.verbs(plan)


def test_a_node_gets_the_lowest_free_share_of_the_clusters_addresses() -> None:
    other = things.node("n0")
    view = views.view_of(other, node(podCIDR=""), lease(1), notes={"cluster": {"podCIDR": "10.200.0.0/16"}})
    (write,) = nodes.reconcile(view, KEY).writes
    assert (write.obj["spec"]["podCIDR"], write.obj["spec"]["podCIDRs"]) == ("10.200.1.0/24", ["10.200.1.0/24"])


def test_the_pods_of_a_node_that_is_gone_are_deleted_by_force() -> None:
    (write,) = nodes.reconcile(views.view_of(running("p")), KEY).writes
    assert (write.verb, write.options) == ("delete", {"grace": 0})


def silent_newcomer(age: float) -> tuple[Any, Object]:
    """A view with a node that somebody made `age` seconds ago and that never said anything, and the node."""
    made = {**node(), "status": {}}
    made["metadata"]["creationTimestamp"] = times.stamp(views.NOW - age)
    return views.view_of(made, notes={"cluster": {"silent": {"n1": views.NOW - age}}}), made


def test_a_node_that_never_spoke_has_no_taints_at_first() -> None:
    view, made = silent_newcomer(41)
    made["spec"]["taints"] = [{"key": nodes.NOT_READY, "effect": "NoSchedule"}]
    plan = nodes.reconcile(view, KEY)
    assert (taints(plan), plan.again_after) == ([], 19)


def test_a_node_that_never_spoke_is_unknown_after_a_minute() -> None:
    view, made = silent_newcomer(61)
    plan = nodes.reconcile(view, KEY)
    status = next(write.obj for write in plan.writes if write.verb == "status")
    found = meta.condition(status, "Ready") or {}
    assert (found["reason"], found["lastHeartbeatTime"]) == ("NodeStatusNeverUpdated", made["metadata"]["creationTimestamp"])


def test_nothing_is_told_of_a_node_that_never_was_ready() -> None:
    assert nodes.reconcile(silent_newcomer(61)[0], KEY).events == []
