"""What a namespace uses of its quotas, counted anew when something comes, goes or changes.

Follows pkg/controller/resourcequota. Not here: refusing what would be too much (`api.admission.quotas`).
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.kinds import usages
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

KIND = "resourcequotas"


def wake(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The quotas of an object's namespace that count its kind, and the quota itself."""
    for quota in view.list(KIND, meta.namespace(obj)) if meta.namespace(obj) else ():
        row = view.kinds().by_gvk(obj.get("apiVersion", ""), obj.get("kind", ""))
        if row is not None and (meta.uid(quota) == meta.uid(obj) or row.id in _counted(quota)):
            yield meta.key(quota)


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bring one quota's status up to date."""
    quota = view.get(KIND, *key)
    if quota is None:
        return plan.Plan()
    hard = meta.at(quota, "spec", "hard", default={})
    status = {"hard": dict(hard), "used": _used(view, quota)} if hard else {}
    return plan.Plan(writes.status(KIND, quota, status), again_after=_again(view, quota))


def _again(view: plan.View, quota: Object) -> float | None:
    """When the next pod of the namespace stops counting because its grace is over."""
    pods = view.list("pods", meta.namespace(quota)) if "pods" in _counted(quota) else ()
    return min((left for pod in pods if 0 <= (left := usages.overdue(pod) - view.now) < float("inf")), default=None)


def _counted(quota: Object) -> set[str]:
    """The ids of the kinds that a quota counts."""
    return {usages.kind(name) for name in meta.at(quota, "spec", "hard", default={})} - {""}


def _used(view: plan.View, quota: Object) -> dict[str, str]:
    """The use of each resource that the quota limits, in its own order; of what is not served nothing is said."""
    served = {id for id in _counted(quota) if view.kinds().by_id(id) is not None}
    total = {name: "0" for name in meta.at(quota, "spec", "hard", default={}) if usages.kind(name) in served}
    for id in sorted(served):
        for obj in view.list(id, meta.namespace(quota)):
            if usages.in_scope(id, obj, quota):
                _add(total, usages.of(id, obj, view.now))
    return total


def _add(total: dict[str, str], used: dict[str, str]) -> None:
    for name in total.keys() & used.keys():
        total[name] = quantities.add(total[name], used[name])
