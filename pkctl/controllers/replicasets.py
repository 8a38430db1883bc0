"""ReplicaSets and, by the same rules, ReplicationControllers: pods made and deleted until there are as many as asked for.

Follows pkg/controller/replicaset/replica_set.go. The count itself, and the order of deletion, are in `podsets`.
"""

from __future__ import annotations

from pkctl.controllers import claims, plan, podsets, writes
from pkctl.objects import meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.objects.meta import Object

KIND, SOURCE = "replicasets.apps", "replicaset-controller"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make one ReplicaSet true."""
    return settle(view, view.get(KIND, *key), KIND, SOURCE, related=_siblings)


def settle(
    view: plan.View, owner: Object | None, kind: str, source: str, *, related: Callable[[plan.View, Object], list[Object]]
) -> plan.Plan:
    """Make one pod set true; `related` gives the pods whose spreading matters when some must go."""
    if owner is None:
        return plan.Plan()
    spec = owner["spec"]
    pods, claimed = claims.claim(view, "pods", owner, _selector(spec))
    active = [pod for pod in pods if writes.is_active(pod)]
    made = plan.Plan(claimed)
    if not meta.is_deleting(owner):
        _extend(made, _counted(view, owner, active, source, related))
    labels = meta.at(spec, "template", "metadata", "labels", default={})
    status = podsets.status(owner, active, labels, view.now)
    if kind == KIND:
        status["terminatingReplicas"] = podsets.ending(pods)
    made.writes += writes.status(kind, owner, status)
    made.again_after = podsets.again_after(owner, active, view.now)
    return made


def _selector(spec: Object) -> Object:
    """A label selector; a ReplicationController's is a bare map."""
    selector: Object = spec.get("selector") or {}
    bare = selector.keys() - {"matchLabels", "matchExpressions"} and not any(isinstance(value, (dict, list)) for value in selector.values())
    return {"matchLabels": selector} if bare else selector


def _counted(
    view: plan.View, owner: Object, active: list[Object], source: str, related: Callable[[plan.View, Object], list[Object]]
) -> plan.Plan:
    missing = int(meta.at(owner, "spec", "replicas", default=1)) - len(active)
    if missing > 0:
        if _is_ending(view, meta.namespace(owner)):
            return plan.Plan()
        return podsets.creations(view, owner, owner["spec"]["template"], missing, source)
    if missing < 0:
        return podsets.deletions(owner, podsets.to_delete(active, related(view, owner), -missing, view.now), source)
    return plan.Plan()


def _is_ending(view: plan.View, namespace: str) -> bool:
    found = view.get("namespaces", "", namespace)
    return found is not None and meta.is_deleting(found)


def _siblings(view: plan.View, owner: Object) -> list[Object]:
    """The pods of every ReplicaSet with the same controller."""
    above = owners.controller(owner)
    if above is None:
        return view.owned("pods", owner)
    known = view.get("deployments.apps", meta.namespace(owner), above["name"]) or owner
    sets = view.owned(KIND, known) if known is not owner else [owner]
    return [pod for one in sets for pod in view.owned("pods", one)]


def _extend(made: plan.Plan, more: plan.Plan) -> None:
    made.writes += more.writes
    made.events += more.events
