"""What the counts in a workload's status may be. Follows ValidateDeploymentStatusUpdate and its likes in pkg/apis/apps/validation."""

from __future__ import annotations

from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

NEGATIVE = "must be greater than or equal to 0"
COUNTS = {
    "deployments": ("observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas",
                    "collisionCount"),
    "replicasets": ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"),
    "statefulsets": ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", "observedGeneration",
                     "collisionCount"),
    "daemonsets": ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration",
                   "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"),
    "poddisruptionbudgets": ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"),
    "horizontalpodautoscalers": ("currentReplicas", "desiredReplicas"),
}  # fmt: skip
"""By plural, what is counted, in the order in which it is judged."""

PARTS = {
    "deployments": ("updatedReplicas", "readyReplicas", "availableReplicas"),
    "replicasets": ("fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
    "statefulsets": ("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"),
}
"""Of these, what counts some of the replicas."""


def validate(plural: str, new: Object, old: Object | None) -> list[Problem]:
    """No count below 0, no part above the whole, no collision forgotten."""
    status = new.get("status") or {}
    found = [fields.invalid(f"status.{name}", status[name], NEGATIVE) for name in COUNTS[plural] if (status.get(name) or 0) < 0]
    whole, ready = status.get("replicas") or 0, status.get("readyReplicas") or 0
    above = [name for name in PARTS.get(plural, ()) if (status.get(name) or 0) > whole]
    found += [fields.invalid(f"status.{name}", status.get(name) or 0, "cannot be greater than status.replicas") for name in above]
    if plural in PARTS and (status.get("availableReplicas") or 0) > ready:
        word = "status.readyReplicas" if plural == "statefulsets" else "readyReplicas"
        found.append(fields.invalid("status.availableReplicas", status.get("availableReplicas") or 0, f"cannot be greater than {word}"))
    before = ((old or {}).get("status") or {}).get("collisionCount")
    if "collisionCount" in COUNTS[plural] and before is not None and (status.get("collisionCount") or 0) < before:
        found.append(fields.invalid("status.collisionCount", status.get("collisionCount") or 0, "cannot be decremented"))
    return found
