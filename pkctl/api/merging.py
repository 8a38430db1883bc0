"""Merging an applied configuration into an object, and taking out what is no longer anybody's.

Follows structured-merge-diff's typed/{merge,remove}.go.
"""

from __future__ import annotations

from collections import deque

from pkctl.api import fieldsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pkctl.api.fieldsets import Set
    from pkctl.objects.shapes import Shape

    Elsewhere = tuple[Callable[[Any], Any], Callable[[Any], Any], Set, Shape | None]


def merge(live: Any, wanted: Any, shape: Shape | None) -> Any:
    """`live` with everything that `wanted` states; neither is changed. Null unsets what is owned as a whole, and says nothing of parts."""
    if wanted is None and live and fieldsets.is_granular(live, shape):
        return live
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
    """Shared items in the wanted order, between them what only one of the two has."""
    before, after = fieldsets.parts(live, shape), fieldsets.parts(wanted, shape)
    shared = deque(name for name in after if name in before)
    result: list[Any] = []
    old, coming = deque(before), deque(after)
    while old or coming:
        if old and old[0] not in after:
            result.append(before[old.popleft()][0])
            continue
        if old and old[0] != (coming[0] if coming else "") and (not shared or old[0] != shared[0]):
            old.popleft()
            if shared or not coming:
                continue
        name = coming.popleft()
        if name in before:
            shared.popleft()
        if old and old[0] == name:
            old.popleft()
        value, kind = after[name]
        result.append(merge(before[name][0], value, kind) if name in before else value)
    return result


def prune(value: Any, last: Set, kept: Set, shape: Shape | None, elsewhere: Iterable[Elsewhere] = ()) -> Any:
    """`value` without what is in `last` and, now, in nobody's set (`kept`); what nobody owns stays, unless it is within what goes.

    `elsewhere` are the sets kept in other versions, each with what converts a value to that version and back.
    """
    own = _named(last, shape)
    bare = _with_kept(value, _without(value, own, shape), kept, shape)
    for there, back, more, form in elsewhere:
        bare = back(_with_kept(there(value), there(bare), more, form))
    before, after = (_named(fieldsets.applied(each, shape), shape) for each in (value, bare))
    missing = (fieldsets.subtract(before, after) if after else before) or {}
    both = fieldsets.intersect(missing, own) if missing and own else None
    return _without(value, both, shape) if both else value


def _with_kept(value: Any, bare: Any, kept: Set, shape: Shape | None) -> Any:
    """`bare`, with what of `value` is in `kept`."""
    there, left, owned = (_named(each, shape) for each in (fieldsets.applied(value, shape), fieldsets.applied(bare, shape), kept))
    gone = fieldsets.subtract(there, fieldsets.union(left, owned)) if left or owned else there
    return _without(value, gone or {}, shape)


def _named(found: Set, shape: Shape | None) -> Set:
    """A set with the structs that it has parts of: EnsureNamedFieldsAreMembers."""
    result: Set = {}
    for name, below in found.items():
        if not below:
            result[name] = below
            continue
        field = name[2:] if name[0] == "f" else ""
        deeper = _named(below, (shape.field(field) if field else shape.items()) if shape is not None else None)
        result[name] = {fieldsets.SELF: {}, **deeper} if field and fieldsets.is_declared(field, shape) else deeper
    return result


def _without(value: Any, gone: Set, shape: Shape | None) -> Any:
    """`value` without the members of a set; what loses its last part goes too, as null does."""
    if not gone or not fieldsets.is_granular(value, shape):
        return value
    left = []
    for name, (part, kind) in fieldsets.parts(value, shape).items():
        below = gone.get(name)
        if below is None:
            left.append((name, part))
        elif below and fieldsets.SELF not in below:
            shorter = _without(part, below, kind)
            if shorter is part or shorter not in ({}, []):
                left.append((name, shorter))
    return {name[2:]: part for name, part in left} if isinstance(value, dict) else [part for _, part in left]
