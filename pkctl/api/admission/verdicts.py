"""What ValidatingAdmissionPolicies say of a request, where a cluster has any.

Follows apiserver/pkg/admission/plugin/policy/{generic,validating}. Missing by name: `authorizer`, `auditAnnotations` and the action
Audit (there is no audit log), the operation CONNECT, and the subresources that are no change of the object itself (binding, eviction).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals, storing
from pkctl.api.admission import matching, policies
from pkctl.kinds import policycel
from pkctl.objects import meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
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
OPTIONS = {"create": "CreateOptions", "update": "UpdateOptions", "delete": "DeleteOptions"}
CLUSTER_WIDE = "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"
NO_NAMESPACE = "paramRef.namespace must not be provided for a cluster-scoped `paramKind`"
NO_PARAMETERS = "no params found for policy binding with `Deny` parameterNotFoundAction"


class Policy:
    """A policy with its expressions compiled, each when first asked for."""

    __slots__ = ("_compiled", "_is_parameterised", "_variables", "fails", "name", "spec")

    def __init__(self, policy: Object) -> None:
        self.name, self.spec = meta.name(policy), policy["spec"]
        self.fails = self.spec.get("failurePolicy", "Fail") == "Fail"
        self._is_parameterised = self.spec.get("paramKind") is not None
        self._variables = tuple((each["name"], each["expression"]) for each in self.spec.get("variables") or ())
        self._compiled: dict[tuple[str, str], policycel.Expression] = {}

    def value(self, text: str, known: dict[str, Any], wanted: str = "bool", *, early: bool = False) -> Any:
        """What an expression gives; CelError. `early` ones, match conditions, know no variables."""
        key = (wanted, text)
        if key not in self._compiled:
            variables = None if early else self._variables
            self._compiled[key] = policycel.Expression(text, wanted=wanted, params=self._is_parameterised, variables=variables)
        return self._compiled[key].value(known)


class _Misconfigured(Exception):
    """A binding whose parameters can't be had."""


def check(request: Request) -> None:
    """Refused with the first denial; others may warn. Called when there are bindings."""
    for policy, bindings in _bound(request.session):
        row = matching.matched(request, policy.spec.get("matchConstraints"))
        if row is not None:
            for binding in bindings:
                _apply(request, policy, binding, row)


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
        kept[entry.text] = known.get(entry.text) or Policy(session.decode(entry))
    session.api.policies = kept
    return [(policy, bindings[policy.name]) for policy in kept.values() if policy.name in bindings]


def _apply(request: Request, policy: Policy, binding: Object, row: Row) -> None:
    own = binding["spec"].get("matchResources")
    if own is not None and matching.matched(request, own) is None:
        return
    actions = binding["spec"].get("validationActions") or ()
    for message, reason in _denials(request, policy, binding, row):
        text = f"ValidatingAdmissionPolicy '{policy.name}' with binding '{meta.name(binding)}'"
        if "Deny" in actions or reason == "":
            _refuse(request, f"{text} denied request: {message}", reason)
        if "Warn" in actions:
            request.session.warn(f"Validation failed for {text}: {message}")


def _refuse(request: Request, text: str, reason: str) -> None:
    refusal = refusals.forbidden(request.row, request.name, text, [{"message": text}])
    raise REFUSALS.get(reason, errors.Invalid)(refusal.message, refusal.details)


def _denials(request: Request, policy: Policy, binding: Object, row: Row) -> Iterator[tuple[str, str]]:
    """(message, reason) of everything denied; a reason of "" is a configuration's fault, which denies whatever the actions are."""
    try:
        parameters = list(_parameters(request, policy, binding["spec"].get("paramRef")))
    except _Misconfigured as error:
        if policy.fails:
            yield f"failed to configure binding: {error}", ""
        return
    known = _known(request, row)
    for each in parameters:
        known["params"] = each
        yield from _judge(policy, known)


def _judge(policy: Policy, known: dict[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        if not _is_met(policy, known):
            return
    except policycel.CelError as error:
        if policy.fails:
            yield str(error), "Invalid"
        return
    for validation in policy.spec.get("validations") or ():
        try:
            if policy.value(validation["expression"], known) is not True:
                yield _message(policy, validation, known), validation.get("reason") or "Invalid"
        except policycel.CelError as error:
            if policy.fails:
                yield str(error), "Invalid"


def _is_met(policy: Policy, known: dict[str, Any]) -> bool:
    """Whether every match condition holds; one that doesn't outweighs those that fail, which raise CelError."""
    wrong = []
    for condition in policy.spec.get("matchConditions") or ():
        try:
            if policy.value(condition["expression"].strip(), known, early=True) is False:
                return False
        except policycel.CelError as error:
            wrong.append(str(error))
    if wrong:
        raise policycel.CelError(wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]")
    return True


def _message(policy: Policy, validation: Object, known: dict[str, Any]) -> str:
    text = ""
    if validation.get("messageExpression"):
        try:
            text = str(policy.value(validation["messageExpression"], known, "string")).strip()
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


def _known(request: Request, row: Row) -> dict[str, Any]:
    """What expressions may look at."""
    new = _shown(request, row, request.new) if request.verb != "delete" else None
    old = _shown(request, row, request.old) if request.old is not None else None
    namespace = matching.namespace(request)
    return {"object": new, "oldObject": old, "namespaceObject": namespace, "request": _request(request, row)}


def _shown(request: Request, row: Row, obj: Object | None) -> Object:
    """The object in the matched version; of `scale`, the Scale."""
    assert obj is not None
    if request.subresource == "scale":
        from pkctl.api import scale

        return scale.shown(request.row, obj)
    shown: Object = meta.clone(storing.outward(row, obj))
    return shown


def _request(request: Request, row: Row) -> Object:
    """The AdmissionRequest; fields without a value are left out, as its Go type leaves them."""
    is_scale = request.subresource == "scale"
    own, asked = _named(row, is_scale), _named(request.row, is_scale)
    verb, api = request.verb, request.session.api
    user = {"username": api.user, "groups": list(api.groups), **api.claims}
    texts = {
        "name": request.name,
        "namespace": request.namespace or (request.name if row.id == "namespaces" else ""),
        "subResource": request.subresource,
        "requestSubResource": request.subresource,
    }
    return {
        **{name: text for name, text in texts.items() if text},
        "uid": "",
        "kind": own[0],
        "resource": own[1],
        "requestKind": asked[0],
        "requestResource": asked[1],
        "operation": matching.OPERATIONS[verb],
        "userInfo": user,
        "dryRun": request.options.dry_run,
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": OPTIONS[verb], **_fields(request)},
    }


def _named(row: Row, is_scale: bool) -> tuple[dict[str, str], dict[str, str]]:
    kind = {"group": row.group, "version": row.version, "kind": row.kind}
    shown = {"group": "autoscaling", "version": "v1", "kind": "Scale"} if is_scale else kind
    return shown, {"group": row.group, "version": row.version, "resource": row.plural}


def _fields(request: Request) -> Object:
    chosen = request.options
    given: Object = {"fieldManager": chosen.field_manager, "dryRun": ["All"] if chosen.dry_run else []}
    if request.verb == "delete":
        given = {"propagationPolicy": chosen.propagation, "dryRun": given["dryRun"]}
        given |= {"gracePeriodSeconds": chosen.grace} if chosen.grace is not None else {}
    return {name: value for name, value in given.items() if value not in ("", [])}
