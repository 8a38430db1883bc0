"""`--sort-by`: rows or objects in the order of a relaxed jsonpath. Upstream: kubectl's cmd/get/sorter.go."""

from __future__ import annotations

from functools import cmp_to_key

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.jsonpath import Template

    Object = dict[str, Any]


def _path(field: str) -> Template:
    from pkctl.objects import jsonpath

    try:
        return jsonpath.parse(field, relaxed=True)
    except jsonpath.JSONPathError as error:
        raise errors.CommandError(str(error)) from None


def shown(field: str) -> str:
    """The expression as errors show it, `{.a}`."""
    bare = field.strip("{}")
    return f"{{{bare if bare.startswith('.') else '.' + bare}}}"


def objects(found: list[Object], field: str) -> list[Object]:
    """The objects in order; kubectl's error when none has the field."""
    path = _path(field)
    values = [_value(path, obj) for obj in found]
    if found and all(value is None for value in values):
        raise errors.CommandError(f'couldn\'t find any field with path "{shown(field)}" in the list of objects')
    order = _order(values)
    return [found[place] for place in order]


def table(found: Object, field: str) -> Object:
    """A table with its rows in order; a field in no object leaves no rows, as kubectl has it."""
    path = _path(field)
    rows = list(found.get("rows") or [])
    values = [_value(path, row.get("object") or {}) for row in rows]
    if rows and all(value is None for value in values):
        return {**found, "rows": []}
    order = _order(values)
    return {**found, "rows": [rows[place] for place in order]}


def _order(values: list[Any]) -> list[int]:
    key = cmp_to_key(compare)
    return sorted(range(len(values)), key=lambda place: key(values[place]))


def _value(path: Template, obj: Object) -> Any:
    from pkctl.objects import jsonpath

    try:
        found = path.values(obj)
    except jsonpath.JSONPathError:
        return None
    return found[0] if found else None


def compare(one: Any, other: Any) -> int:
    """-1, 0 or 1: missing first, numbers and quantities by size, texts by Unicode with numbers in them by size."""
    if one is None or other is None:
        return (one is not None) - (other is not None)
    if isinstance(one, str) and isinstance(other, str):
        sizes = _quantity(one), _quantity(other)
        if sizes[0] is not None and sizes[1] is not None:
            return int(sizes[0] > sizes[1]) - int(sizes[0] < sizes[1])
        keys = _natural(one), _natural(other)
        return (keys[0] > keys[1]) - (keys[0] < keys[1])
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return int(one > other) - int(one < other)
    return 0


def _quantity(text: str) -> Any:
    from pkctl.objects import quantities

    if text[:1] not in set("0123456789+-."):
        return None
    try:
        return quantities.parse(text)
    except quantities.QuantityError:
        return None


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Runs of digits and of other letters, the digits by their number."""
    from itertools import groupby

    return [(0, int(part), "") if digits else (1, 0, part) for digits, run in groupby(text, str.isdecimal) for part in ["".join(run)]]
