"""What ValidatingAdmissionPolicies say of a request, where a cluster has any.

Follows apiserver/pkg/admission/plugin/policy/{generic,validating}. Audit annotations are evaluated, since one that fails refuses, but
there is no audit log for them nor for the action Audit. What expressions may look at is `subjects`.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals, storing
from pkctl.api.admission import matching, policies, subjects
from pkctl.kinds import policycel
from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

REFUSALS: dict[str, type[errors.StatusError]] = {
    "Forbidden": errors.Forbidden,
    "Invalid": errors.Invalid,
    "RequestEntityTooLarge": errors.TooLarge,
    "Unauthorized": errors.Unauthorized,
}
LONGEST_MESSAGE = 5120
CLUSTER_WIDE = "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"
NO_NAMESPACE = "paramRef.namespace must not be provided for a cluster-scoped `paramKind`"
NO_PARAMETERS = "no params found for policy binding with `Deny` parameterNotFoundAction"


class Policy:
    """A policy with its expressions compiled, each when first asked for; `text` is the whole of it."""

    __slots__ = ("_compiled", "_variables", "fails", "name", "spec", "text")

    def __init__(self, policy: Object, text: str) -> None:
        self.name, self.spec, self.text = meta.name(policy), policy["spec"], text
        self.fails = self.spec.get("failurePolicy", "Fail") == "Fail"
        self._variables = tuple((each["name"], each["expression"]) for each in self.spec.get("variables") or ())
        self._compiled: dict[tuple[bool, str], policycel.Expression] = {}

    def expression(self, text: str, *, early: bool = False) -> policycel.Expression:
        """One of the policy's expressions; CelError. `early` ones, match conditions, know no variables."""
        if (early, text) not in self._compiled:
            self._compiled[early, text] = policycel.Expression(text, () if early else self._variables)
        return self._compiled[early, text]


class _Misconfigured(Exception):
    """A binding whose parameters can't be had."""


class Denial:
    """One thing denied; `is_final` when it refuses whatever the binding's actions are."""

    __slots__ = ("is_final", "message", "reason")

    def __init__(self, message: str, reason: str = "Invalid", *, is_final: bool = False) -> None:
        self.message, self.reason, self.is_final = message, reason, is_final


def check(request: Request) -> None:
    """Refused with the first denial, once every policy was asked; others may warn. Called when there are bindings."""
    refused = [each for policy, bindings in _bound(request.session) for each in _refused(request, policy, bindings)]
    if refused:
        text, reason = refused[0]
        refusal = refusals.forbidden(request.row, request.name, text, [{"message": text}])
        raise REFUSALS.get(reason, errors.Invalid)(refusal.message, refusal.details)


def _refused(request: Request, policy: Policy, bindings: list[Object]) -> Iterator[tuple[str, str]]:
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


def _bound(session: Session) -> list[tuple[Policy, list[Object]]]:
    """Every policy that has bindings; derived once in a transaction."""
    if session.notes[policies.NOTE] is None:
        session.notes[policies.NOTE] = _read(session)
    found: list[tuple[Policy, list[Object]]] = session.notes[policies.NOTE]
    return found


def _read(session: Session) -> list[tuple[Policy, list[Object]]]:
    """Compiled policies are kept by their text, which stays right whatever becomes of a transaction."""
    bindings: dict[str, list[Object]] = {}
    for binding in session.read_all(policies.BINDINGS):
        bindings.setdefault(binding["spec"]["policyName"], []).append(binding)
    known, kept = session.api.policies, {}
    for entry in session.tx.list(f"{policies.POLICIES}/"):
        kept[entry.text] = known.get(entry.text) or Policy(session.decode(entry), entry.text)
    session.api.policies = kept
    return [(policy, bindings[policy.name]) for policy in kept.values() if policy.name in bindings]


def _denials(request: Request, policy: Policy, binding: Object, row: Row | None) -> Iterator[Denial]:
    """Everything denied; a configuration's fault is final."""
    try:
        parameters = list(_parameters(request, policy, binding["spec"].get("paramRef")))
    except _Misconfigured as error:
        if policy.fails:
            yield Denial(f"failed to configure binding: {error}", is_final=True)
        return
    known = subjects.known(request, row or request.row, has_times="Timestamp" in policy.text)
    ask = Asking(policy, known, subjects.functions(request))
    for each in parameters:
        known["params"] = each
        yield from _judge(policy, ask)


class Asking:
    """A policy's expressions over one request."""

    __slots__ = ("_functions", "_known", "_policy")

    def __init__(self, policy: Policy, known: dict[str, Any], functions: Sequence[Any]) -> None:
        self._policy, self._known, self._functions = policy, known, functions

    def value(self, text: str, *, early: bool = False) -> Any:
        """What an expression gives; CelError."""
        return self._policy.expression(text, early=early).value(self._known, self._functions)


def _judge(policy: Policy, ask: Asking) -> Iterator[Denial]:
    try:
        if not is_met(policy.spec, ask):
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


def is_met(spec: Object, ask: Asking) -> bool:
    """Whether every match condition holds; one that doesn't outweighs those that fail, which raise CelError."""
    wrong = []
    for condition in spec.get("matchConditions") or ():
        try:
            if ask.value(condition["expression"].strip(), early=True) is False:
                return False
        except policycel.CelError as error:
            wrong.append(str(error))
    if wrong:
        raise policycel.CelError(wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]")
    return True


def _message(ask: Asking, validation: Object) -> str:
    text = ""
    if validation.get("messageExpression"):
        try:
            text = str(ask.value(validation["messageExpression"])).strip()
        except policycel.CelError:
            text = ""
    if not text or "\n" in text or len(text) > LONGEST_MESSAGE:
        text = (validation.get("message") or "").strip()
    return text or f"failed expression: {validation['expression'].strip()}"


def _parameters(request: Request, policy: Policy, reference: Object | None) -> Iterator[Object | None]:
    """Each object that the policy is to be judged with, None for a policy without."""
    kind = policy.spec.get("paramKind")
    if kind is None or reference is None:
        yield None
        return
    session = request.session
    row = session.kinds().by_gvk(kind["apiVersion"], kind["kind"])
    if row is None:
        group, _, version = kind["apiVersion"].rpartition("/")
        raise _Misconfigured(f"failed to find resource referenced by paramKind: '{group}/{version}, Kind={kind['kind']}'")
    namespace = _place(request, row, reference)
    if reference.get("name"):
        one = storing.read(session, row, namespace, reference["name"])
        found = [one] if one is not None else []
    else:
        prefix = row.key(namespace, "") if row.namespaced else row.prefix
        objects = [storing.outward(row, session.decode(entry)) for entry in session.tx.list(prefix)]
        found = [each for each in objects if selectors.matches(reference.get("selector") or {}, meta.labels(each))]
    if not found and reference.get("parameterNotFoundAction") == "Deny":
        raise _Misconfigured(NO_PARAMETERS)
    yield from found


def _place(request: Request, row: Row, reference: Object) -> str:
    """The namespace to look for parameters in: the binding's, else the request's."""
    said = str(reference.get("namespace") or "")
    if not row.namespaced:
        if said:
            raise _Misconfigured(NO_NAMESPACE)
        return ""
    if not said and not request.namespace:
        raise _Misconfigured(CLUSTER_WIDE)
    return said or request.namespace
