"""PolicyTypes: what upstream is a controller's, checking a policy's expressions against the kinds it is about, is done as it is written.

Follows apiserver/pkg/admission/plugin/policy/validating/typechecking.go. What it finds are warnings in the policy's status, no refusals.
"""

from __future__ import annotations

from pkctl.kinds import customnodes, policycel, schema
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

MOST_KINDS = 10
SCALARS = {"string": "string", "boolean": "boolean", "integer": "integer", "number": "number"}


def observe(request: Request) -> None:
    """Say in its status what the policy's expressions ask of fields that aren't there."""
    policy, old = request.new, request.old
    status = policy.get("status") or {}
    generation = policy["metadata"].get("generation", 1)
    if request.subresource or (old is not None and status.get("observedGeneration") == generation):
        return
    found = list(_warnings(policy, list(_kinds(request, policy))))
    policy["status"] = {**status, "observedGeneration": generation, "typeChecking": {"expressionWarnings": found} if found else {}}


def _kinds(request: Request, policy: Object) -> Iterator[Row]:
    """The kinds that the policy's rules name outright, without wildcards."""
    seen: dict[tuple[str, str], Row] = {}
    for rule in meta.at(policy, "spec", "matchConstraints", "resourceRules", default=()):
        for row in request.session.kinds():
            named = (
                row.group in rule.get("apiGroups", ()),
                row.version in rule.get("apiVersions", ()),
                row.plural in rule.get("resources", ()),
            )
            if all(named):
                seen.setdefault((row.api_version, row.kind), row)
    yield from [seen[key] for key in sorted(seen)][:MOST_KINDS]


def _warnings(policy: Object, rows: list[Row]) -> Iterator[Object]:
    scopes = [(row, scope) for row in rows if (scope := _scope(policy, row)) is not None]
    for path, text in _expressions(policy):
        troubles = [f"{row.api_version}, Kind={row.kind}: {trouble}" for row, scope in scopes if (trouble := _trouble(scope, text))]
        if troubles:
            yield {"fieldRef": path, "warning": "\n".join(f"{each}\n" for each in troubles)}


def _expressions(policy: Object) -> Iterator[tuple[str, str]]:
    for number, validation in enumerate(meta.at(policy, "spec", "validations", default=())):
        for part in ("expression", "messageExpression"):
            if validation.get(part):
                yield f"spec.validations[{number}].{part}", validation[part]


def _scope(policy: Object, row: Row) -> policycel.Scope | None:
    """What the expressions may name where the object is of this kind; variables that are wrong for it stay out."""
    described = _described(schema.built_in(row.api_version, row.kind)) if row.schema is None else _whole(row.schema)
    if described is None:
        return None
    scope = policycel.Scope.of(customnodes.Node(described), params=bool(meta.at(policy, "spec", "paramKind")))
    for variable in meta.at(policy, "spec", "variables", default=()):
        try:
            scope.declare(variable["name"], variable["expression"])
        except policycel.CelError:
            scope.declare(variable["name"], "dyn(null)")
    return scope


def _whole(custom: Object) -> Object:
    """A custom kind's schema with what every object has."""
    own = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": _described(schema.metadata())}
    return {**custom, "type": "object", "properties": {**(custom.get("properties") or {}), **own}}


def _trouble(scope: policycel.Scope, text: str) -> str:
    try:
        scope.check(text)
    except policycel.CelError as error:
        return str(error).removeprefix("compilation failed: ")
    return ""


def _described(node: Any, above: tuple[str, ...] = ()) -> Object | None:
    """A built-in type as a schema; what contains itself, and what may be of two types, is left open."""
    if node is None or node.name in above:
        return None
    if node.code == "[":
        return _with({"type": "array"}, "items", _described(node.item, above))
    if node.code == "{":
        return _with({"type": "object"}, "additionalProperties", _described(node.item, above))
    if node.type != "object":
        return {"type": SCALARS[node.type]} if node.code in "sbiln" else {"x-kubernetes-int-or-string": True}
    below = (*above, node.name)
    parts = {name: _described(part, below) or {"x-kubernetes-int-or-string": True} for name, part in node.fields.items()}
    return {"type": "object", "properties": parts}


def _with(made: Object, name: str, part: Object | None) -> Object:
    return {**made, name: part or {"x-kubernetes-int-or-string": True}}
