"""ValidatingAdmissionPolicy: admission evaluates it (api/admission/policies); its expressions are compiled when it is written.

Follows pkg/apis/admissionregistration/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, policyconditions, policyrules
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
REASONS = ("Forbidden", "Invalid", "RequestEntityTooLarge")
NO_CHECKS = "validations or auditAnnotations must contain at least one item"
MOST_ANNOTATIONS, LONGEST_VALUE = 20, 5 * 1024
NO_AUDIT = "pkctl does not honour spec.auditAnnotations: there is no audit log"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        len(meta.at(obj, "spec", "validations", default=())),
        shared.param_kind(meta.at(obj, "spec", "paramKind")),
        shared.age(obj, now),
    ]


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
    return [NO_AUDIT] if meta.at(policy, "spec", "auditAnnotations") else []


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Everything wrong with it; match conditions are judged where they or what they may name changed."""
    spec, before = new.get("spec") or {}, None if old is None else old.get("spec") or {}
    found = policyconditions.about(spec, before)
    has_params = spec.get("paramKind") is not None
    variables, wrong = policyconditions.variables(spec.get("variables") or [], "spec.variables", has_params=has_params)
    return [*found, *wrong, *_checks(meta.name(new), spec, has_params, variables)]


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """What type checking found, and conditions."""
    found: list[Problem] = []
    for number, each in enumerate(meta.at(new, "status", "typeChecking", "expressionWarnings", default=())):
        at = f"status.typeChecking.expressionWarnings[{number}]"
        found += [] if each.get("warning") else [fields.required(f"{at}.warning")]
        found += [] if (each.get("fieldRef") or "").strip() else [fields.required(f"{at}.fieldRef")]
    return found + checks.conditions(meta.at(new, "status", "conditions", default=()), "status.conditions")


def _checks(name: str, spec: Object, has_params: bool, variables: Variables) -> list[Problem]:
    validations, annotations = spec.get("validations") or [], spec.get("auditAnnotations") or []
    if not validations and not annotations:
        return [fields.required(f"spec.{part}", NO_CHECKS) for part in ("validations", "auditAnnotations")]
    more = {"params": has_params, "variables": variables}
    found = [problem for number, each in enumerate(validations) for problem in _validation(each, f"spec.validations[{number}]", more)]
    if len(annotations) > MOST_ANNOTATIONS:
        text = f"must not have more than {MOST_ANNOTATIONS} auditAnnotations"
        found.append(fields.invalid("spec.auditAnnotations", annotations, text))
    for number, each in enumerate(annotations):
        found += _annotation(name, each, f"spec.auditAnnotations[{number}]", more)
        if each.get("key") in [other.get("key") for other in annotations[:number]]:
            found.append(fields.duplicate(f"spec.auditAnnotations[{number}].key", each.get("key") or ""))
    return found


def _annotation(name: str, annotation: Object, at: str, more: dict[str, Any]) -> list[Problem]:
    text, key = (annotation.get("valueExpression") or "").strip(), f"{name}/{annotation.get('key') or ''}"
    found = [fields.invalid(f"{at}.key", key, wrong) for wrong in names.qualified_name(key)]
    if not text:
        return [*found, fields.required(f"{at}.valueExpression", "valueExpression is not specified")]
    if len(text.encode()) > LONGEST_VALUE:
        return [*found, fields.required(f"{at}.valueExpression", f"must not exceed {LONGEST_VALUE} bytes in length")]
    return found + policyconditions.compiles(text, f"{at}.valueExpression", wanted="", **more)


def _validation(validation: Object, at: str, more: dict[str, Any]) -> list[Problem]:
    text, told, message = (validation.get(part) or "" for part in ("expression", "messageExpression", "message"))
    found = policyconditions.compiles(text, f"{at}.expression", **more) if text.strip() else []
    if not text.strip():
        found.append(fields.required(f"{at}.expression", "expression is not specified"))
    if told and not told.strip():
        found.append(fields.invalid(f"{at}.messageExpression", told, "must be non-empty if specified"))
    elif told:
        found += policyconditions.compiles(told, f"{at}.messageExpression", wanted="string", **more)
    if message and not message.strip():
        found.append(fields.invalid(f"{at}.message", message, "message must be non-empty if specified"))
    elif "\n" in message.strip() or "\r" in message.strip():
        found.append(fields.invalid(f"{at}.message", message, "message must not contain line breaks"))
    reason = validation.get("reason")
    return [*found, fields.unsupported(f"{at}.reason", reason, REASONS)] if reason is not None and reason not in REASONS else found
