"""Terms that match nodes, and terms that match pods in a node's neighbourhood.

Follows component-helpers/scheduling/corev1/nodeaffinity and pkg/scheduler/framework/plugins/{interpodaffinity,podtopologyspread}.
"""

from __future__ import annotations

from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pkctl.controllers import plan
    from pkctl.controllers.scheduling.nodes import Demand, Place
    from pkctl.objects.meta import Object

    PodTest = Callable[[Object], bool]

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def matches_node(term: Object, labels: dict[str, str], name: str) -> bool:
    """One nodeSelectorTerm; a term without requirements matches nothing."""
    expressions, fields = term.get("matchExpressions") or [], term.get("matchFields") or []
    if not expressions and not fields:
        return False
    return all(_holds(one, labels) for one in expressions) and all(_holds(one, {"metadata.name": name}) for one in fields)


def _holds(requirement: Object, labels: dict[str, str]) -> bool:
    key, operator, values = requirement["key"], requirement["operator"], requirement.get("values") or []
    found = labels.get(key)
    if operator == "In":
        return found in values
    if operator == "NotIn":
        return found not in values
    if operator == "Exists":
        return found is not None
    if operator == "DoesNotExist":
        return found is None
    try:
        number, limit = int(found or ""), int(values[0])
    except (ValueError, IndexError):
        return False
    return number > limit if operator == "Gt" else number < limit


def allows_node(spec: Object, labels: dict[str, str], name: str) -> bool:
    """A pod's nodeSelector and required node affinity."""
    wanted = spec.get("nodeSelector") or {}
    if not wanted.items() <= labels.items():
        return False
    required = meta.at(spec, "affinity", "nodeAffinity", REQUIRED)
    if required is None:
        return True
    return any(matches_node(term, labels, name) for term in required.get("nodeSelectorTerms") or [])


def pod_test(view: plan.View, term: Object, owner: Object) -> PodTest:
    """What a podAffinityTerm of `owner` matches."""
    selector = meta.clone(term.get("labelSelector")) if term.get("labelSelector") is not None else None
    if selector is None:
        return _nothing
    expressions = selector.setdefault("matchExpressions", []) or []
    for fields, operator in (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")):
        for key in term.get(fields) or []:
            if key in meta.labels(owner):
                expressions.append({"key": key, "operator": operator, "values": [meta.labels(owner)[key]]})
    wanted = selectors.of({**selector, "matchExpressions": expressions})
    namespaces = _namespaces(view, term, owner)
    return lambda pod: meta.namespace(pod) in namespaces and wanted.matches(meta.labels(pod))


def _nothing(_pod: Object) -> bool:
    return False


def _namespaces(view: plan.View, term: Object, owner: Object) -> set[str]:
    found = set(term.get("namespaces") or [])
    selector = term.get("namespaceSelector")
    if selector is not None:
        found |= {meta.name(one) for one in view.list("namespaces") if selectors.matches(selector, meta.labels(one))}
    return found if found or selector is not None else {meta.namespace(owner)}


def domains(places: Iterable[Place], key: str, test: PodTest) -> dict[str, int]:
    """How many matching pods each value of a topology key has."""
    counts: dict[str, int] = {}
    for place in places:
        value = place.labels.get(key)
        if value is not None:
            counts[value] = counts.get(value, 0) + sum(1 for demand in place.demands.values() if test(demand.pod))
    return counts


def refused_domains(view: plan.View, places: Iterable[Place], demand: Demand) -> set[tuple[str, str]]:
    """The (topology key, value) pairs where running pods' anti-affinity keeps this pod out."""
    refused = set()
    for place in places:
        if not place.avoiders:
            continue
        for other in place.demands.values():
            for term in meta.at(other.pod, "spec", "affinity", "podAntiAffinity", REQUIRED, default=[]):
                value = place.labels.get(term["topologyKey"])
                if value is not None and pod_test(view, term, other.pod)(demand.pod):
                    refused.add((term["topologyKey"], value))
    return refused


def spread_test(constraint: Object, pod: Object) -> PodTest:
    """The pods a topology spread constraint counts."""
    selector = meta.clone(constraint.get("labelSelector") or {})
    if constraint.get("labelSelector") is None:
        return _nothing
    labels = meta.labels(pod)
    extra = {key: labels[key] for key in constraint.get("matchLabelKeys") or [] if key in labels}
    wanted = selectors.of({**selector, "matchLabels": {**(selector.get("matchLabels") or {}), **extra}})
    return lambda other: meta.namespace(other) == meta.namespace(pod) and not meta.is_deleting(other) and wanted.matches(meta.labels(other))
