"""ValidatingAdmissionPolicy: admission evaluates it (api/admission/policies); its expressions are compiled when it is written.

Follows pkg/apis/admissionregistration/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, policyrules
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.policycel import Variables
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COLUMNS = (
    shared.NAME,
    columns.Column(
        "Validations", "integer", description="Validations indicates the number of validation rules defined in this configuration"
    ),
    columns.Column("ParamKind", description="ParamKind specifies the kind of resources used to parameterize this policy"),
    shared.AGE,
)
REASONS = ("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized")
NO_CHECKS = "validations or auditAnnotations must contain at least one item"
MOST_CONDITIONS = 64
NO_AUDIT = "pkctl does not honour spec.auditAnnotations: there is no audit log"
NO_CONNECT = "pkctl does not honour the operation CONNECT: admission is not asked about streams"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        len(meta.at(obj, "spec", "validations", default=())),
        _kind(meta.at(obj, "spec", "paramKind")),
        shared.age(obj, now),
    ]


def _kind(found: dict[str, Any] | None) -> str:
    return f"{found.get('apiVersion', '')}/{found.get('kind', '')}" if found else "<unset>"


def default(obj: Object) -> None:
    """Fill defaults in place."""
    spec = obj.setdefault("spec", {})
    spec.setdefault("failurePolicy", "Fail")
    policyrules.default(spec.get("matchConstraints"))


def prepare(new: Object, old: Object | None) -> None:
    """Status is the system's."""
    if old is not None and "status" in old:
        new["status"] = old["status"]


def warn(new: Object, old: Object | None) -> list[str]:
    """What of it has no effect in pkctl."""
    before = _unhonoured(old) if old else []
    return [text for text in _unhonoured(new) if text not in before]


def _unhonoured(policy: Object) -> list[str]:
    spec = policy.get("spec") or {}
    rules = meta.at(spec, "matchConstraints", "resourceRules", default=())
    texts = [NO_AUDIT] if spec.get("auditAnnotations") else []
    return texts + ([NO_CONNECT] if any("CONNECT" in (rule.get("operations") or ()) for rule in rules) else [])


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Everything wrong with it; an update is judged as a new policy is."""
    spec = new.get("spec") or {}
    found: list[Problem] = []
    if spec.get("failurePolicy") not in ("Fail", "Ignore"):
        found.append(fields.unsupported("spec.failurePolicy", spec.get("failurePolicy"), ("Fail", "Ignore")))
    has_params = spec.get("paramKind") is not None
    if has_params:
        found += _param_kind(spec["paramKind"])
    constraints = spec.get("matchConstraints")
    if constraints is None:
        found.append(fields.required("spec.matchConstraints"))
    else:
        found += policyrules.problems(constraints, "spec.matchConstraints")
        found += [] if constraints.get("resourceRules") else [fields.required("spec.matchConstraints.resourceRules")]
    found += _conditions(spec.get("matchConditions") or [], has_params)
    variables, wrong = _variables(spec.get("variables") or [], has_params)
    return [*found, *wrong, *_checks(meta.name(new), spec, has_params, variables)]


def _param_kind(kind: Object) -> list[Problem]:
    found: list[Problem] = []
    version = kind.get("apiVersion") or ""
    group, _, last = version.rpartition("/")
    if not version:
        found.append(fields.required("spec.paramKind.apiVersion"))
    elif version.count("/") > 1:
        found.append(fields.invalid("spec.paramKind.apiVersion", version, f"unexpected GroupVersion string: {version}"))
    else:
        found += [fields.invalid("spec.paramKind.apiVersion", group, text) for text in (names.dns_subdomain(group) if group else ())]
        found += [fields.invalid("spec.paramKind.apiVersion", last, text) for text in names.dns1035_label(last)]
    if not kind.get("kind"):
        return [*found, fields.required("spec.paramKind.kind")]
    wrong = names.dns1035_label(kind["kind"].lower())
    text = f"may have mixed case, but should otherwise match: {','.join(wrong)}"
    return [*found, fields.invalid("spec.paramKind.kind", kind["kind"], text)] if wrong else found


def compiles(text: str, path: str, **more: Any) -> list[Problem]:
    """What is wrong with one expression; `more` as `policycel.Expression` takes it."""
    from pkctl.kinds import policycel

    try:
        policycel.Expression(text, **more)
    except policycel.CelError as error:
        return [fields.invalid(path, text, str(error))]
    return []


def _conditions(conditions: list[Object], has_params: bool) -> list[Problem]:
    path, seen = "spec.matchConditions", set()
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


def _variables(variables: list[Object], has_params: bool) -> tuple[Variables, list[Problem]]:
    """(name and expression of those that can be used, what is wrong); each may use those before it."""
    from pkctl.kinds import customcel

    known: list[tuple[str, str]] = []
    found: list[Problem] = []
    for number, variable in enumerate(variables):
        name, text, at = variable.get("name") or "", variable.get("expression") or "", f"spec.variables[{number}]"
        if not name.strip():
            found.append(fields.required(f"{at}.name", "name is not specified"))
        elif not (name.isascii() and name.isidentifier()) or name in customcel.RESERVED:
            found.append(fields.invalid(f"{at}.name", name, "name is not a valid CEL identifier"))
        if not text.strip():
            found.append(fields.required(f"{at}.expression", "expression is not specified"))
            continue
        wrong = compiles(text, f"{at}.expression", wanted="", params=has_params, variables=tuple(known))
        found += wrong
        known += [] if wrong else [(name, text)]
    return tuple(known), found


def _checks(name: str, spec: Object, has_params: bool, variables: Variables) -> list[Problem]:
    validations, annotations = spec.get("validations") or [], spec.get("auditAnnotations") or []
    if not validations and not annotations:
        return [fields.required(f"spec.{part}", NO_CHECKS) for part in ("validations", "auditAnnotations")]
    more = {"params": has_params, "variables": variables}
    found = [problem for number, each in enumerate(validations) for problem in _validation(each, f"spec.validations[{number}]", more)]
    for number, each in enumerate(annotations):
        at, text = f"spec.auditAnnotations[{number}]", (each.get("valueExpression") or "").strip()
        key = f"{name}/{each.get('key') or ''}"
        found += [fields.invalid(f"{at}.key", key, wrong) for wrong in names.qualified_name(key)]
        if text:
            found += compiles(text, f"{at}.valueExpression", wanted="", **more)
        else:
            found.append(fields.required(f"{at}.valueExpression", "valueExpression is not specified"))
    return found


def _validation(validation: Object, at: str, more: dict[str, Any]) -> list[Problem]:
    text, told, message = (validation.get(part) or "" for part in ("expression", "messageExpression", "message"))
    found = compiles(text, f"{at}.expression", **more) if text.strip() else []
    if not text.strip():
        found.append(fields.required(f"{at}.expression", "expression is not specified"))
    if told and not told.strip():
        found.append(fields.invalid(f"{at}.messageExpression", told, "must be non-empty if specified"))
    elif told:
        found += compiles(told, f"{at}.messageExpression", wanted="string", **more)
    if message and not message.strip():
        found.append(fields.invalid(f"{at}.message", message, "message must be non-empty if specified"))
    elif "\n" in message.strip() or "\r" in message.strip():
        found.append(fields.invalid(f"{at}.message", message, "message must not contain line breaks"))
    reason = validation.get("reason")
    return [*found, fields.unsupported(f"{at}.reason", reason, REASONS)] if reason is not None and reason not in REASONS else found
