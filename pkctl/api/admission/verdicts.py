"""What ValidatingAdmissionPolicies say of a request, where a cluster has any.

Follows apiserver/pkg/admission/plugin/policy/{generic,validating}. Audit annotations are evaluated, since one that fails refuses, but
there is no audit log for them nor for the action Audit. What expressions may look at is `subjects`.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals
from pkctl.api.admission import bound, matching, subjects
from pkctl.kinds import policycel
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.api.requests import Request
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

REFUSALS: dict[str, type[errors.StatusError]] = {
    "Forbidden": errors.Forbidden,
    "Invalid": errors.Invalid,
    "RequestEntityTooLarge": errors.TooLarge,
    "Unauthorized": errors.Unauthorized,
}
LONGEST_MESSAGE = 5120


class Denial:
    """One thing denied; `is_final` when it refuses whatever the binding's actions are."""

    __slots__ = ("is_final", "message", "reason")

    def __init__(self, message: str, reason: str = "Invalid", *, is_final: bool = False) -> None:
        self.message, self.reason, self.is_final = message, reason, is_final


def check(request: Request, policies: bound.Policies) -> None:
    """Refused with the first denial, once every policy was asked; others may warn."""
    refused = [each for policy, bindings in policies for each in _refused(request, policy, bindings)]
    if refused:
        text, reason = refused[0]
        refusal = refusals.forbidden(request.row, request.name, text, [{"message": text}])
        raise REFUSALS.get(reason, errors.Invalid)(refusal.message, refusal.details)


def _refused(request: Request, policy: bound.Policy, bindings: list[Object]) -> Iterator[tuple[str, str]]:
    """(text, reason) of what one policy refuses; what it only warns of is said."""
    row = matching.matched(request, policy.spec.get("matchConstraints"))
    for binding in bindings if row is not None else ():
        own = binding["spec"].get("matchResources")
        if own is not None and matching.matched(request, own) is None:
            continue
        actions = binding["spec"].get("validationActions") or ()
        text = f"ValidatingAdmissionPolicy '{policy.name}' with binding '{meta.name(binding)}'"
        for denial in _denials(request, policy, binding, row):
            if "Deny" in actions or denial.is_final:
                yield f"{text} denied request: {denial.message}", denial.reason
            if "Warn" in actions and not denial.is_final:
                request.session.warn(f"Validation failed for {text}: {denial.message}")


def _denials(request: Request, policy: bound.Policy, binding: Object, row: Row | None) -> Iterator[Denial]:
    """Everything denied; a configuration's fault is final."""
    try:
        parameters = list(bound.parameters(request, policy, binding["spec"].get("paramRef")))
    except bound.Misconfigured as error:
        if policy.fails:
            yield Denial(f"failed to configure binding: {error}", is_final=True)
        return
    known = subjects.known(request, row or request.row, has_times="Timestamp" in policy.text)
    answers = subjects.functions(request)
    for each in parameters:
        yield from _judge(policy, bound.Asking(policy, {**known, "params": each}, answers))


def _judge(policy: bound.Policy, ask: bound.Asking) -> Iterator[Denial]:
    try:
        if not bound.is_met(policy.spec, ask):
            return
    except policycel.CelError as error:
        if policy.fails:
            yield Denial(str(error))
        return
    for validation in policy.spec.get("validations") or ():
        try:
            if ask.value(validation["expression"]) is not True:
                yield Denial(_message(ask, validation), validation.get("reason") or "Invalid")
        except policycel.CelError as error:
            if policy.fails:
                yield Denial(str(error))
    for annotation in policy.spec.get("auditAnnotations") or ():
        try:
            ask.value(annotation["valueExpression"])
        except policycel.CelError as error:
            if policy.fails:
                yield Denial(str(error), is_final=True)


def _message(ask: bound.Asking, validation: Object) -> str:
    text = ""
    if validation.get("messageExpression"):
        try:
            text = str(ask.value(validation["messageExpression"])).strip()
        except policycel.CelError:
            text = ""
    if not text or "\n" in text or len(text) > LONGEST_MESSAGE:
        text = (validation.get("message") or "").strip()
    return text or f"failed expression: {validation['expression'].strip()}"
