"""What may be wrong with where a pod wants to run: affinity, tolerations, spreading, gates.

Follows validateAffinity, ValidateTolerations and validateTopologySpreadConstraints in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
TOLERATION_OPERATORS = ("Equal", "Exists")
UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")
SPREAD_POLICIES = ("Honor", "Ignore")
REQUIRED_TERMS = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED_TERMS = "preferredDuringSchedulingIgnoredDuringExecution"


def tolerations(found: Sequence[Object], path: str) -> list[Problem]:
    """Tolerations of taints."""
    return [problem for index, each in enumerate(found) for problem in _toleration(each, f"{path}[{index}]")]


def _toleration(toleration: Object, path: str) -> list[Problem]:
    key, operator, value, effect = (str(toleration.get(name) or "") for name in ("key", "operator", "value", "effect"))
    problems = checks.worded(names.qualified_name, key, f"{path}.key") if key else []
    if not key and operator != "Exists":
        text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        problems.append(fields.invalid(f"{path}.operator", operator, text))
    if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
        problems.append(fields.invalid(f"{path}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if operator in ("", "Equal"):
        wrong = names.label_value(value)
        problems += [fields.invalid(f"{path}.operator", value, ";".join(wrong))] if wrong else []
    elif operator == "Exists":
        problems += [fields.invalid(f"{path}.operator", value, "value must be empty when `operator` is 'Exists'")] if value else []
    else:
        problems.append(fields.unsupported(f"{path}.operator", operator, TOLERATION_OPERATORS))
    if effect and effect not in EFFECTS:
        problems.append(fields.unsupported(f"{path}.effect", effect, EFFECTS))
    return problems


def affinity(found: Object, path: str) -> list[Problem]:
    """Node, pod and anti-affinity."""
    problems = _node_affinity(found.get("nodeAffinity") or {}, f"{path}.nodeAffinity")
    for name in ("podAffinity", "podAntiAffinity"):
        problems += _pod_affinity(found.get(name) or {}, f"{path}.{name}")
    return problems


def _node_affinity(found: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    needed = found.get(REQUIRED_TERMS)
    if needed is not None:
        problems += node_selector(needed, f"{path}.{REQUIRED_TERMS}")
    for index, term in enumerate(found.get(PREFERRED_TERMS) or ()):
        place = f"{path}.{PREFERRED_TERMS}[{index}]"
        problems += _weight(term, place) + _node_term(term.get("preference") or {}, f"{place}.preference", any_value=True)
    return problems


def node_selector(selector: Object, path: str) -> list[Problem]:
    """A NodeSelector: at least one term."""
    terms = selector.get("nodeSelectorTerms") or []
    if not terms:
        return [fields.required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")]
    return [problem for index, term in enumerate(terms) for problem in _node_term(term, f"{path}.nodeSelectorTerms[{index}]")]


def _node_term(term: Object, path: str, *, any_value: bool = False) -> list[Problem]:
    problems: list[Problem] = []
    for index, wanted in enumerate(term.get("matchExpressions") or ()):
        place = f"{path}.matchExpressions[{index}]"
        problems += _node_requirement(wanted, place)
        for number, value in enumerate(() if any_value else wanted.get("values") or ()):
            problems += checks.worded(names.label_value, value, f"{place}.values[{number}]")
    for index, wanted in enumerate(term.get("matchFields") or ()):
        problems += _field_requirement(wanted, f"{path}.matchFields[{index}]")
    return problems


def _node_requirement(wanted: Object, path: str) -> list[Problem]:
    operator, values = str(wanted.get("operator") or ""), wanted.get("values") or []
    problems: list[Problem] = []
    if operator in ("In", "NotIn"):
        problems += [] if values else [fields.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")]
    elif operator in ("Exists", "DoesNotExist"):
        text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
        problems += [fields.forbidden(f"{path}.values", text)] if values else []
    elif operator in ("Gt", "Lt"):
        text = "must be specified single value when `operator` is 'Lt' or 'Gt'"
        problems += [] if len(values) == 1 else [fields.required(f"{path}.values", text)]
    else:
        problems.append(fields.invalid(f"{path}.operator", operator, "not a valid selector operator"))
    return problems + checks.worded(names.qualified_name, wanted.get("key") or "", f"{path}.key")


def _field_requirement(wanted: Object, path: str) -> list[Problem]:
    operator, values, key = str(wanted.get("operator") or ""), wanted.get("values") or [], str(wanted.get("key") or "")
    problems: list[Problem] = []
    if operator in ("In", "NotIn"):
        if len(values) != 1:
            text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
            problems.append(fields.required(f"{path}.values", text))
    else:
        problems.append(fields.invalid(f"{path}.operator", operator, "not a valid selector operator"))
    if key != "metadata.name":
        return [*problems, fields.invalid(f"{path}.key", key, "not a valid field selector key")]
    for index, value in enumerate(values):
        problems += checks.worded(names.dns_subdomain, value, f"{path}.values[{index}]")
    return problems


def _pod_affinity(found: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, term in enumerate(found.get(REQUIRED_TERMS) or ()):
        problems += _pod_term(term, f"{path}.{REQUIRED_TERMS}[{index}]")
    for index, term in enumerate(found.get(PREFERRED_TERMS) or ()):
        place = f"{path}.{PREFERRED_TERMS}[{index}]"
        problems += _weight(term, place) + _pod_term(term.get("podAffinityTerm") or {}, f"{place}.podAffinityTerm")
    return problems


def _weight(term: Object, path: str) -> list[Problem]:
    weight = term.get("weight") or 0
    return [] if 1 <= weight <= 100 else [fields.invalid(f"{path}.weight", weight, "must be in the range 1-100")]


def _pod_term(term: Object, path: str) -> list[Problem]:
    problems = checks.selector(term.get("labelSelector"), f"{path}.labelSelector")
    problems += checks.selector(term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces") or ():
        problems += checks.worded(names.dns_label, name, f"{path}.namespace")
    problems += label_keys(term, path)
    key = str(term.get("topologyKey") or "")
    problems += [] if key else [fields.required(f"{path}.topologyKey", "can not be empty")]
    return problems + checks.worded(names.qualified_name, key, f"{path}.topologyKey")


def label_keys(term: Object, path: str) -> list[Problem]:
    """`matchLabelKeys` and `mismatchLabelKeys`, whose values come from the pod's own labels."""
    selector = term.get("labelSelector")
    problems: list[Problem] = []
    for name in ("matchLabelKeys", "mismatchLabelKeys"):
        keys = term.get(name) or ()
        if keys and selector is None:
            problems.append(fields.forbidden(f"{path}.{name}", "must not be specified when labelSelector is not set"))
        for index, key in enumerate(() if selector is None else keys):
            problems += checks.worded(names.qualified_name, key, f"{path}.{name}[{index}]")
    wanted = {key: index for index, key in enumerate(term.get("matchLabelKeys") or ())}
    problems += _told_twice(wanted, selector or {}, path)
    unwanted = term.get("mismatchLabelKeys") or ()
    return problems + [
        fields.invalid(f"{path}.matchLabelKeys[{index}]", key, "exists in both matchLabelKeys and mismatchLabelKeys")
        for key, index in wanted.items()
        if key in unwanted
    ]


def _told_twice(wanted: Object, selector: Object, path: str) -> list[Problem]:
    """The selector holds an expression for each key by now; one more of the same key is the user's."""
    problems: list[Problem] = []
    seen = set(selector.get("matchLabels") or ()) if wanted else set()
    for expression in (selector.get("matchExpressions") or ()) if wanted else ():
        key = expression.get("key")
        if key in wanted and key in seen:
            problems.append(fields.invalid(f"{path}[{wanted[key]}]", key, "exists in both matchLabelKeys and labelSelector"))
        seen.add(key)
    return problems


def spread(found: Sequence[Object], path: str) -> list[Problem]:
    """Topology spread constraints."""
    problems: list[Problem] = []
    pairs = [(str(each.get("topologyKey") or ""), str(each.get("whenUnsatisfiable") or "")) for each in found]
    for index, (constraint, pair) in enumerate(zip(found, pairs, strict=True)):
        place = f"{path}[{index}]"
        problems += _skew(constraint, place)
        problems += [] if pair[0] else [fields.required(f"{place}.topologyKey", "can not be empty")]
        problems += [] if pair[1] in UNSATISFIABLE else [fields.unsupported(f"{place}.whenUnsatisfiable", pair[1], UNSATISFIABLE)]
        if pair in pairs[index + 1 :]:
            problems.append(fields.duplicate(f"{place}.{{topologyKey, whenUnsatisfiable}}", f"{{{pair[0]}, {pair[1]}}}"))
        problems += _domains(constraint, pair[1], f"{place}.minDomains")
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            value = constraint.get(name)
            problems += [] if value is None or value in SPREAD_POLICIES else [fields.unsupported(f"{place}.{name}", value, SPREAD_POLICIES)]
        problems += label_keys(constraint, place) + checks.selector(constraint.get("labelSelector"), f"{place}.labelSelector")
    return problems


def _skew(constraint: Object, path: str) -> list[Problem]:
    skew = constraint.get("maxSkew") or 0
    return [] if skew > 0 else [fields.invalid(f"{path}.maxSkew", skew, "must be greater than zero")]


def _domains(constraint: Object, action: str, path: str) -> list[Problem]:
    least = constraint.get("minDomains")
    if least is None:
        return []
    problems = [] if least > 0 else [fields.invalid(path, least, "must be greater than zero")]
    if action != "DoNotSchedule":
        problems.append(fields.invalid(path, least, f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"))
    return problems


def gates(spec: Object, path: str) -> list[Problem]:
    """Readiness and scheduling gates."""
    problems: list[Problem] = []
    for index, gate in enumerate(spec.get("readinessGates") or ()):
        kind = gate.get("conditionType") or ""
        problems += checks.worded(names.qualified_name, kind, f"{path}.readinessGates[{index}].conditionType")
    seen: set[str] = set()
    for index, gate in enumerate(spec.get("schedulingGates") or ()):
        name, place = str(gate.get("name") or ""), f"{path}.schedulingGates[{index}]"
        problems += checks.worded(names.qualified_name, name, place)
        problems += [fields.duplicate(place, name)] if name in seen else []
        seen.add(name)
    return problems
