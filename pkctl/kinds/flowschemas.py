"""FlowSchema: pkctl stores it and does not act upon it. Follows pkg/apis/flowcontrol/{v1/defaults.go,validation} of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("PriorityLevel", description="priorityLevelConfiguration references the level that handles matching requests."),
    columns.Column("MatchingPrecedence", description="Used to choose among the FlowSchemas that match a given request."),
    columns.Column("DistinguisherMethod", description="How to compute the flow distinguisher for requests that match this schema."),
    shared.AGE,
    columns.Column("MissingPL", description="References a broken or non-existent PriorityLevelConfiguration"),
)
METHODS = ("ByNamespace", "ByUser")
SUBJECTS = {"Group": "group", "ServiceAccount": "serviceAccount", "User": "user"}
VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch")
LOWEST = 10000
NAMESPACE = "each member of this list must be '*' or a DNS-1123 label; "
EVERYTHING = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "clusterScope": True, "namespaces": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
}


def _groups(*given: str) -> list[dict[str, Any]]:
    return [{"kind": "Group", "group": {"name": name}} for name in given]


MANDATORY: dict[str, dict[str, Any]] = {
    "exempt": {
        "priorityLevelConfiguration": {"name": "exempt"},
        "matchingPrecedence": 1,
        "rules": [{"subjects": _groups("system:masters"), **EVERYTHING}],
    },
    "catch-all": {
        "priorityLevelConfiguration": {"name": "catch-all"},
        "matchingPrecedence": LOWEST,
        "distinguisherMethod": {"type": "ByUser"},
        "rules": [{"subjects": _groups("system:unauthenticated", "system:authenticated"), **EVERYTHING}],
    },
}
"""Schemas that every cluster has in exactly this form."""


def default(obj: meta.Object) -> None:
    """In the middle of the order."""
    spec = obj["spec"] = obj.get("spec") or {}
    spec["matchingPrecedence"] = spec.get("matchingPrecedence") or 1000


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Precedence, level, and who may do what; those that every cluster has are fixed."""
    spec, name = new.get("spec") or {}, meta.name(new)
    found = _precedence(spec.get("matchingPrecedence") or 0, name)
    method, level = spec.get("distinguisherMethod"), meta.at(spec, "priorityLevelConfiguration", "name", default="")
    if method is not None and method.get("type") not in METHODS:
        found.append(fields.unsupported("spec.distinguisherMethod.type", {"Type": method.get("type") or ""}, METHODS))
    at = "spec.priorityLevelConfiguration.name"
    found += checks.worded(names.dns_subdomain, level, at) if level else [fields.required(at, "must reference a priority level")]
    for number, rule in enumerate(spec.get("rules") or ()):
        found += _rule(rule, f"spec.rules[{number}]")
    if name in MANDATORY and not gostructs.same("FlowSchemaSpec", spec, MANDATORY[name]):
        shown = gostructs.shown("FlowSchemaSpec", spec)
        found.append(checks.struct("spec", shown, f"spec of '{name}' must equal the fixed value"))
    return found


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Conditions: each type once."""
    return conditions(meta.at(new, "status", "conditions", default=()))


def conditions(found: Sequence[dict[str, Any]]) -> list[fields.Problem]:
    """What flow control asks of a status."""
    problems: list[fields.Problem] = []
    types = [each.get("type") or "" for each in found]
    for number, kind in enumerate(types):
        at = f"status.conditions[{number}].type"
        problems += [fields.duplicate(at, kind)] if kind in types[:number] else []
        problems += [] if kind else [fields.required(at, "must not be empty")]
    return problems


def _precedence(value: int, name: str) -> list[fields.Problem]:
    at = "spec.matchingPrecedence"
    found = [fields.invalid(at, value, "must be a positive value")] if value <= 0 else []
    if value > LOWEST:
        found.append(fields.invalid(at, value, f"must not be greater than {LOWEST}"))
    if value == 1 and name != "exempt":
        found.append(fields.invalid(at, value, "only the schema named 'exempt' may have matchingPrecedence 1"))
    return found


def _rule(rule: dict[str, Any], at: str) -> list[fields.Problem]:
    subjects, resources, urls = (rule.get(part) or [] for part in ("subjects", "resourceRules", "nonResourceRules"))
    found = [] if subjects else [fields.required(f"{at}.subjects", "subjects must contain at least one value")]
    for number, subject in enumerate(subjects):
        found += _subject(subject, f"{at}.subjects[{number}]")
    if not resources and not urls:
        found.append(fields.required(at, "at least one of resourceRules and nonResourceRules has to be non-empty"))
    for number, each in enumerate(resources):
        found += _resources(each, f"{at}.resourceRules[{number}]")
    for number, each in enumerate(urls):
        found += _urls(each, f"{at}.nonResourceRules[{number}]")
    return found


def _subject(subject: dict[str, Any], at: str) -> list[fields.Problem]:
    kind = subject.get("kind") or ""
    if kind not in SUBJECTS:
        return [fields.unsupported(f"{at}.kind", kind, sorted(SUBJECTS))]
    part = SUBJECTS[kind]
    member = subject.get(part)
    if member is None:
        found = [fields.required(f"{at}.{part}", f"{part} is required when subject kind is '{kind}'")]
    else:
        found = (
            _account(member, f"{at}.{part}")
            if kind == "ServiceAccount"
            else checks.named(lambda _: [], member.get("name"), f"{at}.{part}.name")
        )
    for other in ("ServiceAccount", "User", "Group"):
        if other != kind and subject.get(SUBJECTS[other]) is not None:
            text = f"{SUBJECTS[other]} is forbidden when subject kind is not '{other}'"
            found.append(fields.forbidden(f"{at}.{SUBJECTS[other]}", text))
    return found


def _account(account: dict[str, Any], at: str) -> list[fields.Problem]:
    name, namespace = account.get("name") or "", account.get("namespace") or ""
    found = [] if name == "*" else checks.named(names.dns_subdomain, name, f"{at}.name")
    if not namespace:
        return [*found, fields.required(f"{at}.namespace", "must specify namespace for service account")]
    return found + checks.worded(names.dns_label, namespace, f"{at}.namespace")


def _verbs(rule: dict[str, Any], at: str) -> list[fields.Problem]:
    verbs = rule.get("verbs") or []
    if not verbs:
        return [fields.required(f"{at}.verbs", "verbs must contain at least one value")]
    if "*" in verbs:
        return _alone(verbs, f"{at}.verbs", "verbs")
    return [] if set(verbs) <= set(VERBS) else [fields.unsupported(f"{at}.verbs", verbs, VERBS)]


def _alone(values: list[str], at: str, what: str) -> list[fields.Problem]:
    wrong = "*" in values and len(values) > 1
    return [fields.invalid(at, values, f"if '*' is present, must not specify other {what}")] if wrong else []


def _resources(rule: dict[str, Any], at: str) -> list[fields.Problem]:
    found = _verbs(rule, at)
    for part, one, many in (("apiGroups", "api group", "api groups"), ("resources", "resource", "resources")):
        values = rule.get(part) or []
        if not values:
            found.append(fields.required(f"{at}.{part}", f"resource rules must supply at least one {one}"))
        found += _alone(values, f"{at}.{part}", many)
    spaces = rule.get("namespaces") or []
    if not spaces and not rule.get("clusterScope"):
        text = "resource rules that are not cluster scoped must supply at least one namespace"
        return [*found, fields.required(f"{at}.namespaces", text)]
    if "*" in spaces:
        return found + _alone(spaces, f"{at}.namespaces", "namespaces")
    for number, space in enumerate(spaces):
        found += [fields.invalid(f"{at}.namespaces[{number}]", space, NAMESPACE + text) for text in names.dns_label(space)]
    return found


def _urls(rule: dict[str, Any], at: str) -> list[fields.Problem]:
    found, urls = _verbs(rule, at), rule.get("nonResourceURLs") or []
    if not urls:
        return [*found, fields.required(f"{at}.nonResourceURLs", "nonResourceURLs must contain at least one value")]
    if "*" in urls:
        return found + _alone(urls, f"{at}.nonResourceURLs", "non-resource URLs")
    wrong = [(f"{at}.nonResourceURLs[{number}]", url, _url(url)) for number, url in enumerate(urls)]
    return found + [fields.invalid(place, url, text) for place, url, text in wrong if text]


def _url(path: str) -> str:
    if path == "/":
        return ""
    for is_wrong, text in (
        (not path, "must not be empty"),
        (not path.startswith("/"), "must start with slash"),
        (" " in path, "must not contain white-space"),
        ("//" in path, "must not contain double slash"),
        (path.count("*") > 1 or ("*" in path and not path.endswith("/*")), "wildcard can only do suffix matching"),
    ):
        if is_wrong:
            return text
    return ""


def rank(obj: meta.Object) -> tuple[int, str]:
    """Tables show the schemas in the order they are matched."""
    return meta.at(obj, "spec", "matchingPrecedence", default=0), meta.name(obj)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    missing = meta.condition(obj, "Dangling")
    return [
        meta.name(obj),
        meta.at(spec, "priorityLevelConfiguration", "name", default=""),
        spec.get("matchingPrecedence") or 0,
        meta.at(spec, "distinguisherMethod", "type", default=shared.NONE),
        shared.age(obj, now),
        missing.get("status", "?") if missing else "?",
    ]
