"""What a ResourceQuota may be. Follows ValidateResourceQuotaSpec of pkg/apis/core/validation and pkg/apis/core/helper."""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import validation_resources
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SCOPES = frozenset(
    {"BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating", "VolumeAttributesClass"}
)
CONTRARY = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
STANDARD = frozenset({
    "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage",
    "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets",
    "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers",
})  # fmt: skip
OF_PODS = frozenset({
    "cpu", "memory", "ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "requests.cpu",
    "requests.memory", "requests.ephemeral-storage",
})  # fmt: skip
"""Standard resources that a quota of some pods only can count."""

OF_CLAIMS = frozenset({"persistentvolumeclaims", "requests.storage"})
ONLY_EXISTS = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
OPERATORS = ("DoesNotExist", "Exists", "In", "NotIn")
EXISTS_TEXT = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
    "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Resource names, amounts, scopes; the scopes never change."""
    spec = new.get("spec") or {}
    found = amounts(spec.get("hard"), "spec.hard")
    found += _scopes(spec, "spec.scopes")
    found += _selector(spec, "spec.scopeSelector") if spec.get("scopeSelector") is not None else []
    if old and set(spec.get("scopes") or ()) != set(meta.at(old, "spec", "scopes", default=())):
        found.append(fields.invalid("spec.scopes", spec.get("scopes"), checks.IMMUTABLE))
    return found


def amounts(given: dict[str, Any] | None, path: str) -> list[Problem]:
    """Quantities by resource name."""
    found: list[Problem] = []
    for name, amount in sorted((given or {}).items()):
        found += resource_name(name, f"{path}[{name}]") + validation_resources.amount(name, amount, f"{path}[{name}]")
    return found


def _is_standard(name: str) -> bool:
    return name in STANDARD or name.startswith(("hugepages-", "requests.hugepages-"))


def resource_name(name: str, field: str) -> list[Problem]:
    """A resource a quota can count: a standard one, or one with a domain."""
    found = checks.worded(names.qualified_name, name, field)
    if found or "/" in name:
        return found
    if name not in validation_resources.STANDARD and not name.startswith(("hugepages-", "requests.hugepages-")):
        found.append(fields.invalid(field, name, "must be a standard resource type or fully qualified"))
    return found if _is_standard(name) else [*found, fields.invalid(field, name, "must be a standard resource for quota")]


def _suits(scope: str, name: str) -> bool:
    """Whether a standard resource can be counted for a scope alone."""
    if scope == "BestEffort":
        return name == "pods"
    if scope in ("Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity"):
        return name in OF_PODS or name.startswith(("hugepages-", "requests.hugepages-"))
    return name in OF_CLAIMS if scope == "VolumeAttributesClass" else True


def _unsuited(scope: str, spec: Object) -> int:
    return sum(_is_standard(name) and not _suits(scope, name) for name in spec.get("hard") or ())


def _conflicts(found: set[str], scopes: Any) -> list[Problem]:
    return [fields.invalid("spec.scopes", scopes, "conflicting scopes") for pair in CONTRARY if set(pair) <= found]


def _scopes(spec: Object, path: str) -> list[Problem]:
    scopes = spec.get("scopes") or []
    found: list[Problem] = []
    for scope in scopes:
        if scope not in SCOPES:
            found.append(fields.invalid(path, scopes, "unsupported scope"))
        found += [fields.invalid(path, scopes, "unsupported scope applied to resource")] * _unsuited(scope, spec)
    return found + _conflicts(set(scopes), scopes)


def _selector(spec: Object, path: str) -> list[Problem]:
    expressions = spec["scopeSelector"].get("matchExpressions") or []
    found: list[Problem] = []
    for expression in expressions:
        scope = expression.get("scopeName") or ""
        found += _expression(expression, scope, f"{path}.matchExpressions")
        if unsuited := _unsuited(scope, spec):
            shown = {"MatchExpressions": [_as_go(each) for each in expressions]}
            found += [checks.struct(f"{path}.matchExpressions", shown, "unsupported scope applied to resource")] * unsuited
    return found + _conflicts({each.get("scopeName") or "" for each in expressions}, spec.get("scopes"))


def _as_go(expression: Object) -> Object:
    values = expression.get("values")
    return {"ScopeName": expression.get("scopeName") or "", "Operator": expression.get("operator") or "", "Values": values}


def _expression(expression: Object, scope: str, path: str) -> list[Problem]:
    operator, values = expression.get("operator") or "", expression.get("values") or []
    found: list[Problem] = []
    if scope not in SCOPES:
        found.append(fields.invalid(f"{path}.scopeName", scope, "unsupported scope"))
    if scope in ONLY_EXISTS and operator != "Exists":
        found.append(fields.invalid(f"{path}.operator", operator, EXISTS_TEXT))
    if operator not in OPERATORS:
        found.append(fields.invalid(f"{path}.operator", operator, "not a valid selector operator"))
    elif operator in ("In", "NotIn") and not values:
        text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
        found.append(fields.required(f"{path}.values", text))
    elif operator in ("Exists", "DoesNotExist") and values:
        text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
        found.append(fields.invalid(f"{path}.values", values, text))
    return found
