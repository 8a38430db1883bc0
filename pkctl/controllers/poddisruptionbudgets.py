"""How many pods of a PodDisruptionBudget may be evicted now. Not here: evicting (`api.eviction`), which counts down between two looks.

Follows pkg/controller/disruption.
"""

from __future__ import annotations

from pkctl.controllers import deploymentmath, plan, writes
from pkctl.objects import meta, owners, selectors, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND, SOURCE = "poddisruptionbudgets.policy", "controllermanager"
DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
SECONDS_TO_GO = 120
"""How long an evicted pod may take to be deleted before it counts as staying."""

COUNTS = ("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods")
UNMANAGED = (
    "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the status of the PDB cannot be "
    'calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of '
    "the PDB to an integer value."
)


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bring one budget's status up to date."""
    budget = view.get(KIND, *key)
    if budget is None:
        return plan.Plan()
    selector = meta.at(budget, "spec", "selector")
    pods = [pod for pod in view.list("pods", key[0]) if selectors.matches(selector, meta.labels(pod))]
    events = [] if pods else [plan.Event(budget, "Normal", "NoPods", "No matching pods found", SOURCE)]
    try:
        expected, desired, unmanaged = _expected(view, budget, pods)
    except LookupError as failure:
        text = f"Failed to calculate the number of expected pods: {failure.args[0]}"
        events.append(plan.Event(budget, "Warning", "CalculateExpectedPodCountFailed", text, SOURCE))
        return _told(writes.status(KIND, budget, _unsure(view, budget, failure.args[0])), events)
    if unmanaged:
        text = UNMANAGED.format(selectors.struct(selector or {}))
        events.append(plan.Event(budget, "Warning", "UnmanagedPods", text, SOURCE))
    going, late = _going(view, budget, pods)
    events += [plan.Event(pod, "Warning", "NotDeleted", _not_deleted(key[0]), SOURCE) for pod in late]
    healthy = sum(not meta.is_deleting(pod) and meta.name(pod) not in going and meta.is_true(pod, "Ready") for pod in pods)
    again = min((times.parse(when) + SECONDS_TO_GO - view.now for when in going.values()), default=None)
    return _told(writes.status(KIND, budget, _status(view, budget, (healthy, desired, expected), going)), events, again)


def _told(made: list[plan.Write], events: list[plan.Event], again: float | None = None) -> plan.Plan:
    """Events are about what is new: with no new status there are none."""
    return plan.Plan(made, events if made else (), again)


def _not_deleted(namespace: str) -> str:
    return f"Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't"


def _expected(view: plan.View, budget: Object, pods: list[Object]) -> tuple[int, int, bool]:
    """How many pods there should be, how many of them healthy, and whether some have no owner; LookupError when that can't be told."""
    spec = budget.get("spec") or {}
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if most is not None:
        expected, unmanaged = _scale(view, pods)
        return expected, max(0, expected - deploymentmath.scaled(most, expected, up=True)), unmanaged
    if isinstance(least, str):
        expected, unmanaged = _scale(view, pods)
        return expected, deploymentmath.scaled(least, expected, up=True), unmanaged
    return (len(pods), least, False) if least is not None else (0, 0, False)


def _scale(view: plan.View, pods: list[Object]) -> tuple[int, bool]:
    """The replicas asked of all owners of these pods, and whether some pods have none."""
    seen: dict[str, int] = {}
    sought: set[str] = set()
    references = [(pod, owners.controller(pod)) for pod in pods]
    for pod, reference in references:
        if reference is None or reference["uid"] in sought:
            continue
        sought.add(reference["uid"])
        uid, replicas = _replicas(view, pod, reference)
        seen[uid] = replicas
    return sum(seen.values()), any(reference is None for _, reference in references)


def _replicas(view: plan.View, pod: Object, reference: Object) -> tuple[str, int]:
    """The uid and the replicas of what scales a pod: its owner, or the Deployment above that."""
    row = view.kinds().by_gvk(reference["apiVersion"], reference["kind"])
    if row is None:
        raise LookupError(f'no matches for kind "{reference["kind"]}" in version "{reference["apiVersion"]}"')
    if "scale" not in row.subresources:
        raise LookupError(f"{row.id} does not implement the scale subresource")
    owner = view.get(row.id, meta.namespace(pod), reference["name"])
    if owner is not None and meta.uid(owner) == reference["uid"]:
        above = owners.controller(owner)
        if row.id == "replicasets.apps" and above is not None and above["kind"] == "Deployment":
            owner = view.get("deployments.apps", meta.namespace(pod), above["name"])
            if owner is not None and meta.uid(owner) == above["uid"]:
                return meta.uid(owner), deploymentmath.replicas(owner)
        else:
            return meta.uid(owner), int(meta.at(owner, *_path(view, row.id, row.version), default=0))
    raise LookupError(f'found no controllers for pod "{meta.name(pod)}"')


def _path(view: plan.View, id: str, version: str) -> list[str]:
    """Where a kind keeps its replicas."""
    definition = view.get(DEFINITIONS, "", id)
    for each in meta.at(definition, "spec", "versions", default=()) if definition else ():
        if each["name"] == version:
            return str(meta.at(each, "subresources", "scale", "specReplicasPath")).strip(".").split(".")
    return ["spec", "replicas"]


def _going(view: plan.View, budget: Object, pods: list[Object]) -> tuple[dict[str, str], list[Object]]:
    """When the evicted pods that are not deleted yet were evicted, and the pods that should be deleted long since."""
    evicted = meta.at(budget, "status", "disruptedPods", default={})
    there = [pod for pod in pods if meta.name(pod) in evicted and not meta.is_deleting(pod)]
    late = [pod for pod in there if times.parse(evicted[meta.name(pod)]) + SECONDS_TO_GO < view.now]
    return {meta.name(pod): evicted[meta.name(pod)] for pod in there if pod not in late}, late


def _status(view: plan.View, budget: Object, counts: tuple[int, int, int], going: dict[str, str]) -> Object:
    healthy, desired, expected = counts
    allowed = max(0, healthy - desired) if expected > 0 else 0
    generation = budget["metadata"].get("generation", 0)
    state, reason = ("True", "SufficientPods") if allowed else ("False", "InsufficientPods")
    status = dict(zip(COUNTS, (healthy, desired, allowed, expected), strict=True)) | {"observedGeneration": generation}
    condition = writes.condition("DisruptionAllowed", state, reason, "", view.now) | {"observedGeneration": generation}
    conditions = writes.with_condition(meta.at(budget, "status", "conditions"), condition)
    return {**status, **({"disruptedPods": going} if going else {}), "conditions": conditions}


def _unsure(view: plan.View, budget: Object, why: str) -> Object:
    """The status as it was, but with nothing to spare."""
    status = budget.get("status") or {}
    condition = writes.condition("DisruptionAllowed", "False", "SyncFailed", why, view.now)
    condition |= {"observedGeneration": status.get("observedGeneration", 0)}
    known = writes.with_condition(status.get("conditions"), writes.without_zeros(condition))
    return dict.fromkeys(COUNTS, 0) | status | {"disruptionsAllowed": 0, "conditions": known}
