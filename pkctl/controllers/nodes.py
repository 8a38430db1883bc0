"""Nodes: what the cluster concludes from a node's silence, the taints that follow, who must leave, and which addresses it may give.

Follows pkg/controller/{nodelifecycle,tainteviction,podgc} and pkg/controller/nodeipam. A node is silent since it first failed to answer,
which the cluster's setting `silent` tells by node: an old lease alone says only that nobody watched.
"""

from __future__ import annotations

import ipaddress

from pkctl.controllers import plan, writes
from pkctl.controllers.scheduling import filters, nodes
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND, SOURCE = "nodes", "node-controller"
LEASES, LEASE_NAMESPACE = "leases.coordination.k8s.io", "kube-node-lease"

GRACE = 40.0
"""Seconds of silence after which a node's state is unknown."""

STARTUP_GRACE = 60.0
"""The same for a node that has never said how it is."""

PREFIX = 24
"""Size of one node's share of the cluster's pod CIDR."""

NOT_READY, UNREACHABLE = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
PRESSURES = {
    "MemoryPressure": "node.kubernetes.io/memory-pressure",
    "DiskPressure": "node.kubernetes.io/disk-pressure",
    "PIDPressure": "node.kubernetes.io/pid-pressure",
    "NetworkUnavailable": "node.kubernetes.io/network-unavailable",
}
CORDONED = "node.kubernetes.io/unschedulable"
KEPT_UP = frozenset({NOT_READY, UNREACHABLE, CORDONED, *PRESSURES.values()})


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Look after one node, or after the pods of one that is gone."""
    node = view.get(KIND, "", key[1])
    if node is None:
        return _bury(view, key[1])
    made = plan.Plan()
    status = _judged(view, node, made)
    judged = {**node, "status": status}
    changed = {**meta.clone(node), "spec": _spec(view, judged)}
    if (node.get("spec") or {}) == changed["spec"]:
        _evict(view, changed, made)
    else:
        made.writes.append(plan.Write("update", KIND, changed))
    made.writes += writes.status(KIND, node, status)
    if _state(judged) not in ("", "True"):
        _mark_pods(view, judged, made)
    return made


def _pods(view: plan.View, name: str) -> list[Object]:
    return [demand.pod for demand in nodes.places(view).at(name).demands.values()]


def _bury(view: plan.View, name: str) -> plan.Plan:
    """The pods of a node that no longer exists can't be ended by anybody else."""
    return plan.Plan(plan.Write("delete", "pods", pod, grace=0) for pod in _pods(view, name))


def _state(node: Object) -> str:
    """The status of Ready, "" as long as nobody has said anything."""
    known = meta.condition(node, "Ready")
    return str(known.get("status") or "Unknown") if known else ""


def _judged(view: plan.View, node: Object, made: plan.Plan) -> Object:
    """The status with what must be concluded from silence."""
    status: Object = node.get("status") or {}
    silent = view.notes("cluster").get("silent", {}).get(meta.name(node))
    if silent is None:
        return status
    lease = view.get(LEASES, LEASE_NAMESPACE, meta.name(node))
    text = meta.at(lease or {}, "spec", "renewTime")
    heard = max(times.parse(text) if text else meta.created(node) or 0.0, float(silent))
    left = heard + (GRACE if _state(node) else STARTUP_GRACE) - view.now
    if left > 0:
        made.again_after = left
        return status
    if _state(node) == "True":
        text = f"Node {meta.name(node)} status is now: NodeNotReady"
        made.events.append(plan.Event(node, "Normal", "NodeNotReady", text, SOURCE))
    return {**status, "conditions": _unknown(view, node)}


def _unknown(view: plan.View, node: Object) -> list[Object]:
    conditions: list[Object] = meta.at(node, "status", "conditions", default=[])
    for kind in ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure"):
        known = next((one for one in conditions if one["type"] == kind), None)
        if known and known["status"] == "Unknown":
            continue
        silent = ("NodeStatusUnknown", "Kubelet stopped posting node status.")
        never = ("NodeStatusNeverUpdated", "Kubelet never posted node status.")
        made = writes.condition(kind, "Unknown", *(silent if known else never), view.now)
        heartbeat = known.get("lastHeartbeatTime") if known else meta.at(node, "metadata", "creationTimestamp")
        conditions = writes.with_condition(conditions, {**made, "lastHeartbeatTime": heartbeat or times.stamp(view.now)})
    return conditions


def _spec(view: plan.View, node: Object) -> Object:
    spec: Object = meta.clone(node.get("spec") or {})
    wanted = _wanted_taints(node)
    known = {(one["key"], one["effect"]): one for one in spec.get("taints") or []}
    taints = [one for place, one in known.items() if place[0] not in KEPT_UP or place in wanted]
    taints += [_taint(view, *place) for place in wanted if place not in known]
    if taints:
        spec["taints"] = taints
    else:
        spec.pop("taints", None)
    if not spec.get("podCIDR") and (cidr := free_cidr(view)):
        spec |= {"podCIDR": cidr, "podCIDRs": [cidr]}
    return spec


def _taint(view: plan.View, key: str, effect: str) -> Object:
    return {"key": key, "effect": effect, "timeAdded": times.stamp(view.now)}


def _wanted_taints(node: Object) -> list[tuple[str, str]]:
    state = _state(node)
    found = [(PRESSURES[one["type"]], "NoSchedule") for one in meta.at(node, "status", "conditions", default=[]) if _is_pressed(one)]
    if state not in ("", "True"):
        key = UNREACHABLE if state == "Unknown" else NOT_READY
        found += [(key, "NoSchedule"), (key, "NoExecute")]
    if meta.at(node, "spec", "unschedulable"):
        found.append((CORDONED, "NoSchedule"))
    return found


def _is_pressed(condition: Object) -> bool:
    return condition["type"] in PRESSURES and condition["status"] == "True"


def free_cidr(view: plan.View) -> str | None:
    """A share of the cluster's pod CIDR that no node has; None when there is none, or no CIDR at all.

    The search begins at a share of the cluster's own, since two clusters of one machine may have the same pod CIDR.
    """
    settings = view.notes("cluster")
    whole = settings.get("podCIDR")
    if not whole:
        return None
    taken = {meta.at(one, "spec", "podCIDR") for one in view.list(KIND)}
    network = ipaddress.ip_network(whole)
    shares = [str(share) for share in network.subnets(new_prefix=max(PREFIX, network.prefixlen))]
    first = int(str(settings.get("id") or "0").replace("-", "")[-4:], 16) % len(shares)
    return next((share for share in (*shares[first:], *shares[:first]) if share not in taken), None)


def _evict(view: plan.View, node: Object, made: plan.Plan) -> None:
    """Delete the pods that do not tolerate a NoExecute taint, or no longer."""
    taints = [one for one in meta.at(node, "spec", "taints", default=[]) if one["effect"] == "NoExecute"]
    for pod in _pods(view, meta.name(node)) if taints else []:
        left = _tolerated_for(view, pod, taints)
        if left is None or meta.is_deleting(pod):
            continue
        if left > 0:
            made.again_after = left if made.again_after is None else min(made.again_after, left)
            continue
        text = "Taint manager: deleting due to NoExecute taint"
        doomed = writes.condition("DisruptionTarget", "True", "DeletionByTaintManager", text, view.now)
        status = {**(pod.get("status") or {})}
        status["conditions"] = writes.with_condition(status.get("conditions"), {"lastProbeTime": None, **doomed})
        made.writes += [*writes.status("pods", pod, status), plan.Write("delete", "pods", pod)]
        text = f"Marking for deletion Pod {meta.namespace(pod)}/{meta.name(pod)}"
        made.events.append(plan.Event(pod, "Normal", "TaintManagerEviction", text, "taint-eviction-controller"))


def _tolerated_for(view: plan.View, pod: Object, taints: list[Object]) -> float | None:
    """Seconds a pod may stay; None for ever."""
    ends: list[float] = []
    for taint in taints:
        matching = [one for one in meta.at(pod, "spec", "tolerations", default=[]) if filters.tolerates([one], taint)]
        if not matching:
            return 0.0
        limits = [float(one["tolerationSeconds"]) for one in matching if one.get("tolerationSeconds") is not None]
        if limits:
            added = times.parse(taint["timeAdded"]) if taint.get("timeAdded") else view.now
            ends.append(added + max(min(limits), 0.0))
    return max(min(ends) - view.now, 0.0) if ends else None


def _mark_pods(view: plan.View, node: Object, made: plan.Plan) -> None:
    """The pods of a node that is not ready are not ready either, whatever they said last."""
    doomed = {meta.uid(write.obj) for write in made.writes if write.kind == "pods"}
    for pod in _pods(view, meta.name(node)):
        known = meta.condition(pod, "Ready")
        if known is None or known["status"] != "True" or meta.uid(pod) in doomed:
            continue
        changed = {**known, "status": "False", "lastTransitionTime": times.stamp(view.now)}
        status = {**pod["status"], "conditions": writes.with_condition(pod["status"]["conditions"], changed)}
        made.writes += writes.status("pods", pod, status)
        made.events.append(plan.Event(pod, "Warning", "NodeNotReady", "Node is not ready", SOURCE))
