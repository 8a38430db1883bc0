"""`--sort-by`: rows or objects in the order of a relaxed jsonpath. Upstream: kubectl's cmd/get/sorter.go."""

from __future__ import annotations

from functools import cmp_to_key

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.table import Row
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
    """A table with its rows in order; a field in no object, or none at all, leaves no rows of several, as kubectl has it."""
    rows = list(found.get("rows") or [])
    if len(rows) < 2:
        return found
    try:
        path = _path(field)
    except errors.CommandError:
        return {**found, "rows": []}
    values = [_value(path, row.get("object") or {}) for row in rows]
    if all(value is None for value in values):
        return {**found, "rows": []}
    order = _order(values)
    return {**found, "rows": [rows[place] for place in order]}


def tables(groups: list[tuple[Row, Object]], field: str) -> list[tuple[Row, Object]]:
    """One table in order; several are looked for the field in themselves, not in their rows, and kubectl's error is told."""
    if len(groups) > 1:
        raise errors.CommandError(f'couldn\'t find any field with path "{shown(field)}" in the list of objects')
    return [(row, table(found, field)) for row, found in groups]


def _order(values: list[Any]) -> list[int]:
    """Places in order: first those without a value, the last of them first, as kubectl's sort leaves them."""
    key = cmp_to_key(compare)
    missing = [place for place, value in enumerate(values) if value is None]
    present = [place for place, value in enumerate(values) if value is not None]
    return missing[::-1] + sorted(present, key=lambda place: key(values[place]))


def _value(path: Template, obj: Object) -> Any:
    from pkctl.objects import jsonpath

    try:
        found = path.values(obj)
    except jsonpath.JSONPathError:
        return None
    return found[0] if found else None


def compare(one: Any, other: Any) -> int:
    """-1, 0 or 1: missing first, numbers and quantities by size, texts by Unicode."""
    if one is None or other is None:
        return (one is not None) - (other is not None)
    if isinstance(one, str) and isinstance(other, str):
        sizes = _quantity(one), _quantity(other)
        if sizes[0] is not None and sizes[1] is not None:
            return int(sizes[0] > sizes[1]) - int(sizes[0] < sizes[1])
        return (one > other) - (one < other)
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
