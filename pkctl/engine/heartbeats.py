"""A node's own word on itself: its Node object's status and its Lease in kube-node-lease.

Follows the kubelet's nodestatus setters and node leases; what the cluster concludes from silence is controllers/nodes.
"""

from __future__ import annotations

from pkctl.objects import meta, times, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

RENEW_AFTER = 10.0
"""Seconds between two renewals of a node's lease."""

LEASE_SECONDS = 40
NAMESPACE = "kube-node-lease"

HEALTHY = (
    ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
)


def node(name: str, annotations: dict[str, str], facts: dict[str, Any]) -> Object:
    """A new Node object, as the kubelet registers itself."""
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": meta.at(facts, "nodeInfo", "architecture", default="amd64"),
    }
    labels |= {f"beta.{key}": labels[key] for key in ("kubernetes.io/os", "kubernetes.io/arch")}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": annotations},
        "spec": {},
    }


def status(node: Object, facts: dict[str, Any], problem: str, now: float) -> Object:
    """The node's status when its runtime answered with `facts`, or ({}) failed with `problem`; unchanged parts keep their times."""
    new: Object = meta.clone(node.get("status") or {})
    for field in ("capacity", "nodeInfo", "addresses", "images"):
        if field in facts:
            new[field] = facts[field]
    if "nodeInfo" in new:
        new["nodeInfo"] = {**new["nodeInfo"], "kubeletVersion": versions.git_version()}
    if "capacity" in facts:
        new["allocatable"] = dict(facts.get("allocatable") or facts["capacity"])
    new["daemonEndpoints"] = {"kubeletEndpoint": {"Port": 0}}
    conditions = [_condition(node, kind, "False", reason, text, now) for kind, reason, text in HEALTHY]
    ready = ("False", "KubeletNotReady", problem) if problem else ("True", "KubeletReady", "kubelet is posting ready status")
    new["conditions"] = [*conditions, _condition(node, "Ready", *ready, now)]
    return new


def _condition(node: Object, kind: str, state: str, reason: str, message: str, now: float) -> Object:
    known = meta.condition(node, kind) or {}
    same = known.get("status") == state
    return {
        "type": kind,
        "status": state,
        "lastHeartbeatTime": times.stamp(now),
        "lastTransitionTime": known.get("lastTransitionTime") if same else times.stamp(now),
        "reason": reason,
        "message": message,
    }


def has_changed(node: Object, new: Object) -> bool:
    """Whether a status says more than that time has passed."""

    def said(status: Object) -> Object:
        return {**status, "conditions": [{**item, "lastHeartbeatTime": ""} for item in status.get("conditions") or []]}

    return said(node.get("status") or {}) != said(new)


def is_stale(lease: Object | None, now: float) -> bool:
    """Whether the lease should be renewed."""
    renewed = meta.at(lease or {}, "spec", "renewTime")
    return renewed is None or now - times.parse(renewed) >= RENEW_AFTER


def lease(node: Object, known: Object | None, now: float) -> Object:
    """The node's lease, renewed now."""
    new: Object = meta.clone(known) if known else _new_lease(node)
    new["spec"]["renewTime"] = times.micro(now)
    return new


def _new_lease(node: Object) -> Object:
    owner = {"apiVersion": "v1", "kind": "Node", "name": meta.name(node), "uid": meta.uid(node)}
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": meta.name(node), "namespace": NAMESPACE, "ownerReferences": [owner]},
        "spec": {"holderIdentity": meta.name(node), "leaseDurationSeconds": LEASE_SECONDS},
    }
