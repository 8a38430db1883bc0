"""ResourceQuota: what a namespace may use in all, counted within the transaction that would use more.

Follows plugin/pkg/admission/resourcequota and pkg/quota/v1/evaluator/core. Use is counted from the objects themselves, so two writers
can never both take what is left; the quota's status is brought up to date on the way.
"""

from __future__ import annotations

from pkctl.api import refusals, requests, storing
from pkctl.kinds import usages
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object

    Usage = dict[str, str]

QUOTAS = "resourcequotas"
COMPUTE = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
"""What every container must state when a quota counts it."""


def check(request: Request) -> None:
    """Forbidden when a quota of the namespace would be exceeded, or a container leaves out what a quota counts."""
    if not request.row.namespaced or (request.row.id == QUOTAS and request.verb == "update"):
        return
    for quota in request.session.read_all(QUOTAS, request.namespace):
        _check(request, quota)


def _check(request: Request, quota: Object) -> None:
    hard: Usage = meta.at(quota, "spec", "hard", default={})
    row, new, old = request.row, request.new, request.old
    adds = _of(request, new, quota, hard)
    if old is not None:
        before = _of(request, old, quota, hard)
        adds = {name: quantities.sub(adds.get(name, "0"), before.get(name, "0")) for name in {*adds, *before}}
    adds = {name: amount for name, amount in adds.items() if quantities.parse(amount) > 0}
    if row.id == "pods" and usages.in_scope(row.id, new, quota) and _is_judged(request):
        _check_stated(request, quota, hard)
    if not adds:
        return
    used = {name: amount for name, amount in counted(request, quota, hard).items() if name in adds}
    over = sorted(name for name in adds if quantities.compare(quantities.add(used.get(name, "0"), adds[name]), hard[name]) > 0)
    if over:
        shown = f"requested: {_shown(adds, over)}, used: {_shown(used, over)}, limited: {_shown(hard, over)}"
        raise refusals.forbidden(row, request.name, f"exceeded quota: {meta.name(quota)}, {shown}")
    _record(request, quota, hard, adds, used)


def _shown(amounts: Usage, names: list[str]) -> str:
    return ",".join(f"{name}={amounts.get(name, '0')}" for name in names)


def _of(request: Request, obj: Object, quota: Object, hard: Usage) -> Usage:
    """What an object of the request's kind uses of what the quota limits."""
    if not usages.in_scope(request.row.id, obj, quota):
        return {}
    used = usages.of(request.row.id, obj, request.session.api.sources.now())
    return {name: amount for name, amount in used.items() if name in hard}


def counted(request: Request, quota: Object, hard: Usage) -> Usage:
    """What the namespace's objects of this kind use now of what the quota limits."""
    total: Usage = {}
    for obj in request.session.read_all(request.row.id, request.namespace):
        for name, amount in _of(request, obj, quota, hard).items():
            total[name] = quantities.add(total.get(name, "0"), amount)
    return total


def _record(request: Request, quota: Object, hard: Usage, adds: Usage, used: Usage) -> None:
    """Show the new use in the quota's status."""
    session, new = request.session, meta.clone(quota)
    status = new["status"] = new.get("status") or {}
    status["hard"] = dict(hard)
    known = {name: meta.at(quota, "status", "used", name, default="0") for name in hard}
    status["used"] = known | {name: quantities.add(used.get(name, "0"), amount) for name, amount in adds.items()}
    storing.update(requests.Request("update", session, session.row(QUOTAS), request.namespace, new, quota, request.options, "status"))


def _is_judged(request: Request) -> bool:
    """Whether the pod must say what it needs: a new or resized one, or one that gets or loses its deadline, and not as a whole."""
    new, old = request.new, request.old
    changes = old is None or request.subresource == "resize" or _ends(new) != _ends(old)
    return changes and not meta.at(new, "spec", "resources")


def _ends(pod: Object) -> bool:
    return meta.at(pod, "spec", "activeDeadlineSeconds") is not None


def _check_stated(request: Request, quota: Object, hard: Usage) -> None:
    """A quota on computing resources wants every container to say what it needs."""
    missing: dict[str, list[str]] = {}
    for container in (each for field in ("containers", "initContainers") for each in request.new["spec"].get(field) or ()):
        resources = container.get("resources") or {}
        for name in sorted(set(hard) & set(COMPUTE)):
            part, _, resource = name.rpartition(".")
            if resource not in (resources.get(part or "requests") or {}):
                missing.setdefault(name, []).append(container.get("name", ""))
    if missing:
        text = "; ".join(f"{name} for: {','.join(sorted(missing[name]))}" for name in sorted(missing))
        raise refusals.forbidden(request.row, request.name, f"failed quota: {meta.name(quota)}: must specify {text}")
