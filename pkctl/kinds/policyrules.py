"""What admission policies and their bindings share: which requests they are about, by default and in validation.

Follows pkg/apis/admissionregistration/v1/defaults.go and validation/validation.go. Matching a request is api/admission/matching.
"""

from __future__ import annotations

from pkctl.kinds import checks, operationrules
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

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
    return found + operationrules.problems(rule, path)
