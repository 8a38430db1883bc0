"""MutatingAdmissionPolicyBinding: it says where, and with what parameters, admission carries out a policy.

Follows pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, mutatingadmissionpolicies, policyconditions, policyrules
from pkctl.objects import meta

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


def default(obj: Object) -> None:
    """SetDefaults_MatchResources."""
    policyrules.default(meta.at(obj, "spec", "matchResources"))


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Everything wrong with it; an update is judged as a new binding is."""
    spec = new.get("spec") or {}
    found = policyconditions.policy_name(spec.get("policyName") or "", "spec.policyName")
    found += policyconditions.param_ref(spec.get("paramRef"), "spec.paramRef")
    found += policyrules.problems(spec.get("matchResources"), "spec.matchResources")
    return found + mutatingadmissionpolicies.operations(spec.get("matchResources"), "spec.matchResources")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        meta.at(obj, "spec", "policyName", default=""),
        shared.param_reference(meta.at(obj, "spec", "paramRef")),
        shared.age(obj, now),
    ]
