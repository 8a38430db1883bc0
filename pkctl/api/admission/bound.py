"""The policies that bindings make effective, compiled, with the parameters of each binding: what both plugins of policies share.

Follows apiserver/pkg/admission/plugin/policy/generic. What a policy says is `verdicts`, what one changes `mutations`.
"""

from __future__ import annotations

from pkctl.api import storing
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

    Policies = list[tuple["Policy", list[Object]]]

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


class Misconfigured(Exception):
    """A binding whose parameters can't be had."""


def policies(session: Session, note: str, ids: str, binding_ids: str) -> Policies:
    """Every policy of a kind that has bindings; derived once in a transaction, where `note` keeps it."""
    if session.notes[note] is None:
        session.notes[note] = _read(session, ids, binding_ids)
    found: Policies = session.notes[note]
    return found


def _read(session: Session, ids: str, binding_ids: str) -> Policies:
    """Compiled policies are kept by their text, which stays right whatever becomes of a transaction."""
    bindings: dict[str, list[Object]] = {}
    for binding in session.read_all(binding_ids):
        bindings.setdefault(binding["spec"]["policyName"], []).append(binding)
    known, kept = session.api.policies.get(ids) or {}, {}
    for entry in session.tx.list(f"{ids}/"):
        kept[entry.text] = known.get(entry.text) or Policy(session.decode(entry), entry.text)
    session.api.policies[ids] = kept
    return [(policy, bindings[policy.name]) for policy in kept.values() if policy.name in bindings]


class Asking:
    """A policy's expressions over one request."""

    __slots__ = ("_functions", "_known", "_policy")

    def __init__(self, policy: Policy, known: dict[str, Any], functions: Sequence[Any]) -> None:
        self._policy, self._known, self._functions = policy, known, functions

    def value(self, text: str, *, early: bool = False) -> Any:
        """What an expression gives; CelError."""
        return self._policy.expression(text, early=early).value(self._known, self._functions)


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


def parameters(request: Request, policy: Policy, reference: Object | None) -> Iterator[Object | None]:
    """Each object that the policy is to be judged with, None for a policy without."""
    kind = policy.spec.get("paramKind")
    if kind is None or reference is None:
        yield None
        return
    session = request.session
    row = session.kinds().by_gvk(kind["apiVersion"], kind["kind"])
    if row is None:
        group, _, version = kind["apiVersion"].rpartition("/")
        raise Misconfigured(f"failed to find resource referenced by paramKind: '{group}/{version}, Kind={kind['kind']}'")
    namespace = _place(request, row, reference)
    if reference.get("name"):
        one = storing.read(session, row, namespace, reference["name"])
        found = [one] if one is not None else []
    else:
        prefix = row.key(namespace, "") if row.namespaced else row.prefix
        objects = [storing.outward(row, session.decode(entry)) for entry in session.tx.list(prefix)]
        found = [each for each in objects if selectors.matches(reference.get("selector") or {}, meta.labels(each))]
    if not found and reference.get("parameterNotFoundAction") == "Deny":
        raise Misconfigured(NO_PARAMETERS)
    yield from found


def _place(request: Request, row: Row, reference: Object) -> str:
    """The namespace to look for parameters in: the binding's, else the request's."""
    said = str(reference.get("namespace") or "")
    if not row.namespaced:
        if said:
            raise Misconfigured(NO_NAMESPACE)
        return ""
    if not said and not request.namespace:
        raise Misconfigured(CLUSTER_WIDE)
    return said or request.namespace
