"""Making strategic merge patches: between two objects, and the three-way one of `kubectl apply`.

Follows apimachinery/pkg/util/strategicpatch (diffMaps, diffLists, CreateThreeWayMergePatch).
"""

from __future__ import annotations

from pkctl.objects import json_patch, meta, strategic_merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.shapes import Shape


class _Wanted:
    """Which half of a difference to write: additions and changes, removals, or both."""

    __slots__ = ("changes", "order", "removals")

    def __init__(self, *, changes: bool = True, removals: bool = True, order: bool = True) -> None:
        self.changes, self.removals, self.order = changes, removals, order


def between(old: Any, new: Any, shape: Shape | None) -> dict[str, Any]:
    """The patch that makes `new` of `old`."""
    return _objects(old, new, shape, _Wanted())


def three_way(original: Any, modified: Any, current: Any, shape: Shape | None) -> dict[str, Any]:
    """Additions and changes of `modified` over `current`, with removals of what `original` had and `modified` has not."""
    added = _objects(current, modified, shape, _Wanted(removals=False))
    dropped = _objects(original, modified, shape, _Wanted(changes=False, order=False))
    made: dict[str, Any] = _join(_present(dropped, current, shape), added, shape)
    return made


def _objects(old: Any, new: Any, shape: Shape | None, wanted: _Wanted) -> dict[str, Any]:
    patch: dict[str, Any] = {}
    for name, value in new.items():
        field = shape.field(name) if shape is not None else None
        if name not in old:
            if wanted.changes and value is not None:
                patch[name] = meta.clone(value)
        else:
            _field(patch, name, old[name], value, field, wanted)
    if wanted.removals:
        patch.update({name: None for name in old if name not in new})
    if patch and shape is not None and "retainKeys" in shape.patch_strategy and wanted.changes:
        patch[strategic_merge.RETAIN] = sorted(new)
    return patch


def _field(patch: dict[str, Any], name: str, old: Any, new: Any, shape: Shape | None, wanted: _Wanted) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        if shape is not None and shape.patch_strategy == ("replace",):
            if wanted.changes:
                # kubectl replaces such a field also by what it is, so that apply calls the object configured each time.
                patch[name] = {strategic_merge.DIRECTIVE: "replace", **meta.clone(new)}
        elif found := _objects(old, new, shape, wanted):
            patch[name] = found
    elif isinstance(old, list) and isinstance(new, list) and strategic_merge.merges(shape):
        assert shape is not None
        _lists(patch, name, old, new, shape, wanted)
    elif not json_patch.same(old, new) and wanted.changes:
        patch[name] = meta.clone(new)


def _lists(patch: dict[str, Any], name: str, old: list[Any], new: list[Any], shape: Shape, wanted: _Wanted) -> None:
    if not shape.merge_key:
        _primitives(patch, name, old, new, wanted)
        return
    key = shape.merge_key
    before = {item[key]: item for item in old if isinstance(item, dict) and key in item}
    found: list[Any] = []
    for item in new:
        if item.get(key) not in before:
            found += [meta.clone(item)] if wanted.changes else []
        elif changed := _objects(before[item[key]], item, shape.items(), wanted):
            found.append({**changed, key: item[key]})
    if wanted.removals:
        kept = {item.get(key) for item in new}
        found += [{strategic_merge.DIRECTIVE: "delete", key: each} for each in before if each not in kept]
    if found:
        patch[name] = found
    if wanted.order and _needs_order([item.get(key) for item in old], [item.get(key) for item in new], found):
        patch[strategic_merge.ORDER + name] = [{key: item.get(key)} for item in new]


def _primitives(patch: dict[str, Any], name: str, old: list[Any], new: list[Any], wanted: _Wanted) -> None:
    added = [item for item in new if item not in old]
    dropped = [item for item in old if item not in new]
    if added and wanted.changes:
        patch[name] = added
    if dropped and wanted.removals:
        patch[strategic_merge.DROP + name] = dropped
    if wanted.order and _needs_order(old, new, added):
        patch[strategic_merge.ORDER + name] = list(new)


def _needs_order(old: list[Any], new: list[Any], found: list[Any]) -> bool:
    """An order is said when something changes in the list, or what both have stands in another order."""
    shared = [item for item in old if item in new]
    return bool(found) or shared != [item for item in new if item in old]


def _present(patch: Any, current: Any, shape: Shape | None) -> Any:
    """Removals of what is there to remove: another may have removed it already."""
    made: dict[str, Any] = {}
    for name, value in patch.items():
        there = current.get(name) if isinstance(current, dict) else None
        field = shape.field(name) if shape is not None else None
        if value is None:
            if isinstance(current, dict) and name in current:
                made[name] = None
        elif isinstance(value, dict):
            if kept := _present(value, there or {}, field):
                made[name] = kept
        elif isinstance(value, list) and field is not None and field.merge_key:
            if items := _present_items(value, there or [], field):
                made[name] = items
        else:
            made[name] = value
    return made


def _present_items(patch: list[Any], current: list[Any], shape: Shape) -> list[Any]:
    key, made = shape.merge_key, []
    by_key = {item.get(key): item for item in current if isinstance(item, dict)}
    for item in patch:
        there = by_key.get(item.get(key))
        if there is None:
            continue
        if item.get(strategic_merge.DIRECTIVE) == "delete":
            made.append(item)
        elif kept := _present({name: value for name, value in item.items() if name != key}, there, shape.items()):
            made.append({**kept, key: item[key]})
    return made


def _join(one: Any, other: Any, shape: Shape | None) -> Any:
    """Two patches as one; lists of keyed items join by their key."""
    made = dict(one)
    for name, value in other.items():
        field = shape.field(name) if shape is not None else None
        if isinstance(value, dict) and isinstance(made.get(name), dict):
            made[name] = _join(made[name], value, field)
        elif isinstance(value, list) and isinstance(made.get(name), list) and field is not None and field.merge_key:
            joined = _join_items(made[name], value, field)
            made[name] = _sorted(joined, other.get(strategic_merge.ORDER + name, made.get(strategic_merge.ORDER + name)), field.merge_key)
        else:
            made[name] = value
    return made


def _sorted(items: list[Any], order: list[Any] | None, key: str) -> list[Any]:
    """Items in the order that goes with them, which names all but the deleted ones: those come last."""
    wanted = [item.get(key) for item in order or ()]
    return sorted(items, key=lambda item: wanted.index(item.get(key)) if item.get(key) in wanted else len(wanted))


def _join_items(one: list[Any], other: list[Any], shape: Shape) -> list[Any]:
    key, made = shape.merge_key, list(one)
    for item in other:
        at = next((at for at, each in enumerate(made) if each.get(key) == item.get(key)), None)
        if at is None:
            made.append(item)
        else:
            made[at] = _join(made[at], item, shape.items())
    return made
