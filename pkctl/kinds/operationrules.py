"""Rules that say which operations on which resources a webhook or an admission policy is asked about.

Follows validateRuleWithOperations and validateResources in pkg/apis/admissionregistration/validation/validation.go.
"""

from __future__ import annotations

from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem

OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
SCOPES = ("*", "Cluster", "Namespaced")


def problems(rule: dict[str, Any], at: str) -> list[Problem]:
    """Everything wrong with a RuleWithOperations."""
    operations = rule.get("operations") or []
    found = _some(operations, f"{at}.operations", "operations")
    found += [
        fields.unsupported(f"{at}.operations[{number}]", each, OPERATIONS)
        for number, each in enumerate(operations)
        if each not in OPERATIONS
    ]
    found += _some(rule.get("apiGroups") or [], f"{at}.apiGroups", "API groups")
    versions = rule.get("apiVersions") or []
    found += _some(versions, f"{at}.apiVersions", "API versions")
    found += [fields.required(f"{at}.apiVersions[{number}]") for number, each in enumerate(versions) if not each]
    found += _resources(rule.get("resources") or [], f"{at}.resources")
    if rule.get("scope") not in (None, *SCOPES):
        found.append(fields.unsupported(f"{at}.scope", rule["scope"], SCOPES))
    return found


def _some(values: Sequence[str], at: str, what: str) -> list[Problem]:
    if not values:
        return [fields.required(at)]
    if len(values) > 1 and "*" in values:
        return [fields.invalid(at, list(values), f"if '*' is present, must not specify other {what}")]
    return []


def _resources(resources: Sequence[str], at: str) -> list[Problem]:
    found = [] if resources else [fields.required(at)]
    whole: set[str] = set()
    everywhere: set[str] = set()
    plain = False
    for number, each in enumerate(resources):
        place = f"{at}[{number}]"
        resource, slash, part = each.partition("/")
        if not each:
            found.append(fields.required(place))
        elif not slash:
            plain = each != "*"
        else:
            if resource in whole:
                found.append(fields.invalid(place, each, f"if '{resource}/*' is present, must not specify {each}"))
            if part in everywhere:
                found.append(fields.invalid(place, each, f"if '*/{part}' is present, must not specify {each}"))
            whole |= {resource} if part == "*" else set()
            everywhere |= {part} if resource == "*" else set()
    if len(resources) > 1 and "*/*" in resources:
        found.append(fields.invalid(at, list(resources), "if '*/*' is present, must not specify other resources"))
    if "*" in resources and plain:
        text = "if '*' is present, must not specify other resources without subresources"
        found.append(fields.invalid(at, list(resources), text))
    return found
