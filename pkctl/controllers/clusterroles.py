"""ClusterRole: the rules of an aggregated role are those of the roles its selectors pick.

Follows pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go.
"""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.objects.meta import Object

KIND = "clusterroles.rbac.authorization.k8s.io"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Write the aggregated rules when they differ."""
    role = view.get(KIND, *key)
    if role is None or not role.get("aggregationRule") or meta.is_deleting(role):
        return plan.Plan()
    wanted = aggregated(role, view.list(KIND))
    if wanted == (role.get("rules") or []):
        return plan.Plan()
    return plan.Plan([plan.Write("update", KIND, {**meta.clone(role), "rules": meta.clone(wanted)})])


def aggregated(role: Object, roles: Iterable[Object]) -> list[dict[str, Any]]:
    """The rules of every other role that a selector picks, each once, role by role in the order of their names."""
    found: list[dict[str, Any]] = []
    others = sorted((each for each in roles if meta.name(each) != meta.name(role)), key=meta.name)
    for selector in role["aggregationRule"].get("clusterRoleSelectors") or ():
        for each in others:
            if selectors.matches(selector, meta.labels(each)):
                found += [rule for rule in each.get("rules") or () if rule not in found]
    return found


def wake(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """An aggregated role itself, and every aggregated role that picks this one."""
    if obj.get("aggregationRule"):
        yield meta.key(obj)
    for role in view.memo("aggregated roles", (KIND,), lambda: _aggregated_roles(view)):
        if any(selectors.matches(each, meta.labels(obj)) for each in role["aggregationRule"].get("clusterRoleSelectors") or ()):
            yield meta.key(role)


def _aggregated_roles(view: plan.View) -> list[Object]:
    return [role for role in view.list(KIND) if role.get("aggregationRule")]
