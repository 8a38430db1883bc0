"""MutatingAdmissionPolicy: admission carries it out (api/admission/mutations); its expressions are compiled when it is written.

Follows pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, policyconditions, policyrules
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.policycel import Variables
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COLUMNS = (
    shared.NAME,
    columns.Column("Mutations", "integer", description="Mutations indicates the number of mutations rules defined in this configuration"),
    columns.Column("ParamKind", description="ParamKind specifies the kind of resources used to parameterize this policy"),
    shared.AGE,
)
OPERATIONS = ("*", "CONNECT", "CREATE", "UPDATE")
PATCHES = {"ApplyConfiguration": "applyConfiguration", "JSONPatch": "jsonPatch"}
REINVOCATIONS = ("Never", "IfNeeded")


def default(obj: Object) -> None:
    """SetDefaults_MutatingAdmissionPolicySpec."""
    spec = obj.setdefault("spec", {})
    spec.setdefault("failurePolicy", "Fail")
    policyrules.default(spec.get("matchConstraints"))


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Everything wrong with it; match conditions are judged where they or what they may name changed."""
    spec, before = new.get("spec") or {}, None if old is None else old.get("spec") or {}
    found = policyconditions.about(spec, before)
    found += operations(spec.get("matchConstraints"), "spec.matchConstraints")
    has_params = spec.get("paramKind") is not None
    known, wrong = policyconditions.variables(spec.get("variables") or [], "spec.variables", has_params=has_params)
    found += wrong
    mutations, again = spec.get("mutations") or [], spec.get("reinvocationPolicy")
    if not mutations:
        found.append(fields.required("spec.mutations", "mutations must contain at least one item"))
    for number, mutation in enumerate(mutations):
        found += _mutation(mutation, f"spec.mutations[{number}]") or _compiles(mutation, f"spec.mutations[{number}]", has_params, known)
    if not again:
        found.append(fields.required("spec.reinvocationPolicy"))
    elif again not in REINVOCATIONS:
        found.append(fields.unsupported("spec.reinvocationPolicy", again, REINVOCATIONS))
    return found


def operations(resources: Object | None, at: str) -> list[Problem]:
    """What is deleted can't be mutated; upstream names the rules of a MatchResources together."""
    chosen = [each for rule in (resources or {}).get("resourceRules") or () for each in rule.get("operations") or ()]
    return [fields.unsupported(f"{at}.resourceRules.operations", each, OPERATIONS) for each in chosen if each not in OPERATIONS]


def _mutation(mutation: Object, at: str) -> list[Problem]:
    kind = mutation.get("patchType") or ""
    if not kind:
        return [fields.required(f"{at}.patchType")]
    if kind not in PATCHES:
        return [fields.unsupported(f"{at}.patchType", kind, PATCHES)]
    found: list[Problem] = []
    wanted, other = PATCHES[kind], next(name for name in PATCHES.values() if name != PATCHES[kind])
    if mutation.get(wanted) is None:
        found.append(fields.required(f"{at}.{wanted}", f"must be specified when patchType is {kind}"))
    elif not (mutation[wanted].get("expression") or "").strip():
        found.append(fields.required(f"{at}.{wanted}.expression"))
    if mutation.get(other) is not None:
        found.append(fields.invalid(f"{at}.{other}", f"{{{other}}}", f"must not be specified when patchType is {kind}"))
    return found


def _compiles(mutation: Object, at: str, has_params: bool, variables: Variables) -> list[Problem]:
    from pkctl.kinds import policycel

    part = PATCHES[mutation["patchType"]]
    text = mutation[part]["expression"]
    try:
        policycel.check_patch(text, mutation["patchType"], params=has_params, variables=variables)
    except policycel.CelError as error:
        return [fields.invalid(f"{at}.{part}.expression", text, str(error))]
    return []


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        len(meta.at(obj, "spec", "mutations", default=())),
        shared.param_kind(meta.at(obj, "spec", "paramKind")),
        shared.age(obj, now),
    ]
