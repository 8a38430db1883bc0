"""Objects as Go's typed structs print them: fields in Go's order, empty ones that are never left out, others dropped.

kubectl's `set` verbs read files into typed objects, so `--local -o yaml|json` shows them so. The facts are recorded (structs.txt, by
scripts/record-structs). A kind that is not in them stays as it was read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.schema import Node
    from pkctl.objects.shapes import Shape

    Object = dict[str, Any]
    Struct = dict[str, tuple[bool, Any]]

MISSING = object()


def filled(obj: Object) -> Object:
    """A copy in its type's order, with the empty structs of its type."""
    from pkctl.kinds import decoding, schema, table
    from pkctl.objects import meta

    version, kind = str(obj.get("apiVersion", "")), str(obj.get("kind"))
    row, node = table.BUILTIN.by_gvk(version, kind), schema.built_in(version, kind)
    known = structs()
    if row is None or node is None or node.name not in known:
        return meta.clone(obj)  # type: ignore[no-any-return]
    read, _ = decoding.decode(row, obj, "Ignore")
    made: Object = _struct(node, {**read, "apiVersion": version, "kind": kind}, known)
    return made


def read(value: Any) -> Object:
    """Any JSON value as an object of the kind it names, filled; CommandError for no object, no known kind, a value of a wrong type."""
    from pkctl import errors
    from pkctl.cli import manifests, visiting
    from pkctl.kinds import decoding, table

    if wrong := manifests.no_typed(value):
        raise errors.CommandError(wrong)
    version, kind = str(value["apiVersion"]), str(value["kind"])
    if table.BUILTIN.by_gvk(version, kind) is None:
        raise errors.CommandError(visiting.untyped(kind, version))
    try:
        return filled(value)
    except errors.BadRequest as error:
        raise errors.CommandError(decoding.reason(error)) from None


def unkeyed(obj: Object) -> str:
    """What a strategic diff has against the object, "" for nothing: an item of a list that lacks the key by which the list is merged."""
    from pkctl.kinds import schema, table

    row = table.BUILTIN.by_gvk(str(obj.get("apiVersion", "")), str(obj.get("kind")))
    return "" if row is None else _unkeyed(obj, schema.shape(row))


def _unkeyed(value: Any, shape: Shape | None) -> str:
    from pkctl.objects import jsonpath, strategic_merge

    if shape is None:
        return ""
    if isinstance(value, dict):
        return next(filter(None, (_unkeyed(each, shape.field(name)) for name, each in value.items())), "")
    if not isinstance(value, list) or not strategic_merge.merges(shape) or not shape.merge_key:
        return ""
    for item in value:
        if isinstance(item, dict) and shape.merge_key not in item:
            return f"map: {jsonpath.sprint(item)} does not contain declared merge key: {shape.merge_key}"
    return next(filter(None, (_unkeyed(item, shape.items()) for item in value)), "")


def structs() -> dict[str, Struct]:
    """By type, each field in order: whether it is kept when zero, and the value it has when it is not given, or MISSING."""
    import json
    import os

    found: dict[str, Struct] = {}
    with open(os.path.join(os.path.dirname(__file__), "structs.txt"), encoding="utf-8") as stream:
        for line in stream:
            name, *words = line.split(" ")
            fields: Struct = {}
            for word in words:
                field, mark, zero = word.strip().partition("!")
                fields[field.rstrip("?")] = (field.endswith("?"), json.loads(zero) if mark else MISSING)
            found[name] = fields
    return found


def _struct(node: Node, given: Object, known: dict[str, Struct]) -> Object:
    made: Object = {}
    for name, (is_kept, zero) in known.get(node.name, {}).items():
        value = _value(node.field(name), given[name], known) if given.get(name) is not None else None
        if value is not None and (value or is_kept or zero is not MISSING):
            made[name] = value
        elif zero is not MISSING:
            made[name] = zero
    return made


def _value(node: Node | None, value: Any, known: dict[str, Struct]) -> Any:
    """A value of a type; maps in the order of their keys."""
    if node is None:
        return value
    if node.code == "@" and isinstance(value, dict) and node.name in known:
        return _struct(node, value, known)
    if node.code == "[" and isinstance(value, list):
        return [_value(node.item, each, known) for each in value]
    if node.code == "{" and isinstance(value, dict):
        return {key: _value(node.item, value[key], known) for key in sorted(value)}
    return value
