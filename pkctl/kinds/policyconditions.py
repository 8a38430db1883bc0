"""What admission policies and webhooks share: match conditions, variables, the kind of parameters, and whether an expression compiles.

Follows pkg/apis/admissionregistration/validation/validation.go. The language itself is `policycel`.
"""

from __future__ import annotations

from pkctl.kinds import checks, policyrules
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.kinds.policycel import Variables
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MOST_CONDITIONS = 64
FAILURES = ("Fail", "Ignore")
EXCLUSIVE = "name and selector are mutually exclusive"


def about(spec: Object, before: Object | None) -> list[Problem]:
    """What both kinds of policies say in the same fields, up to the variables; `before` is the spec of the object as it is."""
    found: list[Problem] = []
    failure, constraints = spec.get("failurePolicy"), spec.get("matchConstraints")
    if failure is None:
        found.append(fields.required("spec.failurePolicy"))
    elif failure not in FAILURES:
        found.append(fields.unsupported("spec.failurePolicy", failure, FAILURES))
    if spec.get("paramKind") is not None:
        found += param_kind(spec["paramKind"], "spec.paramKind")
    if constraints is None:
        found.append(fields.required("spec.matchConstraints"))
    else:
        found += policyrules.problems(constraints, "spec.matchConstraints")
        found += [] if constraints.get("resourceRules") else [fields.required("spec.matchConstraints.resourceRules")]
    if before is None or any((spec.get(part) or None) != (before.get(part) or None) for part in ("paramKind", "matchConditions")):
        has_params = spec.get("paramKind") is not None
        found += problems(spec.get("matchConditions") or [], "spec.matchConditions", has_params=has_params)
    return found


def param_ref(reference: Object | None, at: str) -> list[Problem]:
    """Which objects hold a binding's parameters."""
    if reference is None:
        return []
    name, chosen, action = reference.get("name"), reference.get("selector"), reference.get("parameterNotFoundAction")
    found = [fields.invalid(f"{at}.name", name, text) for text in names.path_segment(name)] if name else []
    if name and chosen is not None:
        found.append(fields.forbidden(f"{at}.name", EXCLUSIVE))
    found += checks.selector(chosen, f"{at}.selector")
    if name and chosen is not None:
        found.append(fields.forbidden(f"{at}.selector", EXCLUSIVE))
    if not name and chosen is None:
        found.append(fields.required(at, "one of name or selector must be specified"))
    if not action:
        found.append(fields.required(f"{at}.parameterNotFoundAction"))
    elif action not in ("Allow", "Deny"):
        found.append(fields.unsupported(f"{at}.parameterNotFoundAction", action, ("Deny", "Allow")))
    return found


def policy_name(name: str, at: str) -> list[Problem]:
    """Which policy a binding binds."""
    return checks.named(names.dns_subdomain, name, at)


def param_kind(kind: Object, at: str) -> list[Problem]:
    """The kind of the objects that hold a policy's parameters."""
    found: list[Problem] = []
    version = kind.get("apiVersion") or ""
    group, _, last = version.rpartition("/")
    if not version:
        found.append(fields.required(f"{at}.apiVersion"))
    elif version.count("/") > 1:
        found.append(fields.invalid(f"{at}.apiVersion", version, f"unexpected GroupVersion string: {version}"))
    else:
        if wrong := names.dns_subdomain(group) if group else []:
            found.append(fields.invalid(f"{at}.apiVersion", group, ",".join(wrong)))
        if not last:
            found.append(fields.invalid(f"{at}.apiVersion", version, "version must be specified"))
        elif wrong := names.dns1035_label(last):
            found.append(fields.invalid(f"{at}.apiVersion", last, ",".join(wrong)))
    if not kind.get("kind"):
        return [*found, fields.required(f"{at}.kind")]
    wrong = names.dns1035_label(kind["kind"].lower())
    text = f"may have mixed case, but should otherwise match: {','.join(wrong)}"
    return [*found, fields.invalid(f"{at}.kind", kind["kind"], text)] if wrong else found


def compiles(text: str, path: str, **more: Any) -> list[Problem]:
    """What is wrong with one expression; `more` as `policycel.check` takes it."""
    from pkctl.kinds import policycel

    try:
        policycel.check(text, **more)
    except policycel.CelError as error:
        return [fields.invalid(path, text, str(error))]
    return []


def problems(conditions: Sequence[Object], path: str, *, has_params: bool) -> list[Problem]:
    """Everything wrong with match conditions."""
    seen: set[str] = set()
    found = [fields.too_many(path, len(conditions), MOST_CONDITIONS)] if len(conditions) > MOST_CONDITIONS else []
    for number, condition in enumerate(conditions):
        name, text, at = condition.get("name") or "", (condition.get("expression") or "").strip(), f"{path}[{number}]"
        found += compiles(text, f"{at}.expression", params=has_params) if text else [fields.required(f"{at}.expression")]
        if not name:
            found.append(fields.required(f"{at}.name"))
            continue
        found += [fields.invalid(f"{at}.name", name, wrong) for wrong in names.qualified_name(name)]
        found += [fields.duplicate(f"{at}.name", name)] if name in seen else []
        seen.add(name)
    return found


def variables(given: Sequence[Object], path: str, *, has_params: bool) -> tuple[Variables, list[Problem]]:
    """(name and expression of those that can be used, what is wrong); each may use those before it."""
    from pkctl.kinds import celvalues

    known: list[tuple[str, str]] = []
    found: list[Problem] = []
    for number, variable in enumerate(given):
        name, text, at = variable.get("name") or "", variable.get("expression") or "", f"{path}[{number}]"
        if not name.strip():
            found.append(fields.required(f"{at}.name", "name is not specified"))
        elif not (name.isascii() and name.isidentifier()) or name in celvalues.RESERVED:
            found.append(fields.invalid(f"{at}.name", name, "name is not a valid CEL identifier"))
        if not text.strip():
            found.append(fields.required(f"{at}.expression", "expression is not specified"))
            continue
        wrong = compiles(text, f"{at}.expression", wanted="", params=has_params, variables=tuple(known))
        found += wrong
        known += [] if wrong else [(name, text)]
    return tuple(known), found
