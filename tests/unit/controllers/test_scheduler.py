from __future__ import annotations

from typing import Any

import pytest

from pkctl.controllers import scheduler, wakes
from pkctl.objects import meta
from tests.unit.controllers import things, views

Object = dict[str, Any]
KEY = ("demo", "p")


def chosen(*objects: Object) -> str:
    """The node a pod `p` is bound to, "" when it is not."""
    plan = scheduler.reconcile(views.view_of(*objects), KEY)
    binding = [write for write in plan.writes if write.options.get("subresource") == "binding"]
    return str(meta.at(binding[0].obj, "spec", "nodeName")) if binding else ""


def complaint(*objects: Object) -> str:
    """The message of an unschedulable pod `p`."""
    plan = scheduler.reconcile(views.view_of(*objects), KEY)
    assert [verb for verb, _, _ in views.verbs(plan)] == ["status"]
    found = meta.condition(plan.writes[0].obj, "PodScheduled") or {}
    assert views.lines(plan) == [("Warning", "FailedScheduling", found["message"])]
    return str(found["message"])


def only(reason: str, outlook: str, nodes: int = 1) -> str:
    return f"0/{nodes} nodes are available: {nodes} {reason}. preemption: 0/{nodes} nodes are available: {nodes} {outlook}."


HOPELESS, NO_VICTIMS = "Preemption is not helpful for scheduling", "No preemption victims found for incoming pod"


def pod(**spec: Any) -> Object:
    return things.pod("p", spec=spec)


def test_a_pod_is_bound_and_that_is_told() -> None:
    plan = scheduler.reconcile(views.view_of(pod(), things.node("n1")), KEY)
    assert plan.writes[0].obj["spec"]["nodeName"] == "n1"
    assert (meta.condition(plan.writes[0].obj, "PodScheduled") or {})["status"] == "True"
    assert views.lines(plan) == [("Normal", "Scheduled", "Successfully assigned demo/p to n1")]


def test_a_cluster_without_nodes_has_no_place() -> None:
    assert complaint(pod()) == "no nodes available to schedule pods"


def test_a_pod_that_asks_for_more_than_is_left_waits_for_victims() -> None:
    big = views.owned_by(things.deployment(), things.requesting("other", cpu="3"))
    big["spec"]["nodeName"] = "n1"
    assert complaint(things.requesting("p", cpu="2"), big, things.node("n1")) == only("Insufficient cpu", NO_VICTIMS)


def test_a_pod_that_asks_for_more_than_a_node_has_is_hopeless() -> None:
    assert complaint(things.requesting("p", memory="9Gi"), things.node("n1")) == only("Insufficient memory", HOPELESS)


def test_a_full_node_has_too_many_pods() -> None:
    assert complaint(pod(), things.pod("q", node="n1"), things.node("n1", pods="1")) == only("Too many pods", NO_VICTIMS)


def test_finished_pods_take_no_room() -> None:
    assert chosen(pod(), things.pod("q", node="n1", phase="Succeeded"), things.node("n1", pods="1")) == "n1"


def test_a_node_selector_must_match() -> None:
    nodes = things.node("n1"), things.node("n2", labels={"disk": "ssd"})
    assert chosen(pod(nodeSelector={"disk": "ssd"}), *nodes) == "n2"


def test_an_unmatched_node_selector_is_told() -> None:
    text = only("node(s) didn't match Pod's node affinity/selector", HOPELESS)
    assert complaint(pod(nodeSelector={"disk": "ssd"}), things.node("n1")) == text


def affinity(operator: str, *values: str) -> Object:
    term = {"matchExpressions": [{"key": "size", "operator": operator, "values": list(values)}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}


@pytest.mark.parametrize(
    ("operator", "values", "node"),
    [("In", ("5",), "n5"), ("NotIn", ("5",), "n9"), ("Gt", ("6",), "n9"), ("Lt", ("6",), "n5"), ("DoesNotExist", (), ""), ("In", (), "")],
)
def test_node_affinity_knows_every_operator(operator: str, values: tuple[str, ...], node: str) -> None:
    nodes = things.node("n5", labels={"size": "5"}), things.node("n9", labels={"size": "9"})
    assert chosen(pod(affinity=affinity(operator, *values)), *nodes) == node


TAINT = {"key": "a", "value": "b", "effect": "NoSchedule"}


def test_a_taint_keeps_pods_away() -> None:
    assert complaint(pod(), things.node("n1", taints=[TAINT])) == only("node(s) had untolerated taint(s)", HOPELESS)


@pytest.mark.parametrize(
    "toleration",
    [
        {"operator": "Exists"},
        {"key": "a", "operator": "Exists"},
        {"key": "a", "value": "b"},
        {"key": "a", "value": "b", "effect": "NoSchedule"},
    ],
    ids=["all", "key", "value", "effect"],
)
def test_a_toleration_lets_a_pod_in(toleration: Object) -> None:
    assert chosen(pod(tolerations=[toleration]), things.node("n1", taints=[TAINT])) == "n1"


def test_a_toleration_of_another_effect_does_not() -> None:
    assert chosen(pod(tolerations=[{"key": "a", "operator": "Exists", "effect": "NoExecute"}]), things.node("n1", taints=[TAINT])) == ""


def test_a_cordoned_node_gets_no_pods() -> None:
    assert complaint(pod(), things.node("n1", unschedulable=True)) == only("node(s) were unschedulable", HOPELESS)


def with_port(name: str, port: int, **more: Any) -> Object:
    return things.pod(
        name, spec={"containers": [{"name": "web", "image": "i", "ports": [{"containerPort": port, "hostPort": port, **more}]}]}
    )


def test_a_host_port_is_given_once() -> None:
    other = with_port("q", 80)
    other["spec"]["nodeName"] = "n1"
    text = only("node(s) didn't have free ports for the requested pod ports", NO_VICTIMS)
    assert complaint(with_port("p", 80), other, things.node("n1")) == text


def test_host_ports_of_two_protocols_do_not_clash() -> None:
    other = with_port("q", 80, protocol="UDP")
    other["spec"]["nodeName"] = "n1"
    assert chosen(with_port("p", 80), other, things.node("n1")) == "n1"


def term(key: str = "kubernetes.io/hostname") -> Object:
    return {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": key}


REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def test_pod_anti_affinity_keeps_pods_apart() -> None:
    apart = pod(affinity={"podAntiAffinity": {REQUIRED: [term()]}})
    assert chosen(apart, things.pod("q", node="n1"), things.node("n1"), things.node("n2")) == "n2"


def test_running_pods_may_refuse_company() -> None:
    hermit = things.pod("q", node="n1", spec={"affinity": {"podAntiAffinity": {REQUIRED: [term()]}}})
    text = only("node(s) didn't satisfy existing pods anti-affinity rules", NO_VICTIMS)
    assert complaint(pod(), hermit, things.node("n1")) == text


def test_pod_affinity_brings_pods_together() -> None:
    together = pod(affinity={"podAffinity": {REQUIRED: [term()]}})
    assert chosen(together, things.pod("q", node="n2"), things.node("n1"), things.node("n2")) == "n2"


def test_the_first_of_a_group_may_start_anywhere() -> None:
    assert chosen(pod(affinity={"podAffinity": {REQUIRED: [term()]}}), things.node("n1")) == "n1"


def test_pod_affinity_to_others_that_are_not_there_waits() -> None:
    lonely = pod(affinity={"podAffinity": {REQUIRED: [{**term(), "labelSelector": {"matchLabels": {"app": "db"}}}]}})
    assert complaint(lonely, things.node("n1")) == only("node(s) didn't match pod affinity rules", HOPELESS)


def spread(most: int = 1, when: str = "DoNotSchedule") -> Object:
    return {"maxSkew": most, "topologyKey": "zone", "whenUnsatisfiable": when, "labelSelector": {"matchLabels": {"app": "web"}}}


def test_a_hard_spread_constraint_evens_out_zones() -> None:
    nodes = things.node("n1", labels={"zone": "a"}), things.node("n2", labels={"zone": "b"})
    assert chosen(pod(topologySpreadConstraints=[spread()]), things.pod("q", node="n1"), *nodes) == "n2"


def test_a_hard_spread_constraint_refuses_a_skew() -> None:
    nodes = things.node("n1", labels={"zone": "a"}), things.node("n2", labels={"zone": "b"}, unschedulable=True)
    text = complaint(pod(topologySpreadConstraints=[spread()]), things.pod("q", node="n1"), *nodes)
    assert text.startswith(
        "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable. preemption: "
    )


def test_reasons_are_counted_and_sorted() -> None:
    nodes = things.node("n1", cpu="1"), things.node("n2", taints=[TAINT]), things.node("n3", cpu="1")
    assert complaint(things.requesting("p", cpu="2"), *nodes) == (
        "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. "
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )


def test_the_emptier_node_is_better() -> None:
    busy = things.requesting("q", cpu="3")
    busy["spec"]["nodeName"] = "n1"
    assert chosen(pod(), busy, things.node("n1"), things.node("n2")) == "n2"


def test_pods_of_one_owner_are_spread() -> None:
    owner = things.replicaset()
    objects = [views.owned_by(owner, things.pod("q", node="n2")), views.owned_by(owner, pod())]
    assert chosen(*objects, things.node("n1"), things.node("n2")) == "n1"


def test_a_preferred_node_is_chosen() -> None:
    preference = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
    wish = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": preference}]}}
    nodes = things.node("n1"), things.node("n2", labels={"disk": "ssd"}), things.node("n3")
    assert chosen(pod(affinity=wish), *nodes) == "n2"


def test_a_node_that_has_the_image_is_chosen() -> None:
    node = things.node("n2")
    node["status"]["images"] = [{"names": ["web:1"], "sizeBytes": 900 << 20}]
    assert chosen(pod(), things.node("n1"), node, things.node("n3")) == "n2"


def test_a_node_with_a_soft_taint_is_avoided() -> None:
    soft = {"key": "a", "effect": "PreferNoSchedule"}
    assert chosen(pod(), things.node("n1", taints=[soft]), things.node("n2")) == "n2"


def test_a_gated_pod_is_left_alone_without_an_event() -> None:
    plan = scheduler.reconcile(views.view_of(pod(schedulingGates=[{"name": "g"}]), things.node("n1")), KEY)
    assert (meta.condition(plan.writes[0].obj, "PodScheduled") or {})["reason"] == "SchedulingGated"
    assert plan.events == []


def test_a_pod_of_another_scheduler_is_left_alone() -> None:
    assert scheduler.reconcile(views.view_of(pod(schedulerName="mine"), things.node("n1")), KEY).writes == []


def test_a_missing_claim_is_told() -> None:
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]
    assert complaint(pod(volumes=volumes), things.node("n1")) == (
        '0/1 nodes are available: persistentvolumeclaim "data" not found. '
        "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    )


def test_what_was_said_is_not_said_again() -> None:
    view = views.view_of(pod())
    view.apply(scheduler.reconcile(view, KEY))
    plan = scheduler.reconcile(view, KEY)
    assert (plan.writes, plan.events) == ([], [])


def test_a_waiting_pod_is_woken_by_nodes_and_by_pods_that_end() -> None:
    view = views.view_of(pod(), things.pod("q", node="n1", phase="Succeeded"))
    view.apply(scheduler.reconcile(view, KEY))
    assert list(wakes.waiting_for_nodes(view, {})) == [KEY]
    assert list(wakes.unscheduled(view, view.list("pods")[1])) == [KEY]


def test_a_pod_never_bound_wakes_itself_alone() -> None:
    view = views.view_of(pod())
    assert list(wakes.unscheduled(view, view.list("pods")[0])) == [KEY]
