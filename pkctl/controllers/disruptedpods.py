"""Pods that were to be disrupted and then were not: their condition DisruptionTarget is taken back after two minutes.

Follows the stale pod disruption worker of pkg/controller/disruption.
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.objects import meta, times

KIND, CONDITION = "pods", "DisruptionTarget"
STALE_AFTER = 120.0
BY_KUBELET = "TerminationByKubelet"
"""The reason that is never stale: how long its node takes is not known."""


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Take the condition back once it is stale; before, ask again when it will be."""
    pod = view.get(KIND, *key)
    found = meta.condition(pod, CONDITION) if pod is not None and writes.is_active(pod) else None
    if pod is None or found is None or found.get("status") != "True" or found.get("reason") == BY_KUBELET:
        return plan.Plan()
    left = times.parse(found.get("lastTransitionTime") or times.stamp(view.now)) + STALE_AFTER - view.now
    if left > 0:
        return plan.Plan(again_after=left)
    taken_back = {"type": CONDITION, "status": "False", "lastProbeTime": None, "lastTransitionTime": times.stamp(view.now)}
    conditions = writes.with_condition(meta.at(pod, "status", "conditions"), taken_back)
    return plan.Plan(writes.status(KIND, pod, {**pod["status"], "conditions": conditions}))
