"""Keeping a number of equal pods: what ReplicaSets and ReplicationControllers share.

Follows pkg/controller/replicaset/{replica_set,replica_set_utils}.go and pkg/controller/controller_utils.go. Not here: which of a
Deployment's ReplicaSets has how many replicas.
"""

from __future__ import annotations

import math

from pkctl.controllers import plan, writes
from pkctl.objects import meta, owners, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from pkctl.objects.meta import Object

BURST = 500
"""Most pods made or deleted in one plan."""

LONGEST_BASE = 58
"""Characters of a generated name before its suffix."""

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def pod_from_template(owner: Object, template: Object, suffix: str) -> Object:
    """A new pod of `template`, controlled by `owner`, with a generated name."""
    base = f"{meta.name(owner)}-"
    described = template.get("metadata") or {}
    metadata = {
        "name": base[:LONGEST_BASE] + suffix,
        "generateName": base,
        "namespace": meta.namespace(owner),
        **{field: meta.clone(described[field]) for field in ("labels", "annotations", "finalizers") if described.get(field)},
        "ownerReferences": [owners.reference(owner)],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": meta.clone(template.get("spec") or {})}


def creations(view: plan.View, owner: Object, template: Object, count: int, source: str) -> plan.Plan:
    """Make `count` pods, at most BURST at once."""
    pods = [pod_from_template(owner, template, view.suffix()) for _ in range(min(count, BURST))]
    return plan.Plan(
        [plan.Write("create", "pods", pod) for pod in pods],
        [plan.Event(owner, "Normal", "SuccessfulCreate", f"Created pod: {meta.name(pod)}", source) for pod in pods],
    )


def deletions(owner: Object, pods: Iterable[Object], source: str) -> plan.Plan:
    """Delete these pods."""
    doomed = list(pods)
    return plan.Plan(
        [plan.Write("delete", "pods", pod) for pod in doomed],
        [plan.Event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {meta.name(pod)}", source) for pod in doomed],
    )


def to_delete(pods: Sequence[Object], related: Iterable[Object], count: int, now: float) -> list[Object]:
    """The `count` pods that will be missed least (ActivePodsWithRanks); `related` are all pods of the same application."""
    count = min(count, BURST)
    if count >= len(pods):
        return list(pods)
    crowding: dict[str, int] = {}
    for pod in related:
        if writes.is_active(pod):
            node = str(meta.at(pod, "spec", "nodeName", default=""))
            crowding[node] = crowding.get(node, 0) + 1
    return sorted(pods, key=lambda pod: _rank(pod, crowding, now))[:count]


PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


def _rank(pod: Object, crowding: dict[str, int], now: float) -> tuple[Any, ...]:
    node = str(meta.at(pod, "spec", "nodeName", default=""))
    ready = meta.is_true(pod, "Ready")
    return (
        bool(node),
        PHASES.get(str(meta.at(pod, "status", "phase", default="Pending")), 0),
        ready,
        _cost(pod),
        -crowding.get(node, 0),
        _age_rank(_ready_since(pod), now) if ready else 0,
        -_restarts(pod),
        _age_rank(meta.created(pod), now),
        meta.uid(pod),
    )


def _cost(pod: Object) -> int:
    text = meta.annotations(pod).get(DELETION_COST, "0")
    try:
        return int(text)
    except ValueError:
        return 0


def _ready_since(pod: Object) -> float | None:
    text = (meta.condition(pod, "Ready") or {}).get("lastTransitionTime")
    return times.parse(text) if text else None


def _age_rank(since: float | None, now: float) -> float:
    """Ages on a logarithmic scale, so that among pods of about one age the choice is by uid."""
    if since is None:
        return -1
    age = now - since
    return math.floor(math.log2(age * 1e9)) if age > 0 else 0


def _restarts(pod: Object) -> int:
    return max((int(status.get("restartCount") or 0) for status in meta.at(pod, "status", "containerStatuses", default=[])), default=0)


def is_available(pod: Object, min_ready: int, now: float) -> bool:
    """Whether a pod has been ready for at least `min_ready` seconds."""
    return meta.is_true(pod, "Ready") and available_in(pod, min_ready, now) <= 0


def available_in(pod: Object, min_ready: int, now: float) -> float:
    """Seconds until a ready pod counts as available, 0 when it does."""
    if not min_ready:
        return 0.0
    return max(0.0, (_ready_since(pod) or now) + min_ready - now)


def status(owner: Object, active: Sequence[Object], labels: dict[str, str], now: float) -> dict[str, Any]:
    """The status counts of a pod set; `labels` are the template's."""
    min_ready = int(meta.at(owner, "spec", "minReadySeconds", default=0))
    ready = [pod for pod in active if meta.is_true(pod, "Ready")]
    fully = [pod for pod in active if labels.items() <= meta.labels(pod).items()]
    counts = {
        "fullyLabeledReplicas": len(fully),
        "readyReplicas": len(ready),
        "availableReplicas": sum(1 for pod in ready if is_available(pod, min_ready, now)),
        "observedGeneration": int(meta.at(owner, "metadata", "generation", default=0)),
        "conditions": meta.at(owner, "status", "conditions", default=[]),
    }
    return {"replicas": len(active), **writes.without_zeros(counts)}


def ending(pods: Iterable[Object]) -> int:
    """How many pods are on their way out and not yet finished."""
    return sum(1 for pod in pods if meta.is_deleting(pod) and meta.at(pod, "status", "phase") not in ("Succeeded", "Failed"))


def again_after(owner: Object, active: Iterable[Object], now: float) -> float | None:
    """Seconds until the next ready pod becomes available."""
    min_ready = int(meta.at(owner, "spec", "minReadySeconds", default=0))
    waits = [available_in(pod, min_ready, now) for pod in active if meta.is_true(pod, "Ready")]
    return min((wait for wait in waits if wait > 0), default=None)
