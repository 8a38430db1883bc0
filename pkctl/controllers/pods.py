"""The kubelet's part: what one pod on its node needs next, and what is to be told of it.

Follows pkg/kubelet/{kubelet,pod_workers}.go. The parts of the decision are in `kubelet`; carrying it out is the node agent's.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.controllers import plan, writes
from pkctl.controllers.kubelet import addresses, backoff, containers, looks, volumes
from pkctl.controllers.kubelet import outcomes as results
from pkctl.controllers.kubelet import status as statuses
from pkctl.controllers.scheduling import filters, nodes
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.objects.meta import Object

sources = volumes.sources
"""The objects (kind id, namespace, name) after whose change a pod must be looked at."""


class PodPlan(plan.Plan):
    """A plan, and the actions its node's runtime is to carry out, one after another, when the plan has been applied."""

    __slots__ = ("actions",)

    def __init__(self, actions: Iterable[dict[str, Any]] = (), **more: Any) -> None:
        super().__init__(**more)
        self.actions = list(actions)


def sync(
    view: plan.View,
    pod: Object | None,
    observed: dict[str, Any] | None,
    notes: dict[str, Any],
    *,
    outcomes: Iterable[tuple[dict[str, Any], Any]] = (),
    bridging: bool = False,
    memory: dict[str, Any] | None = None,
) -> PodPlan:
    """Decide on one pod.

    `pod` is None when the cluster has forgotten what `observed` still shows; `observed` None when the runtime shows nothing. `notes`
    is the note `pod/UID`, which the plan brings up to date; `outcomes` are (action, answer or NodeError) since the last look, which
    `observed` already shows the effect of. `bridging`: nobody will look again soon, so the runtime is to restart what crashes.
    `memory` is a dict of this pod's that lives as long as the process and is changed in place; without it each look runs every probe.
    """
    if pod is None:
        return _forgotten(view, observed, notes, failed=any(isinstance(answer, errors.NodeError) for _, answer in outcomes))
    look = looks.Look(view, pod, observed, meta.clone(notes), {} if memory is None else memory, bridging=bridging)
    results.take_in(look, outcomes)
    if meta.is_deleting(pod):
        return _ending(look, notes)
    if meta.at(pod, "status", "phase") in statuses.FINISHED:
        containers.stop_all(look, containers.grace(look))
        return _finish(look, notes, statuses.status(look))
    return _living(look, notes)


def _forgotten(view: plan.View, observed: dict[str, Any] | None, notes: dict[str, Any], *, failed: bool) -> PodPlan:
    if observed is None:
        return PodPlan(notes=_released(view, notes) if notes else {})
    if failed:
        return PodPlan(again_after=backoff.FIRST)
    ghost = {"metadata": {"uid": observed["uid"], "namespace": observed["namespace"], "name": observed["name"]}, "spec": {}}
    return PodPlan([{"do": "remove", "pod": ghost, "grace": 1}])


def _released(view: plan.View, notes: dict[str, Any], uid: str = "") -> dict[str, dict[str, Any] | None]:
    """Notes that give a pod's address back and forget the pod."""
    released: dict[str, dict[str, Any] | None] = {}
    uid = uid or str(notes.get("uid") or "")
    if uid:
        released[f"pod/{uid}"] = None
    if notes.get("node"):
        name = addresses.note(notes["node"])
        released[name] = {ip: owner for ip, owner in view.notes(name).items() if owner != uid}
    return released


def _living(look: looks.Look, before: dict[str, Any]) -> PodPlan:
    if not before and look.observed is None and not meta.at(look.pod, "status", "startTime"):
        refused = _refusal(look)
        if refused:
            look.say("Warning", *refused)
            return _finish(look, before, statuses.rejected(look, *refused))
    if _is_late(look):
        containers.stop_all(look, containers.grace(look))
        look.say("Normal", "DeadlineExceeded", DEADLINE)
        return _finish(look, before, statuses.status(look, phase="Failed", reason="DeadlineExceeded", message=DEADLINE))
    if containers.is_over(look):
        containers.stop_all(look, containers.grace(look))
    else:
        containers.run(look)
    return _finish(look, before, statuses.status(look))


DEADLINE = "Pod was active on the node longer than the specified deadline"


def _is_late(look: looks.Look) -> bool:
    most, start = look.spec.get("activeDeadlineSeconds"), meta.at(look.pod, "status", "startTime")
    if most is None or start is None:
        return False
    left = times.parse(start) + int(most) - look.now
    if left > 0:
        look.later(left)
    return left <= 0


def _refusal(look: looks.Look) -> tuple[str, str] | None:
    """Why the node won't have a pod that was bound to it: (reason, message)."""
    place = nodes.places(look.view).at(look.spec["nodeName"])
    if place.obj is None:
        return None
    uid, demand = meta.uid(look.pod), nodes.Demand(look.pod)
    used = nodes.used_by_others(place, uid)
    if len(place.demands.keys() - {uid}) >= place.allocatable.get("pods", 0) // 1000:
        return "OutOfpods", "Node didn't have enough resource: pods, requested: 1, used: " + _numbers(
            len(place.demands.keys() - {uid}), place.allocatable.get("pods", 0) // 1000
        )
    for name, amount in demand.amounts.items():
        if amount and amount > place.allocatable.get(name, 0) - used.get(name, 0):
            scale = 1 if name == "cpu" else 1000
            figures = _numbers(used.get(name, 0) // scale, place.allocatable.get(name, 0) // scale)
            return f"OutOf{name}", f"Node didn't have enough resource: {name}, requested: {amount // scale}, used: {figures}"
    if not filters.allows(look.spec, place):
        return "NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
    return None


def _numbers(used: int, capacity: int) -> str:
    return f"{used}, capacity: {capacity}"


def _ending(look: looks.Look, before: dict[str, Any]) -> PodPlan:
    """A pod on its way out: stop, tell how it ended, remove what it had, let go of the object."""
    if look.observed is None or look.notes.get("removed"):
        return PodPlan(
            writes=[plan.Write("delete", "pods", look.pod, grace=0)],
            events=look.events,
            notes=_released(look.view, before | look.notes, meta.uid(look.pod)),
        )
    seconds = _grace_left(look)
    if not containers.stop_all(look, seconds):
        look.do("remove", grace=seconds)
    return _finish(look, before, statuses.status(look, terminating=True))


def grace(pod: Object) -> int:
    """Seconds that a pod's processes have to stop: what its deletion asked for, else its own."""
    own = meta.at(pod, "spec", "terminationGracePeriodSeconds", default=containers.DEFAULT_GRACE)
    return int(meta.at(pod, "metadata", "deletionGracePeriodSeconds", default=own))


def _grace_left(look: looks.Look) -> int:
    """What is left of the grace the deletion asked for; a second at least."""
    end = times.parse(look.pod["metadata"]["deletionTimestamp"])
    return max(1, min(grace(look.pod), round(end - look.now)))


def _finish(look: looks.Look, before: dict[str, Any], status: Object) -> PodPlan:
    changed: dict[str, dict[str, Any] | None] = {}
    uid = meta.uid(look.pod)
    if look.notes and not look.spec.get("hostNetwork") and look.notes.get("ip") and not before.get("ip"):
        name = addresses.note(look.spec["nodeName"])
        changed[name] = {**look.view.notes(name), look.notes["ip"]: uid}
    kept = {name: value for name, value in look.notes.items() if value not in ({}, None)}
    if kept:
        kept["uid"] = uid
    if kept != before:
        changed[f"pod/{uid}"] = kept or None
    return PodPlan(
        look.actions,
        writes=writes.status("pods", look.pod, status),
        events=look.events,
        again_after=look.again_after,
        notes=changed,
    )
