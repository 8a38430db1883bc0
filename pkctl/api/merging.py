"""Merging an applied configuration into an object, and taking out what is no longer anybody's.

Follows structured-merge-diff's typed/{merge,remove}.go.
"""

from __future__ import annotations

from pkctl.api import fieldsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.fieldsets import Set
    from pkctl.objects.shapes import Shape


def merge(live: Any, wanted: Any, shape: Shape | None) -> Any:
    """`live` with everything that `wanted` states; neither is changed."""
    if type(live) is not type(wanted) or not fieldsets.is_granular(wanted, shape):
        return wanted
    if isinstance(wanted, dict):
        result = dict(live)
        for name, value in wanted.items():
            kind = shape.field(name) if shape else None
            result[name] = merge(live[name], value, kind) if live.get(name) is not None else value
        return result
    return _merge_list(live, wanted, shape)


def _merge_list(live: list[Any], wanted: list[Any], shape: Shape | None) -> list[Any]:
    """Items in the wanted order, those that only `live` has where they were among the others."""
    before, after = fieldsets.parts(live, shape), fieldsets.parts(wanted, shape)
    result: list[Any] = []
    coming = list(after.items())
    for name, (item, _) in before.items():
        if name not in after:
            result.append(item)
            continue
        while coming and any(each == name for each, _ in coming):
            first, (value, kind) = coming.pop(0)
            result.append(merge(before[first][0], value, kind) if first in before else value)
    return result + [value for _, (value, _) in coming]


def remove(value: Any, last: Set, kept: Set, shape: Shape | None) -> Any:
    """`value` without what is in `last` and, now, in nobody's set (`kept`). A field stays as long as something below it is somebody's."""
    if not isinstance(value, (dict, list)):
        return value
    gone: set[str] = set()
    changed: dict[str, Any] = {}
    for name, (part, kind) in fieldsets.parts(value, shape).items():
        if name not in last:
            continue
        owned = kept.get(name)
        if owned is None or (name[0] != "f" and owned and fieldsets.SELF not in owned and _is_member(last[name])):
            if name[0] == "f" and last[name] and _has_more(part, last[name], kind):
                changed[name] = remove(part, last[name], {}, kind)
            else:
                gone.add(name)
        elif last[name] and fieldsets.is_granular(part, kind):
            changed[name] = remove(part, last[name], owned, kind)
    return _rebuilt(value, gone, changed, shape) if gone or changed else value


def _is_member(found: Set) -> bool:
    return not found or fieldsets.SELF in found


def _has_more(value: Any, last: Set, shape: Shape | None) -> bool:
    """Whether a struct holds what the manager never set, which stays: defaults, and what others wrote without owning it."""
    return fieldsets.is_granular(value, shape) and not _is_member(last) and bool(set(fieldsets.parts(value, shape)) - set(last))


def _rebuilt(value: Any, gone: set[str], changed: dict[str, Any], shape: Shape | None) -> Any:
    found = fieldsets.parts(value, shape)
    left = [(name, changed.get(name, part)) for name, (part, _) in found.items() if name not in gone]
    # What lost its last part is not there any more.
    left = [(name, part) for name, part in left if name not in changed or part not in ({}, [])]
    return {name[2:]: part for name, part in left} if isinstance(value, dict) else [part for _, part in left]
