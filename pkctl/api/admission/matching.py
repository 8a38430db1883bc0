"""Whether a request is one that a policy or a binding is about: its MatchResources against kind, operation, namespace and labels.

Follows apiserver/pkg/admission/plugin/policy/matching and plugin/webhook/predicates. Not here: what the policy then says (`policies`).
"""

from __future__ import annotations

from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.api.requests import Request
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

OPERATIONS = {"create": "CREATE", "update": "UPDATE", "delete": "DELETE", "connect": "CONNECT"}


def namespace(request: Request) -> Object | None:
    """The namespace that the request is in; None for what is cluster-scoped, namespaces among it."""
    if not request.namespace:
        return None
    return request.session.read("namespaces", "", request.namespace)


def matched(request: Request, resources: Object | None) -> Row | None:
    """The row, in the version that the rules name, that the request is matched as; None when it isn't."""
    if resources is None:
        return request.row
    if not _is_chosen_namespace(request, resources.get("namespaceSelector")) or not _is_chosen(request, resources.get("objectSelector")):
        return None
    is_exact = resources.get("matchPolicy") == "Exact"
    if _rule(request, resources.get("excludeResourceRules") or (), is_exact) is not None:
        return None
    rules = resources.get("resourceRules")
    return _rule(request, rules, is_exact) if rules else request.row


def _is_chosen_namespace(request: Request, selector: Object | None) -> bool:
    """A namespace is chosen by its own labels; what else is cluster-scoped always is."""
    if not selector or (not request.namespace and request.row.id != "namespaces"):
        return True
    return selectors.matches(selector, meta.labels(namespace(request) or request.new))


def _is_chosen(request: Request, selector: Object | None) -> bool:
    """The object as it will be or as it was."""
    if not selector:
        return True
    states = [request.new if request.verb != "delete" else None, request.old]
    return any(selectors.matches(selector, meta.labels(state)) for state in states if state is not None)


def _rule(request: Request, rules: Sequence[Object], is_exact: bool) -> Row | None:
    rows = [request.row]
    if not is_exact:
        rows += [row for row in request.session.kinds() if row.storage == request.row.storage and row is not request.row]
    for row in rows:
        for rule in rules:
            if _is_about(request, row, rule):
                return row
    return None


def _is_about(request: Request, row: Row, rule: Object) -> bool:
    wanted = rule.get("resourceNames")
    return (
        _has(rule.get("operations"), OPERATIONS[request.verb])
        and _has(rule.get("apiGroups"), row.group)
        and _has(rule.get("apiVersions"), row.version)
        and any(_covers(each, row.plural, request.subresource) for each in rule.get("resources") or ())
        and rule.get("scope", "*") in ("*", "Namespaced" if row.namespaced else "Cluster")
        and (not wanted or request.name in wanted)
    )


def _has(values: Sequence[str] | None, value: str) -> bool:
    return bool(values) and ("*" in values or value in values)  # type: ignore[operator]  # not None once it is true


def _covers(said: str, resource: str, subresource: str) -> bool:
    """`pods` and `*` leave subresources out, `pods/*` and `*/scale` take them in."""
    plural, _, below = said.partition("/")
    return plural in ("*", resource) and below in ("*", subresource)
