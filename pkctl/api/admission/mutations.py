"""What MutatingAdmissionPolicies change in a request's object, where a cluster has any.

Follows apiserver/pkg/admission/plugin/policy/mutating. An ApplyConfiguration is merged as a server-side apply is, but owns nothing; a
JSONPatch whose test fails changes nothing. Missing by name: the operation CONNECT, whose options pkctl's streams don't take back.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import merging, refusals, rooms
from pkctl.api.admission import bound, chain, matching, subjects
from pkctl.kinds import decoding, policycel, schema
from pkctl.objects import json_patch, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object
    from pkctl.objects.shapes import Shape

STEP = "MutatingAdmissionPolicy"
ATOMIC = "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
UNDECLARED = "error applying patch: failed to convert patch object to typed object: "


class Unfit(Exception):
    """A mutation that can't be carried out; the text is the API server's."""


class Invocation:
    """A policy with one of its bindings and one of that binding's parameters."""

    __slots__ = ("binding", "params", "policy", "row")

    def __init__(self, policy: bound.Policy, binding: Object, params: Object | None, row: Row) -> None:
        self.policy, self.binding, self.params, self.row = policy, binding, params, row


def change(request: Request, policies: bound.Policies) -> None:
    """Change `request.new` in place; Forbidden or Invalid with every policy that failed. What changed is shown to earlier steps again."""
    refused: list[str] = []
    invocations = list(_invocations(request, policies, refused))
    is_changed = _run(request, invocations, refused)
    if is_changed:
        chain.again(request, STEP)
        again = [each for each in invocations if each.policy.spec.get("reinvocationPolicy") == "IfNeeded"]
        _run(request, again, refused)
    if refused:
        refusal = refusals.forbidden(request.row, request.name, refused[0], [{"message": text} for text in refused])
        raise errors.Invalid(refused[0], refusal.details)


def _invocations(request: Request, policies: bound.Policies, refused: list[str]) -> Iterator[Invocation]:
    """By policy and binding in the order of their names; bindings that are wrong go into `refused`."""
    for policy, bindings in sorted(policies, key=lambda each: each[0].name):
        row = matching.matched(request, policy.spec.get("matchConstraints"))
        for binding in sorted(bindings, key=meta.name) if row is not None else ():
            own = binding["spec"].get("matchResources")
            if row is None or (own is not None and matching.matched(request, own) is None):
                continue
            try:
                for params in list(bound.parameters(request, policy, binding["spec"].get("paramRef"))):
                    yield Invocation(policy, binding, params, row)
            except bound.Misconfigured as error:
                _refuse(policy, binding, f"failed to configure binding: {error}", refused)


def _refuse(policy: bound.Policy, binding: Object, text: str, refused: list[str]) -> None:
    if policy.fails:
        refused.append(f"policy '{policy.name}' with binding '{meta.name(binding)}' denied request: {text}")


def _run(request: Request, invocations: list[Invocation], refused: list[str]) -> bool:
    """Whether the object has changed."""
    before = meta.clone(request.new)
    for each in invocations:
        try:
            if not bound.is_met(each.policy.spec, _asking(request, each)):
                continue
        except policycel.CelError as error:
            _refuse(each.policy, each.binding, str(error), refused)
            continue
        for mutation in each.policy.spec.get("mutations") or ():
            try:
                _mutate(request, mutation, _asking(request, each))
            except (policycel.CelError, Unfit) as error:
                _refuse(each.policy, each.binding, str(error), refused)
    return bool(before != request.new)


def _asking(request: Request, each: Invocation) -> bound.Asking:
    known = subjects.known(request, each.row, has_times="Timestamp" in each.policy.text)
    return bound.Asking(each.policy, {**known, "params": each.params}, subjects.functions(request))


def _mutate(request: Request, mutation: Object, ask: bound.Asking) -> None:
    if mutation["patchType"] == "JSONPatch":
        new = _patched(request.new, ask.value(mutation["jsonPatch"]["expression"]))
    else:
        new = _applied(request.row, request.new, ask.value(mutation["applyConfiguration"]["expression"]))
    try:
        new, _ = decoding.decode(request.row, new, "Strict")
    except errors.BadRequest as error:
        raise Unfit(str(error)) from None
    rooms.default(request.row, new)
    request.new.clear()
    request.new.update(new)


def _patched(obj: Object, operations: list[Object]) -> Object:
    try:
        found: Object = json_patch.apply(obj, operations)
    except json_patch.Unfit as error:
        if any(each.get("op") == "test" for each in operations) and "testing value" in str(error):
            return obj
        raise Unfit(f"JSONPath: {error}") from None
    return found


def _applied(row: Row, obj: Object, wish: Object) -> Object:
    try:
        wanted, unknown = decoding.decode(row, {**wish, "apiVersion": row.api_version, "kind": row.kind}, "Warn")
    except errors.BadRequest as error:
        raise Unfit(f"{UNDECLARED}{error}") from None
    paths = [text.partition('"')[2].rstrip('"') for text in unknown]
    if paths:
        told = [f".{path}: field not declared in schema" for path in paths]
        raise Unfit(UNDECLARED + (told[0] if len(told) == 1 else "errors:\n" + "\n".join(f"  {each}" for each in told)))
    shape = schema.shape(row)
    if atomic := list(_atomic(wanted, shape, "")):
        raise Unfit(ATOMIC + ", ".join(atomic))
    merged: Object = meta.clone(merging.merge(obj, wanted, shape))
    return merged


def _atomic(value: Any, shape: Shape | None, path: str) -> Iterator[str]:
    """Where a wish states the whole of what can only be replaced as a whole."""
    if shape is None:
        return
    if isinstance(value, dict):
        if shape.map_type == "atomic":
            yield path
        for name, each in value.items():
            yield from _atomic(each, shape.field(name), f"{path}.{name}")
    elif isinstance(value, list):
        if shape.list_type in ("", "atomic"):
            yield path
        for number, each in enumerate(value):
            yield from _atomic(each, shape.items(), f"{path}[{number}]")
