"""The common forms of a plan's writes, and conditions as their makers set them. Not here: what to write."""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object


def status(kind: str, obj: Object, new: dict[str, Any]) -> list[plan.Write]:
    """A status write, or nothing when `obj` says that already. It stands beside other writes of the same plan."""
    if (obj.get("status") or {}) == new:
        return []
    written = {**obj, "metadata": {**obj["metadata"]}, "status": new}
    written["metadata"].pop("resourceVersion", None)
    return [plan.Write("status", kind, written)]


def unfinalized(kind: str, obj: Object, finalizer: str) -> list[plan.Write]:
    """The write that takes a finalizer away, or nothing when `obj` has none of that name."""
    known = meta.at(obj, "metadata", "finalizers", default=[])
    if finalizer not in known:
        return []
    freed: Object = meta.clone(obj)
    freed["metadata"]["finalizers"] = [one for one in known if one != finalizer]
    return [plan.Write("update", kind, freed)]


def condition(type: str, status: str, reason: str, message: str, now: float) -> Object:
    """A condition that changed just now."""
    stamp = times.stamp(now)
    return {"type": type, "status": status, "lastTransitionTime": stamp, "reason": reason, "message": message}


def with_condition(conditions: list[Object] | None, new: Object) -> list[Object]:
    """The conditions with `new` in its type's place; the transition time is kept when the status stays."""
    known = list(conditions or [])
    for place, old in enumerate(known):
        if old.get("type") != new["type"]:
            continue
        if old.get("status") == new["status"]:
            new = {**new, "lastTransitionTime": old.get("lastTransitionTime") or new.get("lastTransitionTime")}
        known[place] = new
        return known
    return [*known, new]


def without_zeros(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields that Go would omit when empty, left out."""
    return {key: value for key, value in fields.items() if value not in (0, None, "", [], {}) or value is False}


def is_active(pod: Object) -> bool:
    """Whether a pod counts: neither finished nor on its way out."""
    return meta.at(pod, "status", "phase") not in ("Succeeded", "Failed") and not meta.is_deleting(pod)
