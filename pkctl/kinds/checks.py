"""Checks that the rooms of several kinds share; each returns every `fields.Problem` found.

Follows apimachinery/pkg/apis/meta/v1/validation and pkg/apis/core/validation of Kubernetes. Not here: what only one kind checks,
metadata (`generic`) and pod specs (`podspec.validation`).
"""

from __future__ import annotations

from pkctl.objects import fields, names, quantities, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

IMMUTABLE = "field is immutable"
SELECTOR_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
PROTOCOLS = ("SCTP", "TCP", "UDP")
LONGEST_DRIVER = 63


def worded(validator: Callable[[Any], list[str]], value: Any, field: str) -> list[fields.Problem]:
    """Every text a name validator has about a value."""
    return [fields.invalid(field, value, text) for text in validator(value)]


def named(validator: Callable[[Any], list[str]], value: Any, field: str) -> list[fields.Problem]:
    """As `worded`; an empty value is required."""
    return worded(validator, value, field) if value else [fields.required(field)]


def chosen(value: Any, allowed: Sequence[str], field: str) -> list[fields.Problem]:
    """One of `allowed`, and not empty."""
    if not value:
        return [fields.required(field)]
    return [] if value in allowed else [fields.unsupported(field, value, allowed)]


def unchanged(new: Any, old: Any, field: str) -> list[fields.Problem]:
    """`field is immutable` when they differ; nothing and empty are the same."""
    return [] if (new or None) == (old or None) else [fields.invalid(field, new, IMMUTABLE)]


def between(value: Any, field: str, low: int, high: int | None = None) -> list[fields.Problem]:
    """An integer within bounds; None passes."""
    if value is None or (value >= low and (high is None or value <= high)):
        return []
    if high is None:
        return [fields.invalid(field, value, f"must be greater than or equal to {low}")]
    return [fields.invalid(field, value, f"must be between {low} and {high}, inclusive")]


def port(value: Any, field: str) -> list[fields.Problem]:
    """A port number."""
    return between(value or 0, field, 1, 65535)


def port_or_name(value: Any, field: str) -> list[fields.Problem]:
    """A port number or a port's name."""
    return worded(names.port_name, value, field) if isinstance(value, str) else port(value, field)


def quantity(value: Any, field: str, *, positive: bool = False) -> list[fields.Problem]:
    """A quantity that is not negative, or above zero."""
    amount = quantities.parse(value)
    if amount < 0 or (positive and not amount):
        return [fields.invalid(field, shown(value), "must be greater than zero" if positive else "must be greater than or equal to 0")]
    return []


def shown(value: Any) -> str:
    """A quantity's canonical text."""
    return quantities.canonical(str(value))


def labels(mapping: Mapping[str, Any] | None, field: str) -> list[fields.Problem]:
    """Label keys and values."""
    found: list[fields.Problem] = []
    for key, value in sorted((mapping or {}).items()):
        found += worded(names.qualified_name, key, field)
        found += worded(names.label_value, value, field)
    return found


def selector(value: Mapping[str, Any] | None, field: str) -> list[fields.Problem]:
    """A LabelSelector; None passes."""
    if not value:
        return []
    found = labels(value.get("matchLabels"), f"{field}.matchLabels")
    for number, expression in enumerate(value.get("matchExpressions") or ()):
        found += requirement(expression, f"{field}.matchExpressions[{number}]")
    return found


def requirement(expression: Mapping[str, Any], field: str) -> list[fields.Problem]:
    """One match expression."""
    found: list[fields.Problem] = []
    operator, values = expression.get("operator", ""), expression.get("values") or []
    if operator in ("In", "NotIn"):
        if not values:
            found.append(fields.required(f"{field}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
    elif operator in SELECTOR_OPERATORS:
        if values:
            found.append(fields.forbidden(f"{field}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    else:
        found.append(fields.invalid(f"{field}.operator", operator, "not a valid selector operator"))
    found += worded(names.qualified_name, expression.get("key", ""), f"{field}.key")
    for number, value in enumerate(values):
        found += worded(names.label_value, value, f"{field}.values[{number}]")
    return found


def driver_name(name: str, field: str) -> list[fields.Problem]:
    """ValidateCSIDriverName, which drivers of devices share."""
    found = [] if name else [fields.required(field)]
    if len(name) > LONGEST_DRIVER:
        found.append(fields.too_long(field, LONGEST_DRIVER))
    return found + [fields.invalid(field, name, text) for text in names.dns_subdomain(name.lower())]


def local_reference(found: Mapping[str, Any], field: str) -> list[fields.Problem]:
    """A TypedLocalObjectReference."""
    group = found.get("apiGroup")
    problems = worded(names.dns_subdomain, group, f"{field}.apiGroup") if group is not None else []
    for part in ("kind", "name"):
        problems += named(names.path_segment, found.get(part) or "", f"{field}.{part}")
    return problems


def struct(field: str, value: Mapping[str, Any], detail: str) -> fields.Problem:
    """`Invalid value` showing a Go struct: its fields in the order given."""
    return fields.Problem(field, "FieldValueInvalid", f"Invalid value: {_compact(value)}: {detail}")


def twice(field: str, value: Mapping[str, Any]) -> fields.Problem:
    """`Duplicate value` showing a Go struct: its fields in the order given."""
    return fields.Problem(field, "FieldValueDuplicate", f"Duplicate value: {_compact(value)}")


def _compact(value: Any) -> str:
    return texts.dumps(value)


def only(allowed: Iterable[str], value: Mapping[str, Any]) -> list[str]:
    """The names of `allowed` that a union carries."""
    return [name for name in allowed if value.get(name) is not None]


CONDITION_STATUSES = ("False", "True", "Unknown")
CONDITION_EXAMPLES = ("my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB")
CONDITION_REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?"
LONGEST_REASON, LONGEST_MESSAGE = 1024, 32768


def conditions(found: Iterable[Mapping[str, Any]], field: str) -> list[fields.Problem]:
    """metav1's ValidateConditions."""
    problems: list[fields.Problem] = []
    seen: set[str] = set()
    for number, condition in enumerate(found):
        kind, at = condition.get("type") or "", f"{field}[{number}]"
        if kind in seen:
            problems.append(fields.duplicate(f"{at}.type", kind))
        seen.add(kind)
        problems += _condition(condition, kind, at)
    return problems


def _condition(condition: Mapping[str, Any], kind: str, at: str) -> list[fields.Problem]:
    problems = worded(names.qualified_name, kind, f"{at}.type") if kind else [fields.required(f"{at}.type")]
    status, reason, message = condition.get("status") or "", condition.get("reason") or "", condition.get("message") or ""
    if status not in CONDITION_STATUSES:
        problems.append(fields.unsupported(f"{at}.status", status, CONDITION_STATUSES))
    problems += not_negative(condition.get("observedGeneration"), f"{at}.observedGeneration")
    if not condition.get("lastTransitionTime"):
        problems.append(fields.required(f"{at}.lastTransitionTime"))
    if not reason:
        problems.append(fields.required(f"{at}.reason"))
    else:
        problems += _condition_reason(reason, f"{at}.reason")
    if len(message.encode()) > LONGEST_MESSAGE:
        problems.append(fields.too_long(f"{at}.message", LONGEST_MESSAGE))
    return problems


def _condition_reason(reason: str, at: str) -> list[fields.Problem]:
    import re

    problems = []
    if not re.fullmatch(CONDITION_REASON, reason):
        text = (
            "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or "
            "'_,:', and must end with an alphanumeric character or '_'"
        )
        told = names.regex_error(text, CONDITION_REASON, *CONDITION_EXAMPLES)
        problems.append(fields.invalid(at, reason, told))
    if len(reason) > LONGEST_REASON:
        problems.append(fields.too_long(at, LONGEST_REASON))
    return problems


def not_negative(value: Any, field: str) -> list[fields.Problem]:
    """`must be greater than or equal to 0`; None passes."""
    return [fields.invalid(field, value, "must be greater than or equal to 0")] if value is not None and value < 0 else []
