"""ValidatingAdmissionPolicyBinding: it says where, with what parameters and to what end admission evaluates a policy.

Follows pkg/apis/admissionregistration/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, policyconditions, policyrules
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COLUMNS = (
    shared.NAME,
    columns.Column("PolicyName", description="PolicyName indicates the policy definition which the policy binding binded to"),
    columns.Column("ParamRef", description="ParamRef indicates the param resource which sets the configration param"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        meta.at(obj, "spec", "policyName", default=""),
        shared.param_reference(meta.at(obj, "spec", "paramRef")),
        shared.age(obj, now),
    ]


ACTIONS = ("Audit", "Deny", "Warn")
BOTH = (
    "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no "
    "purpose)"
)
NO_AUDIT = "pkctl does not honour the validation action Audit: there is no audit log"


def default(obj: Object) -> None:
    """Fill defaults in place."""
    policyrules.default(meta.at(obj, "spec", "matchResources"))


def warn(new: Object, old: Object | None) -> list[str]:
    """What of it has no effect in pkctl."""
    is_new = "Audit" not in meta.at(old or {}, "spec", "validationActions", default=())
    return [NO_AUDIT] if is_new and "Audit" in meta.at(new, "spec", "validationActions", default=()) else []


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Everything wrong with it; an update is judged as a new binding is."""
    spec = new.get("spec") or {}
    found = policyconditions.policy_name(spec.get("policyName") or "", "spec.policyName")
    found += policyconditions.param_ref(spec.get("paramRef"), "spec.paramRef")
    found += policyrules.problems(spec.get("matchResources"), "spec.matchResources")
    return found + _actions(spec.get("validationActions") or [])


def _actions(actions: list[str]) -> list[Problem]:
    path = "spec.validationActions"
    found = []
    for number, action in enumerate(actions):
        if action not in ACTIONS:
            found.append(fields.unsupported(f"{path}[{number}]", action, ACTIONS))
        if action in actions[:number]:
            found.append(fields.duplicate(f"{path}[{number}]", action))
    if "Deny" in actions and "Warn" in actions:
        found.append(fields.invalid(path, actions, BOTH))
    return found if actions else [fields.required(path, "at least one validation action is required")]
