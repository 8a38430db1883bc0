"""Eviction: deleting a pod only as far as its disruption budget allows.

Follows pkg/registry/core/pod/storage/eviction.go. The budget is taken in the same transaction that deletes the pod.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import deletion, metadata, options, requests, storing
from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

BUDGETS = "poddisruptionbudgets.policy"
WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget."
TOO_MANY = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
MOST_AT_ONCE = 2000
SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def evict(session: Session, row: Row, namespace: str, name: str, eviction: Object, chosen: options.Options) -> Object:
    """A Status; NotFound, TooManyRequests when the budget is used up."""
    pod = storing.existing(session, row, namespace, name)
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
        preconditions=dict(asked.get("preconditions") or {}),
    )
    _tell(session, row, pod, delete, chosen)
    deletion.delete(session, row, namespace, name, delete, is_admitted=True)
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def _tell(session: Session, row: Row, pod: Object, delete: options.Options, chosen: options.Options) -> None:
    """Say on the pod why it goes; the revision that must not have changed is then the new one."""
    new = meta.clone(pod)
    conditions = _with(session, pod, "DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting")
    new["status"] = {**(pod.get("status") or {}), "conditions": conditions}
    done = storing.update(requests.Request("update", session, row, meta.namespace(pod), new, pod, chosen, "status"))
    if delete.preconditions.get("resourceVersion") == pod["metadata"]["resourceVersion"]:
        delete.preconditions["resourceVersion"] = done["metadata"]["resourceVersion"]


def _with(session: Session, obj: Object, type: str, status: str, reason: str, message: str) -> list[Object]:
    """The object's conditions and this one."""
    known = meta.at(obj, "status", "conditions", default=[])
    old: Object = next((each for each in known if each["type"] == type), {})
    changed = old["lastTransitionTime"] if old.get("status") == status else metadata.now(session)
    condition = {"type": type, "status": status, "lastTransitionTime": changed, "reason": reason, "message": message}
    condition["observedGeneration"] = obj["metadata"].get("generation", 0)
    return [*(each for each in known if each is not old), condition]


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
        raise _forbidden(name, "pdb disruptions allowed is negative")
    if len(status.get("disruptedPods") or ()) > MOST_AT_ONCE:
        raise _forbidden(name, TOO_MANY)
    if allowed == 0:
        raise _too_many(f"The disruption budget {name} {_why_none(status)}")
    new = meta.clone(budget)
    new["status"]["disruptionsAllowed"] = allowed - 1
    if allowed == 1:
        new["status"]["conditions"] = _with(session, budget, "DisruptionAllowed", "False", "InsufficientPods", "")
    new["status"].setdefault("disruptedPods", {})[pod] = metadata.now(session)
    storing.update(requests.Request("update", session, row, meta.namespace(budget), new, budget, chosen, "status"))


def _forbidden(name: str, text: str) -> errors.Forbidden:
    details = {"name": name, "group": "policy", "kind": "poddisruptionbudget"}
    return errors.Forbidden(f'poddisruptionbudget.policy "{name}" is forbidden: {text}', details)


def _why_none(status: Object) -> str:
    """Why a budget has nothing to spare."""
    condition: Object = next((each for each in status.get("conditions") or () if each["type"] == "DisruptionAllowed"), {})
    why = condition.get("message") if condition.get("status") == "False" else ""
    if why and condition["reason"] == "SyncFailed":
        return f"does not allow evicting pods currently because it failed sync: {why}"
    desired, current = status.get("desiredHealthy", 0), status.get("currentHealthy", 0)
    if current <= desired:
        return f"needs {desired} healthy pods and has {current} currently"
    shown = f" ({condition['reason']}): {why}" if why else ""
    return f"does not allow evicting pods currently{shown}"


def _too_many(text: str, seconds: int = 0) -> errors.TooManyRequests:
    details: Object = {"causes": [{"reason": "DisruptionBudget", "message": text}]}
    return errors.TooManyRequests(WOULD_VIOLATE, {**details, "retryAfterSeconds": seconds} if seconds else details)
