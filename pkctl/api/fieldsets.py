"""Sets of fields, in the form FieldsV1 gives them: nested dicts whose keys are path elements.

`f:name` is a field, `k:{"name":"web"}` an item of a list with keys, `v:"x"` an item of a set. An empty dict is a member; a `.` inside a
dict says that the place itself is a member beside what is below it. Follows structured-merge-diff's fieldpath and typed packages. Not
here: who owns a set (`ownership`).
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.objects.shapes import Shape

    Set = dict[str, Any]

SELF = "."
COMPOSITE = (dict, list)


def is_granular(value: Any, shape: Shape | None) -> bool:
    """Whether the parts of a value are owned one by one."""
    if isinstance(value, dict):
        return shape is None or shape.map_type != "atomic"
    return isinstance(value, list) and shape is not None and shape.list_type in ("map", "set")


def parts(value: Any, shape: Shape | None) -> dict[str, tuple[Any, Shape | None]]:
    """The parts of a granular value by path element, with their shapes."""
    if isinstance(value, dict):
        return {f"f:{name}": (each, shape and shape.field(name)) for name, each in value.items()}
    assert shape is not None
    items = shape.items()
    return {element(each, shape, items): (each, items) for each in value}


def element(item: Any, shape: Shape, items: Shape | None) -> str:
    """The path element of a list's item."""
    if shape.list_type == "set" or not isinstance(item, dict):
        return "v:" + _json(item)
    found = []
    for key in sorted(shape.list_keys):
        value = item.get(key)
        if value is None and items is not None:
            value = items.default(key)
        if value is not None:
            found.append(f'"{key}":{_json(value)}')
    return f"k:{{{','.join(found)}}}"


_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def applied(value: Any, shape: Shape | None) -> Set:
    """The fields that a configuration states: leaves, keys of maps and items of lists, but no structs as such."""
    if not value or not is_granular(value, shape):
        return {}
    if isinstance(value, dict):
        return _applied_fields(value, shape)
    items = sorted(parts(value, shape).items(), key=lambda each: each[0])
    return {name: {SELF: {}, **below} if (below := applied(part, kind)) else {} for name, (part, kind) in items}


def _applied_fields(value: dict[str, Any], shape: Shape | None) -> Set:
    found: Set = {}
    for name, part in sorted(value.items()):
        # Nobody looks for the shape of a scalar: it has no parts.
        if not isinstance(part, COMPOSITE):
            found[f"f:{name}"] = {}
            continue
        kind = shape and shape.field(name)
        below = applied(part, kind)
        if not is_declared(name, shape):
            found[f"f:{name}"] = {SELF: {}, **below} if below else {}
        elif below or part == {} or not is_granular(part, kind):
            found[f"f:{name}"] = below
    return found


def is_declared(name: str, shape: Shape | None) -> bool:
    """Whether a field is one that the type names, not a key of a map."""
    return shape is not None and shape.type != "map" and shape.field(name) is not None


def whole(value: Any, shape: Shape | None) -> Set:
    """Everything there is, composites themselves included, as a change that adds the value."""
    if not value or not is_granular(value, shape):
        return {}
    found: Set = {SELF: {}}
    if isinstance(value, dict):
        for name, part in value.items():
            found[f"f:{name}"] = whole(part, shape and shape.field(name)) if isinstance(part, COMPOSITE) else {}
        return found
    for name, (part, kind) in parts(value, shape).items():
        found[name] = whole(part, kind)
    return found


def compare(old: Any, new: Any, shape: Shape | None) -> tuple[Set | None, Set | None]:
    """What was added or modified, and what was removed; None for nothing. Both are there, and differ."""
    if type(old) is not type(new) or not is_granular(new, shape):
        return {}, None
    before, after = parts(old, shape), parts(new, shape)
    changed: Set = {}
    removed: Set = {}
    for name, (value, kind) in after.items():
        if name not in before or before[name][0] is None:
            if value is not None or name not in before:
                changed[name] = whole(value, kind)
        elif value is None:
            changed[name] = {}
        elif before[name][0] != value:
            more, less = compare(before[name][0], value, kind)
            if more is not None:
                changed[name] = more
            if less is not None:
                removed[name] = less
    for name, (value, kind) in before.items():
        if name not in after and value is not None:
            removed[name] = whole(value, kind)
    return changed or None, removed or None


def union(one: Set, other: Set) -> Set:
    """Members of either."""
    if not one or not other:
        # A bare member and a place with parts make a place that is a member as well.
        return {SELF: {}, **one, **other} if one or other else {}
    result = dict(one)
    for name, below in other.items():
        result[name] = union(result[name], below) if name in result else below
    return result


def subtract(one: Set, other: Set) -> Set | None:
    """Members of `one` that `other` does not have; None when none is left."""
    if not one:
        return None if not other or SELF in other else {}
    result = {}
    for name, below in one.items():
        if name == SELF:
            if other and SELF not in other:
                result[name] = below
            continue
        left = below if name not in other else subtract(below, other[name])
        if left is not None:
            result[name] = left
    if not result:
        return None
    return {} if list(result) == [SELF] else result


def intersect(one: Set, other: Set) -> Set | None:
    """Members of both; None for none."""
    if not one or not other:
        bare = (not one or SELF in one) and (not other or SELF in other)
        return {} if bare else None
    result = {}
    for name, below in one.items():
        if name in other:
            both = intersect(below, other[name])
            if both is not None:
                result[name] = both
    if not result:
        return None
    return {} if list(result) == [SELF] else result


def paths(found: Set, prefix: str = "") -> Iterator[str]:
    """The members as texts, `.spec.containers[name="web"].image`: at each place first its own, then those further below."""
    names = sorted((name for name in found if name != SELF), key=_rank)
    for name in names:
        if not found[name] or SELF in found[name]:
            yield prefix + step(name)
    for name in names:
        if found[name]:
            yield from paths(found[name], prefix + step(name))


def is_set(found: Any) -> bool:
    """Whether this is a set of fields: dicts all the way down, under keys that are path elements."""
    if not isinstance(found, dict):
        return False
    return all(_is_element(name) and is_set(below) for name, below in found.items())


def _is_element(name: str) -> bool:
    if name == SELF or name[:2] == "f:":
        return True
    try:
        said = json.loads(name[2:])
    except ValueError:
        return False
    return name[:2] == "v:" or isinstance(said, {"k:": dict, "i:": int}.get(name[:2], ()))


def _rank(name: str) -> tuple[int, str]:
    return "fkvi".index(name[0]), name


def step(name: str) -> str:
    """A path element as paths show it."""
    kind, rest = name[:2], name[2:]
    if kind == "f:":
        return f".{rest}"
    if kind == "v:":
        return f"[={rest}]"
    if kind == "i:":
        return f"[{rest}]"
    return f"[{','.join(f'{key}={_json(value)}' for key, value in json.loads(rest).items())}]"
