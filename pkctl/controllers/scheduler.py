"""The scheduler: one pod without a node gets the best of the nodes that can have it, or is told why there is none.

Follows pkg/scheduler/schedule_one.go. What is weighed is in `scheduling`; preemption is not done.
"""

from __future__ import annotations

from zlib import crc32

from pkctl.controllers import plan, writes
from pkctl.controllers.scheduling import filters, nodes, scores
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

SOURCE = "default-scheduler"

ENOUGH = 100
"""Nodes that can have a pod, after which no more are looked for."""


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bind one pod, or say why not."""
    pod = view.get("pods", *key)
    if pod is None or not _is_ours(pod):
        return plan.Plan()
    if pod["spec"].get("schedulingGates"):
        return _unbound(view, pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", silently=True)
    if lacking := _missing_claim(view, pod):
        count = len(nodes.places(view).all())
        head, outlook = f"0/{count} nodes are available", f"{count} Preemption is not helpful for scheduling"
        return _unbound(view, pod, "Unschedulable", f"{head}: {lacking}. preemption: {head}: {outlook}.", silently=False)
    return _place(view, pod)


def _is_ours(pod: Object) -> bool:
    spec = pod.get("spec") or {}
    is_free = not spec.get("nodeName") and writes.is_active(pod)
    return is_free and (spec.get("schedulerName") or SOURCE) == SOURCE


def _missing_claim(view: plan.View, pod: Object) -> str:
    for volume in meta.at(pod, "spec", "volumes", default=[]):
        name = meta.at(volume, "persistentVolumeClaim", "claimName")
        if name and view.get("persistentvolumeclaims", meta.namespace(pod), name) is None:
            return f'persistentvolumeclaim "{name}" not found'
    return ""


def _place(view: plan.View, pod: Object) -> plan.Plan:
    places = nodes.places(view).all()
    demand = nodes.Demand(pod)
    tests = filters.filters(view, demand, places)
    feasible: list[nodes.Place] = []
    refusals = []
    for place in _from(places, crc32(meta.uid(pod).encode())):
        refused = filters.refusal(tests, place)
        if refused is not None:
            refusals.append(refused)
            continue
        feasible.append(place)
        if len(feasible) == ENOUGH:
            break
    if not feasible:
        return _unbound(view, pod, "Unschedulable", filters.summary(refusals, pod), silently=False)
    chosen = feasible[0] if len(feasible) == 1 else scores.best(view, demand, feasible, places)
    return _bound(view, pod, chosen.name)


def _from(places: list[nodes.Place], start: int) -> list[nodes.Place]:
    """The nodes in a fixed order that begins elsewhere for each pod, so that equals share the pods."""
    middle = start % len(places) if places else 0
    return places[middle:] + places[:middle]


def _bound(view: plan.View, pod: Object, node: str) -> plan.Plan:
    new = meta.clone(pod)
    new["spec"]["nodeName"] = node
    status = new.setdefault("status", {})
    status["conditions"] = writes.with_condition(status.get("conditions"), _scheduled(view, pod, "True", "", ""))
    text = f"Successfully assigned {meta.namespace(pod)}/{meta.name(pod)} to {node}"
    return plan.Plan(
        [plan.Write("update", "pods", new, subresource="binding")],
        [plan.Event(pod, "Normal", "Scheduled", text, SOURCE)],
    )


def _unbound(view: plan.View, pod: Object, reason: str, message: str, *, silently: bool) -> plan.Plan:
    known = meta.condition(pod, "PodScheduled") or {}
    if (known.get("reason"), known.get("message")) == (reason, message):
        return plan.Plan()
    condition = _scheduled(view, pod, "False", reason, message)
    status = dict(pod.get("status") or {})
    status["conditions"] = writes.with_condition(status.get("conditions"), condition)
    events = [] if silently else [plan.Event(pod, "Warning", "FailedScheduling", message, SOURCE)]
    return plan.Plan(writes.status("pods", pod, status), events)


def _scheduled(view: plan.View, pod: Object, state: str, reason: str, message: str) -> Object:
    condition = {"lastProbeTime": None, **writes.condition("PodScheduled", state, reason, message, view.now)}
    if generation := meta.at(pod, "metadata", "generation"):
        condition["observedGeneration"] = generation
    return {key: value for key, value in condition.items() if value != ""}
