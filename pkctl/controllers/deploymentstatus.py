"""A Deployment's status: counts, Available, Progressing with its deadline.

Follows pkg/controller/deployment/{sync,progress}.go.
"""

from __future__ import annotations

from pkctl.controllers import deploymentmath as sums
from pkctl.controllers import writes
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object


def condition(type: str, status: str, reason: str, message: str, now: float) -> Object:
    """A condition with both of a Deployment's times."""
    stamp = times.stamp(now)
    return {
        "type": type,
        "status": status,
        "lastUpdateTime": stamp,
        "lastTransitionTime": stamp,
        "reason": reason,
        "message": message,
    }


def with_condition(conditions: list[Object], new: Object) -> list[Object]:
    """As upstream: nothing changes while status and reason stay; else the new one goes last."""
    old = next((one for one in conditions if one["type"] == new["type"]), None)
    if old and (old["status"], old["reason"]) == (new["status"], new["reason"]):
        return conditions
    if old and old["status"] == new["status"]:
        new = {**new, "lastTransitionTime": old.get("lastTransitionTime", new["lastTransitionTime"])}
    return [*(one for one in conditions if one["type"] != new["type"]), new]


def paused_condition(deployment: Object, now: float) -> Object | None:
    """The condition that says a Deployment was just paused or resumed, so that the deadline does not run meanwhile."""
    if not has_deadline(deployment):
        return None
    known = meta.condition(deployment, "Progressing") or {}
    if known.get("reason") == "ProgressDeadlineExceeded":
        return None
    is_paused, was_paused = bool(deployment["spec"].get("paused")), known.get("reason") == "DeploymentPaused"
    if is_paused and not was_paused:
        return condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now)
    if was_paused and not is_paused:
        return condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now)
    return None


def has_deadline(deployment: Object) -> bool:
    """Whether a rollout may be called stuck."""
    return int(meta.at(deployment, "spec", "progressDeadlineSeconds", default=sums.FOREVER)) != sums.FOREVER


def counts(deployment: Object, sets: list[Object], new: Object | None, conditions: list[Object], now: float) -> dict[str, Any]:
    """The status without regard to progress."""
    available = sums.counted(sets, "availableReplicas")
    wanted = sums.replicas(deployment)
    if available >= wanted - sums.max_unavailable(deployment):
        minimum = condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    else:
        minimum = condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now)
    fields = {
        "observedGeneration": int(meta.at(deployment, "metadata", "generation", default=0)),
        "replicas": sums.counted(sets, "replicas"),
        "updatedReplicas": sums.counted([new] if new else [], "replicas"),
        "readyReplicas": sums.counted(sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(sums.total(sets) - available, 0),
        "conditions": with_condition(conditions, minimum),
    }
    status: dict[str, Any] = {**writes.without_zeros(fields), "terminatingReplicas": sums.counted(sets, "terminatingReplicas")}
    if (collisions := meta.at(deployment, "status", "collisionCount")) is not None:
        status["collisionCount"] = collisions
    return status


def is_complete(deployment: Object, status: dict[str, Any]) -> bool:
    """Whether the rollout is over: everything new, everything there, nothing old."""
    wanted = sums.replicas(deployment)
    seen = int(status.get("observedGeneration") or 0) >= int(meta.at(deployment, "metadata", "generation", default=0))
    return seen and all(int(status.get(field) or 0) == wanted for field in ("updatedReplicas", "replicas", "availableReplicas"))


def _has_progressed(old: dict[str, Any], new: dict[str, Any]) -> bool:
    def number(status: dict[str, Any], field: str) -> int:
        return int(status.get(field) or 0)

    outdated_then = number(old, "replicas") - number(old, "updatedReplicas")
    outdated_now = number(new, "replicas") - number(new, "updatedReplicas")
    grown = any(number(new, field) > number(old, field) for field in ("updatedReplicas", "readyReplicas", "availableReplicas"))
    return grown or outdated_now < outdated_then


def deadline_in(deployment: Object, status: dict[str, Any], now: float) -> float | None:
    """Seconds until the rollout counts as stuck, None when it can't."""
    known = _progressing(status)
    if not has_deadline(deployment) or known is None or known["reason"] in ("NewReplicaSetAvailable", "ProgressDeadlineExceeded"):
        return None
    if known["reason"] == "DeploymentPaused":
        return None
    return times.parse(known["lastUpdateTime"]) + int(deployment["spec"]["progressDeadlineSeconds"]) - now


def _progressing(status: dict[str, Any]) -> Object | None:
    return next((one for one in status.get("conditions") or [] if one["type"] == "Progressing"), None)


def rolled(deployment: Object, sets: list[Object], new: Object | None, conditions: list[Object], now: float) -> dict[str, Any]:
    """The status while a rollout goes on (syncRolloutStatus)."""
    status = counts(deployment, sets, new, conditions, now)
    if not has_deadline(deployment):
        return {**status, "conditions": [one for one in status["conditions"] if one["type"] != "Progressing"]}
    known = _progressing(status)
    settled = status.get("replicas", 0) == status.get("updatedReplicas", 0) and known and known["reason"] == "NewReplicaSetAvailable"
    if settled:
        return status
    return {**status, "conditions": _progress(deployment, status, known, new, now)}


def _progress(deployment: Object, status: dict[str, Any], known: Object | None, new: Object | None, now: float) -> list[Object]:
    what = f'ReplicaSet "{meta.name(new)}"' if new else f'Deployment "{meta.name(deployment)}"'
    conditions: list[Object] = status["conditions"]
    if is_complete(deployment, status):
        done = condition("Progressing", "True", "NewReplicaSetAvailable", f"{what} has successfully progressed.", now)
        return with_condition(conditions, done)
    if _has_progressed(deployment.get("status") or {}, status):
        going = condition("Progressing", "True", "ReplicaSetUpdated", f"{what} is progressing.", now)
        if known and known["status"] == "True":
            going["lastTransitionTime"] = known["lastTransitionTime"]
        return [*(one for one in conditions if one["type"] != "Progressing"), going]
    left = deadline_in(deployment, status, now)
    if left is not None and left <= 0:
        late = condition("Progressing", "False", "ProgressDeadlineExceeded", f"{what} has timed out progressing.", now)
        return with_condition(conditions, late)
    return conditions
