"""Applying a strategic merge patch: JSON merge, but lists merge by key where the schema gives one, and directives say more.

Follows apimachinery/pkg/util/strategicpatch (mergeMap, mergeSlice, mergePatchIntoOriginal): `$patch`, `$retainKeys`,
`$setElementOrder/LIST`, `$deleteFromPrimitiveList/LIST`. Making such patches is `strategic_diff`.
"""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.shapes import Shape

DIRECTIVE, RETAIN = "$patch", "$retainKeys"
ORDER, DROP = "$setElementOrder/", "$deleteFromPrimitiveList/"


class Unfit(ValueError):
    """A patch whose directives or types don't fit the object; the text is the API server's."""


def apply(doc: Any, patch: Any, shape: Shape | None) -> Any:
    """`doc` with the patch applied; both stay as they are. Unfit."""
    if not isinstance(patch, dict):
        raise Unfit("invalid JSON document")
    return _object(meta.clone(doc) if isinstance(doc, dict) else {}, patch, shape)


def merges(shape: Shape | None) -> bool:
    """Whether a list of this shape is merged rather than replaced."""
    return shape is not None and "merge" in shape.patch_strategy


def plain(value: Any) -> Any:
    """A value of a patch taken over whole: nulls mean nothing there, and what has a `$patch` is left out."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if not (each is None or _is_directive(name) or _is_directed(each))}
    if isinstance(value, list):
        return [plain(each) for each in value if not _is_directed(each)]
    return value


def _is_directed(value: Any) -> bool:
    return isinstance(value, dict) and DIRECTIVE in value


def _is_directive(name: str) -> bool:
    return name in (DIRECTIVE, RETAIN) or name.startswith((ORDER, DROP))


def _object(doc: dict[str, Any], patch: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
    """Changes and returns `doc`, which is ours."""
    if DIRECTIVE in patch:
        return _directed(patch)
    if RETAIN in patch:
        _retain(doc, patch)
    for name in patch:
        if name.startswith(ORDER):
            _in_order(doc, patch, name, shape)
    for name, value in patch.items():
        if name.startswith(DROP):
            _drop(doc, name.removeprefix(DROP), value)
        elif not _is_directive(name) and ORDER + name not in patch:
            _field(doc, name, value, _field_shape(shape, name))
    return doc


def _directed(patch: dict[str, Any]) -> dict[str, Any]:
    if patch[DIRECTIVE] == "replace":
        return dict(plain(patch))
    if patch[DIRECTIVE] == "delete":
        return {}
    raise Unfit(f"unknown patch type found: {patch[DIRECTIVE]}")


def _retain(doc: dict[str, Any], patch: dict[str, Any]) -> None:
    kept = patch[RETAIN]
    if not isinstance(kept, list):
        raise Unfit("invalid patch format of retainKeys")
    if any(value is not None and not _is_directive(name) and name not in kept for name, value in patch.items()):
        raise Unfit("patch contains fields not present in $retainKeys list")
    for name in [name for name in doc if name not in kept]:
        del doc[name]


def _field_shape(shape: Shape | None, name: str) -> Shape | None:
    return shape.field(name) if shape is not None else None


def _field(doc: dict[str, Any], name: str, value: Any, shape: Shape | None) -> None:
    there = doc.get(name)
    if value is None:
        doc.pop(name, None)
    elif there is None and _is_directed(value):
        return
    elif isinstance(value, dict) and isinstance(there, dict):
        replaces = shape is not None and "replace" in shape.patch_strategy
        doc[name] = plain(value) if replaces else _object(there, value, shape)
    elif isinstance(value, list) and isinstance(there, list) and merges(shape):
        doc[name] = _list(there, value, shape)
    else:
        doc[name] = plain(value)


def _drop(doc: dict[str, Any], name: str, values: list[Any]) -> None:
    if isinstance(doc.get(name), list):
        doc[name] = [item for item in doc[name] if item not in values]


def _list(doc: list[Any], patch: list[Any], shape: Shape | None) -> list[Any]:
    """A merged list: items of the patch in its order, the others where they stood before."""
    key = shape.merge_key if shape is not None else ""
    if any(isinstance(each, dict) for each in (*doc, *patch)):
        if not key:
            raise Unfit("merge key is empty")
        if not all(isinstance(each, dict) for each in (*doc, *patch)):
            raise Unfit("list element types are not identical")
        if any(_is_directed(each) and each[DIRECTIVE] == "replace" for each in patch):
            return list(plain(patch))
        rest, changes = _special(doc, patch, key)
        return arranged(_keyed(list(rest), changes, key, shape), changes, doc, key)
    merged = list(doc)
    merged += [item for at, item in enumerate(patch) if item not in doc and item not in patch[:at]]
    return arranged(merged, patch, doc, "")


def _special(doc: list[Any], patch: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """The list without what the patch deletes, and the patch without its directives."""
    rest = []
    for item in patch:
        directive = item.get(DIRECTIVE)
        if directive is None:
            rest.append(item)
        elif directive == "delete":
            doc = [each for each in doc if each.get(key) != _named(item, key)]
        elif directive == "merge":
            raise Unfit("merging lists cannot yet be specified in the patch")
        else:
            raise Unfit(f"unknown patch type found: {directive}")
    return doc, rest


def _named(item: dict[str, Any], key: str) -> Any:
    if key not in item:
        from pkctl.objects import jsonpath

        raise Unfit(f"map: {jsonpath.sprint(item)} does not contain declared merge key: {key}")
    return item[key]


def _keyed(doc: list[Any], patch: list[Any], key: str, shape: Shape | None) -> list[Any]:
    inner = shape.items() if shape is not None else None
    for item in patch:
        name = _named(item, key)
        at = next((at for at, each in enumerate(doc) if _named(each, key) == name), None)
        if at is None:
            doc.append(plain(item))
        else:
            doc[at] = _object(doc[at], item, inner)
    return doc


def arranged(items: list[Any], order: Sequence[Any], before: Sequence[Any], key: str) -> list[Any]:
    """Items named in `order` in that order, with the others among them where they stood `before`; new ones come first."""
    wanted = [_id(item, key) for item in order]
    stood = [_id(item, key) for item in before]
    listed = sorted((item for item in items if _id(item, key) in wanted), key=lambda item: wanted.index(_id(item, key)))
    others = [item for item in items if _id(item, key) not in wanted]
    others.sort(key=lambda item: stood.index(_id(item, key)) if _id(item, key) in stood else len(stood))
    made: list[Any] = []
    while listed and others:
        one, other = _id(listed[0], key), _id(others[0], key)
        comes_first = one not in stood or other not in stood or stood.index(one) < stood.index(other)
        made.append((listed if comes_first else others).pop(0))
    return made + listed + others


def _id(item: Any, key: str) -> Any:
    return item.get(key) if key and isinstance(item, dict) else item


def _in_order(doc: dict[str, Any], patch: dict[str, Any], directive: str, shape: Shape | None) -> None:
    """A list that the patch orders: merged first when the patch also changes it."""
    name, order = directive.removeprefix(ORDER), patch[directive]
    field = _field_shape(shape, name)
    key = field.merge_key if field is not None else ""
    there, changes = doc.get(name), patch.get(name)
    if there is None and changes is None:
        return
    if changes is not None:
        _check_order(changes, order, key)
    before = list(there or [])
    if there is None:
        merged = plain(changes)
    else:
        merged = before if changes is None else _list(list(there), changes, field)
    doc[name] = arranged(merged, order, before, key)


def _check_order(changes: list[Any], order: list[Any], key: str) -> None:
    """The order must name every item that the patch brings, in the same sequence."""
    wanted = [_id(item, key) for item in order]
    at = -1
    for item in changes:
        if _is_directed(item):
            continue
        name = _id(item, key)
        if name not in wanted[at + 1 :]:
            from pkctl.objects import jsonpath

            told = (
                f"The order in patch list:\n{jsonpath.sprint(changes)}\n doesn't match $setElementOrder list:\n{jsonpath.sprint(order)}\n"
            )
            raise Unfit(told)
        at = wanted.index(name, at + 1)
