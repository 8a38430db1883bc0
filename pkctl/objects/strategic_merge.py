"""Applying a strategic merge patch: JSON merge, but lists merge by key where the schema gives one, and directives say more.

Follows apimachinery/pkg/util/strategicpatch: `$patch`, `$retainKeys`, `$setElementOrder/LIST`, `$deleteFromPrimitiveList/LIST`.
"""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.shapes import Shape

DIRECTIVE, RETAIN = "$patch", "$retainKeys"
ORDER, DROP = "$setElementOrder/", "$deleteFromPrimitiveList/"


class Unfit(ValueError):
    """A patch whose directives or types don't fit the object."""


def apply(doc: Any, patch: Any, shape: Shape | None) -> Any:
    """`doc` with the patch applied."""
    if not isinstance(patch, dict):
        return _plain(patch)
    return _object(doc if isinstance(doc, dict) else {}, patch, shape)


def _plain(value: Any) -> Any:
    """A value of a patch, taken over whole: its directives and nulls mean nothing there."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if not name.startswith("$") and each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value if not (isinstance(each, dict) and each.get(DIRECTIVE) == "delete")]
    return value


def _object(doc: dict[str, Any], patch: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
    directive = patch.get(DIRECTIVE)
    if directive == "replace":
        return dict(_plain(patch))
    if directive == "delete":
        return {}
    if directive not in (None, "merge"):
        raise Unfit(f"unknown patch type found in map: {directive}")
    made = meta.clone(doc)
    if RETAIN in patch:
        made = {name: value for name, value in made.items() if name in patch[RETAIN]}
    for name, value in patch.items():
        if name.startswith((ORDER, DROP)):
            continue
        if not name.startswith("$"):
            _field(made, name, value, patch, _shape_of(shape, name))
    for name in patch:
        if name.startswith((ORDER, DROP)):
            _lone_directive(made, name, patch, shape)
    return dict(made)


def _shape_of(shape: Shape | None, name: str) -> Shape | None:
    return shape.field(name) if shape is not None else None


def _field(made: dict[str, Any], name: str, value: Any, patch: dict[str, Any], shape: Shape | None) -> None:
    if value is None:
        made.pop(name, None)
        return
    there = made.get(name)
    if isinstance(value, dict) and isinstance(there, dict):
        replaces = shape is not None and shape.patch_strategy == ("replace",)
        made[name] = _plain(value) if replaces else _object(there, value, shape)
    elif isinstance(value, dict):
        made[name] = _object({}, value, shape)
    elif isinstance(value, list) and merges(shape):
        made[name] = _list(there or [], value, patch.get(DROP + name), patch.get(ORDER + name), shape)
    else:
        made[name] = _plain(value)


def merges(shape: Shape | None) -> bool:
    """Whether a list of this shape is merged rather than replaced."""
    return shape is not None and "merge" in shape.patch_strategy


def _lone_directive(made: dict[str, Any], name: str, patch: dict[str, Any], shape: Shape | None) -> None:
    """An order or a drop for a list that the patch itself says nothing of."""
    of = name.partition("/")[2]
    field = _shape_of(shape, of)
    if of not in patch and isinstance(made.get(of), list) and merges(field):
        made[of] = _list(made[of], [], patch.get(DROP + of), patch.get(ORDER + of), field)


def _list(doc: list[Any], patch: list[Any], dropped: list[Any] | None, order: list[Any] | None, shape: Shape | None) -> list[Any]:
    assert shape is not None
    if not shape.merge_key:
        kept = [each for each in doc if each not in (dropped or ())]
        made = kept + [each for at, each in enumerate(patch) if each not in kept and each not in patch[:at]]
        return _ordered(made, order, lambda item: item)
    return _merged(doc, patch, order, shape)


def _merged(doc: list[Any], patch: list[Any], order: list[Any] | None, shape: Shape) -> list[Any]:
    key = shape.merge_key
    if any(isinstance(each, dict) and each.get(DIRECTIVE) == "replace" for each in patch):
        return [_plain(each) for each in patch if each.get(DIRECTIVE) != "replace"]
    made = list(doc)
    for each in patch:
        if not isinstance(each, dict) or key not in each:
            raise Unfit(f"map: {each} does not contain declared merge key: {key}")
        at = next((at for at, item in enumerate(made) if isinstance(item, dict) and item.get(key) == each[key]), None)
        if each.get(DIRECTIVE) == "delete":
            made = [item for item in made if item.get(key) != each[key]]
        elif at is None:
            made.append(_object({}, each, shape.items()))
        else:
            made[at] = _object(made[at], each, shape.items())
    return _ordered(made, [item.get(key) for item in order] if order is not None else None, lambda item: item.get(key))


def _ordered(items: list[Any], order: list[Any] | None, name: Any) -> list[Any]:
    """Items named by the order in that order; others keep their place relative to what stood before them."""
    if order is None:
        return items
    listed = sorted((item for item in items if name(item) in order), key=lambda item: order.index(name(item)))
    made: list[Any] = []
    for item in items:
        if name(item) in order:
            made.append(listed.pop(0))
        else:
            made.append(item)
    return made
