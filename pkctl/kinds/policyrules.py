"""What admission policies and their bindings share: which requests they are about, by default and in validation.

Follows pkg/apis/admissionregistration/v1/defaults.go and validation/validation.go. Matching a request is api/admission/matching.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
SCOPES = ("*", "Cluster", "Namespaced")
RULES = ("resourceRules", "excludeResourceRules")


def default(resources: Object | None) -> None:
    """Fill in a MatchResources."""
    if resources is None:
        return
    resources.setdefault("matchPolicy", "Equivalent")
    resources.setdefault("namespaceSelector", {})
    resources.setdefault("objectSelector", {})
    for part in RULES:
        for rule in resources.get(part) or ():
            rule.setdefault("scope", "*")


def problems(resources: Object | None, path: str) -> list[Problem]:
    """Everything wrong with a MatchResources."""
    if resources is None:
        return []
    found = []
    if resources.get("matchPolicy") not in ("Equivalent", "Exact"):
        found.append(fields.unsupported(f"{path}.matchPolicy", resources.get("matchPolicy"), ("Equivalent", "Exact")))
    for name in ("namespaceSelector", "objectSelector"):
        found += checks.selector(resources.get(name), f"{path}.{name}")
    for part in RULES:
        for number, rule in enumerate(resources.get(part) or ()):
            found += _rule(rule, f"{path}.{part}[{number}]")
    return found


def _rule(rule: Object, path: str) -> list[Problem]:
    found = []
    chosen = rule.get("resourceNames") or ()
    for number, name in enumerate(chosen):
        place = f"{path}.resourceNames[{number}]"
        found += [fields.invalid(place, name, text) for text in names.path_segment(name)]
        found += [fields.duplicate(place, name)] if name in chosen[:number] else []
    operations = rule.get("operations") or []
    found += _list(operations, f"{path}.operations", "operations", empty=True)
    found += [
        fields.unsupported(f"{path}.operations[{number}]", each, OPERATIONS)
        for number, each in enumerate(operations)
        if each not in OPERATIONS
    ]
    found += _list(rule.get("apiGroups") or [], f"{path}.apiGroups", "API groups", empty=True)
    found += _list(rule.get("apiVersions") or [], f"{path}.apiVersions", "API versions")
    found += _list(rule.get("resources") or [], f"{path}.resources", "resources", every="*/*")
    if rule.get("scope", "*") not in SCOPES:
        found.append(fields.unsupported(f"{path}.scope", rule["scope"], SCOPES))
    return found


def _list(values: Sequence[Any], path: str, what: str, *, empty: bool = False, every: str = "*") -> list[Problem]:
    """A list that can't be empty, whose `every` stands alone; `empty` says whether an item may be "" (the core group)."""
    if not values:
        return [fields.required(path)]
    found = [fields.required(f"{path}[{number}]") for number, each in enumerate(values) if not each and not empty]
    if every in values and len(values) > 1:
        found.append(fields.invalid(path, list(values), f"if '{every}' is present, must not specify other {what}"))
    return found
