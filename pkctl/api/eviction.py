"""Eviction: deleting a pod only as far as its disruption budget allows.

Follows pkg/registry/core/pod/storage/eviction.go. The budget is taken in the same transaction that deletes the pod.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import deletion, metadata, options, refusals, requests, resources, storing
from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

BUDGETS = "poddisruptionbudgets.policy"
WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget."
SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def evict(session: Session, row: Row, namespace: str, name: str, eviction: Object, chosen: options.Options) -> Object:
    """A Status; NotFound, TooManyRequests when the budget is used up."""
    pod = resources.get(session, row, namespace, name)
    if not _is_free(pod):
        budgets = [each for each in session.read_all(BUDGETS, namespace) if _covers(each, pod)]
        if len(budgets) > 1:
            raise errors.InternalError(SEVERAL)
        if budgets and not _may_ignore(budgets[0], pod):
            _take(session, budgets[0], name, chosen)
    asked = eviction.get("deleteOptions") or {}
    delete = options.Options(
        field_manager=chosen.field_manager,
        grace=asked.get("gracePeriodSeconds", chosen.grace),
        propagation=asked.get("propagationPolicy", ""),
        preconditions=asked.get("preconditions") or {},
    )
    deletion.delete(session, row, namespace, name, delete, is_admitted=True)
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def _is_free(pod: Object) -> bool:
    """Whether no budget counts the pod."""
    return meta.is_deleting(pod) or meta.at(pod, "status", "phase") in ("Succeeded", "Failed", "Pending")


def _covers(budget: Object, pod: Object) -> bool:
    return selectors.matches(meta.at(budget, "spec", "selector"), meta.labels(pod))


def _may_ignore(budget: Object, pod: Object) -> bool:
    """An unhealthy pod may go when the budget says so or is met without it."""
    if meta.is_true(pod, "Ready"):
        return False
    if meta.at(budget, "spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    status = budget.get("status") or {}
    wanted: int = status.get("desiredHealthy", 0)
    return 0 < wanted <= int(status.get("currentHealthy", 0))


def _take(session: Session, budget: Object, pod: str, chosen: options.Options) -> None:
    """Use one of the disruptions that the budget allows."""
    row, status = session.row(BUDGETS), budget.get("status") or {}
    name = meta.name(budget)
    if status.get("observedGeneration", 0) < budget["metadata"].get("generation", 0):
        raise _too_many(f"The disruption budget {name} is still being processed by the server.", 10)
    allowed = status.get("disruptionsAllowed", 0)
    if allowed < 0:
        raise refusals.forbidden(row, name, "pdb disruptions allowed is negative")
    if allowed == 0:
        raise _too_many(
            f"The disruption budget {name} needs {status.get('desiredHealthy', 0)} healthy pods and has "
            f"{status.get('currentHealthy', 0)} currently"
        )
    new = meta.clone(budget)
    new["status"]["disruptionsAllowed"] = allowed - 1
    new["status"].setdefault("disruptedPods", {})[pod] = metadata.now(session)
    storing.update(requests.Request("update", session, row, meta.namespace(budget), new, budget, chosen, "status"))


def _too_many(text: str, seconds: int = 0) -> errors.TooManyRequests:
    details: Object = {"causes": [{"reason": "DisruptionBudget", "message": text}]}
    return errors.TooManyRequests(WOULD_VIOLATE, {**details, "retryAfterSeconds": seconds} if seconds else details)
