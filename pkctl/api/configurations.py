"""Whether an applied configuration fits its kind's schema, in the words of server-side apply, which are not the decoder's.

Follows structured-merge-diff's typed/{validate,helpers}.go. What holds of the object that comes of it is judged later, as ever.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import fieldsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object
    from pkctl.objects.shapes import Shape

NUMBERS = ("integer", "number")
EMBEDDED = ("apiVersion", "kind", "metadata")
TYPED = frozenset("bilnsy@[{")
"""Codes of the built-in types that are told apart; times, quantities and such may be any scalar."""


def check(api_version: str, kind: str, place: str, wish: Object, shape: Shape | None) -> None:
    """An error without a reason, as the server gives it, when the wish can't be read by the schema; `place` is `namespace/name`."""
    found: list[str] = []
    _judge(wish, shape, "", found, is_root=True)
    if not found:
        return
    text = found[0] if len(found) == 1 else "errors:\n" + "\n".join(f"  {each}" for each in found)
    version = api_version if "/" in api_version else f"/{api_version}"
    refusal = errors.StatusError(f"failed to create typed patch object ({place}; {version}, Kind={kind}): {text}")
    refusal.reason = ""
    raise refusal


def _judge(value: Any, shape: Shape | None, path: str, found: list[str], *, is_root: bool = False) -> None:
    if value is None or shape is None or getattr(shape, "code", "s") not in TYPED:
        return
    kind = shape.type
    if kind in ("object", "map"):
        if isinstance(value, dict):
            _judge_fields(value, shape, path, found, is_root=is_root)
        else:
            found.append(f"{path}: expected map, got &{{{go(value)}}}")
    elif kind == "array":
        if isinstance(value, list):
            _judge_items(value, shape, path, found)
        else:
            found.append(f"{path}: expected list, got &{{{go(value)}}}")
    elif wrong := _scalar(value, kind):
        found.append(f"{path}: expected {wrong}")


def _scalar(value: Any, kind: str) -> str:
    """What was expected instead of a scalar; "" when it is of its type."""
    if kind == "string":
        return "" if isinstance(value, str) else f"string, got &value.valueUnstructured{{Value:{_literal(value)}}}"
    if kind == "boolean":
        return "" if isinstance(value, bool) else f"boolean, got &{{{go(value)}}}"
    if kind in NUMBERS and (isinstance(value, bool) or not isinstance(value, (int, float))):
        return f"numeric (int or float), got {_type(value)}"
    return ""


def _judge_fields(value: Object, shape: Shape, path: str, found: list[str], *, is_root: bool) -> None:
    for name in sorted(value):
        part = shape.field(name)
        if part is None and not _is_free(name, shape, is_root=is_root):
            found.append(f"{path}.{name}: field not declared in schema")
            return
        _judge(value[name], part, f"{path}.{name}", found)


def _is_free(name: str, shape: Shape, *, is_root: bool) -> bool:
    """Whether a field that the schema doesn't name may be there."""
    schema = getattr(shape, "schema", None)
    if schema is None:
        return shape.type == "map"
    if name in EMBEDDED and (is_root or schema.get("x-kubernetes-embedded-resource")):
        return True
    return bool(schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("additionalProperties"))


def _judge_items(value: list[Any], shape: Shape, path: str, found: list[str]) -> None:
    items = shape.items()
    if not fieldsets.is_granular(value, shape):
        for number, item in enumerate(value):
            _judge(item, items, f"{path}[{number}]", found)
        return
    seen = set()
    for number, item in enumerate(value):
        if wrong := _unkeyed(item, shape):
            found.append(f"{path}: element {number}: {wrong}")
            return
        step = fieldsets.step(fieldsets.element(item, shape, items))
        if step in seen:
            found.append(f"{path}: duplicate entries for key {step}")
        seen.add(step)
        _judge(item, items, path + step, found)


def _unkeyed(item: Any, shape: Shape) -> str:
    """Why an item of a list of parts can't be told from the others."""
    if shape.list_type == "set":
        if isinstance(item, dict):
            return "associative list without keys has an element that's a map type"
        if isinstance(item, list):
            return "not supported: associative list with lists as elements"
        return "associative list without keys has an element that's an explicit null" if item is None else ""
    if not isinstance(item, dict):
        return f"associative list with keys may not have {'a null element' if item is None else 'non-map elements'}"
    if any(key in item for key in shape.list_keys) or any(shape.items().default(key) for key in shape.list_keys):  # type: ignore[union-attr]
        return ""
    keys = " ".join(f'"{key}"' for key in shape.list_keys)
    return (
        f"associative list with keys has an element that omits all key fields [{keys}] (and doesn't have default values for any key fields)"
    )


def go(value: Any) -> str:
    """JSON data as Go's %v prints it."""
    from pkctl.api import patching

    return patching.go(value)


def _type(value: Any) -> str:
    names = {str: "string", bool: "bool", dict: "map[string]interface {}", list: "[]interface {}"}
    return names.get(type(value), "int64")


def _literal(value: Any) -> str:
    """JSON data as Go's %#v prints it."""
    import json

    if isinstance(value, dict):
        return f"map[string]interface {{}}{{{', '.join(f'{json.dumps(key)}:{_literal(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_literal, value))}}}"
    return "interface {}(nil)" if value is None else json.dumps(value, ensure_ascii=False)
