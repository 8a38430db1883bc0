"""What Go's typed objects print that a manifest does not say: structs that are never left out, by kind.

kubectl's `set` verbs read files into typed objects, so `--local -o yaml` shows these empty fields.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

STATUS: dict[str, Object] = {
    "Deployment": {}, "Pod": {}, "Job": {}, "CronJob": {}, "ReplicaSet": {"replicas": 0}, "ReplicationController": {"replicas": 0},
    "StatefulSet": {"availableReplicas": 0, "replicas": 0}, "Service": {"loadBalancer": {}},
    "DaemonSet": {"currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0, "numberReady": 0},
}  # fmt: skip
STRATEGY = {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}


def filled(obj: Object) -> Object:
    """A copy with the empty structs of its type."""
    from pkctl.objects import meta

    obj = meta.clone(obj)
    kind = str(obj.get("kind"))
    if kind not in STATUS:
        return obj
    spec = obj.setdefault("spec", {})
    obj.setdefault("status", dict(STATUS[kind]))
    if kind in STRATEGY:
        spec.setdefault(STRATEGY[kind], {})
    if kind == "Service":
        for port in spec.get("ports") or []:
            port.setdefault("targetPort", 0)
    if kind == "CronJob":
        job = spec.setdefault("jobTemplate", {})
        job.setdefault("metadata", {})
        spec = job.setdefault("spec", {})
    if kind not in ("Service", "Pod"):
        template = spec.setdefault("template", {})
        template.setdefault("metadata", {})
        spec = template.setdefault("spec", {})
    for container in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]:
        container.setdefault("resources", {})
    return obj
