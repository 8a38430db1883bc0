"""RoleEscalation: a role may only be given rules that its writer holds, a binding only roles that its writer holds or may bind."""

from __future__ import annotations

from pkctl.api import authorizing, escalation, refusals
from pkctl.kinds import rbaccovering
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.api.requests import Request


def check_role(request: Request) -> None:
    """Forbidden for rules beyond the user's own, unless the user may `escalate`; aggregation takes whoever holds everything."""
    new, old, api = request.new, request.old or {}, request.session.api
    if authorizing.MASTERS in api.groups:
        return
    is_same = all(new.get(part) == old.get(part) for part in ("rules", "aggregationRule"))
    if (old and is_same) or _may(request, "escalate", request.row.plural, request.name):
        return
    _check(request, new.get("rules") or ())
    if new.get("aggregationRule"):
        _check(request, escalation.EVERYTHING)


def check_binding(request: Request) -> None:
    """Forbidden for a role beyond the user's own rules, unless the user may `bind` it; NotFound when there is no such role."""
    new, old, api = request.new, request.old or {}, request.session.api
    if authorizing.MASTERS in api.groups:
        return
    if old and all(new.get(part) == old.get(part) for part in ("subjects", "roleRef")):
        return
    reference = new["roleRef"]
    kind = "clusterroles" if reference["kind"] == "ClusterRole" else "roles"
    if _may(request, "bind", kind, reference["name"]):
        return
    found = authorizing.referenced(authorizing.Stored(request.session), reference, request.namespace)
    if found is None:
        raise refusals.not_found(request.session.row(f"{kind}.{authorizing.RBAC}"), reference["name"])
    _check(request, found.get("rules") or ())


def _may(request: Request, verb: str, resource: str, name: str) -> bool:
    api = request.session.api
    asked = authorizing.Attributes(
        api.user, api.groups, verb, group=authorizing.RBAC, resource=resource, namespace=request.namespace, name=name
    )
    return authorizing.decide(authorizing.Stored(request.session), asked)[0]


def _check(request: Request, wanted: Iterable[dict[str, Any]]) -> None:
    api, roles = request.session.api, authorizing.Stored(request.session)
    held = [rule for _, rules in authorizing.granted(roles, api.user, api.groups, meta.namespace(request.new), []) for rule in rules]
    if lacking := rbaccovering.missing(held, wanted):
        raise refusals.forbidden(request.row, request.name, escalation.refusal(api.user, api.groups, lacking))
