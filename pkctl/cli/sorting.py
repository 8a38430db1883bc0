"""`--sort-by`: rows or objects in the order of a relaxed jsonpath. Upstream: kubectl's cmd/get/sorter.go."""

from __future__ import annotations

from functools import cmp_to_key

from pkctl import errors
from pkctl.cli import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from pkctl.cli.context import Context
    from pkctl.kinds.table import Row
    from pkctl.objects.jsonpath import Template

    Object = dict[str, Any]
    Sorted = TypeVar("Sorted")


class Unsortable(errors.PkctlError):
    """Two values that have no order; the text is Go's."""

    def __init__(self, text: str, place: str = "") -> None:
        super().__init__(text)
        self.place = place


def told(ctx: Context, sort: Callable[[], Sorted]) -> Sorted:
    """What `sort` gives; of values that have no order kubectl's log tells, and its run is over."""
    try:
        return sort()
    except Unsortable as error:
        ctx.io.log("F", error.place, str(error))
        raise report.Exit(1) from None


def _path(field: str) -> Template:
    from pkctl.objects import jsonpath

    try:
        return jsonpath.parse(field, relaxed=True)
    except jsonpath.JSONPathError as error:
        raise errors.CommandError(str(error)) from None


def _row_path(field: str) -> Template | None:
    """The path that rows are sorted by, a template of several expressions included; None for what can't be read."""
    from pkctl.objects import jsonpath

    for relaxed in (True, False):
        try:
            return jsonpath.parse(field, relaxed=relaxed)
        except jsonpath.JSONPathError:
            continue
    return None


def shown(field: str) -> str:
    """The expression as errors show it, `{.a}`."""
    bare = field.strip("{}")
    return f"{{{bare if bare.startswith('.') else '.' + bare}}}"


def objects(found: list[Object], field: str) -> list[Object]:
    """The objects in order; kubectl's error when none has the field."""
    return [found[place] for place in _places(found, field)]


def _places(found: list[Object], field: str) -> list[int]:
    path = _path(field)
    values = [_value(path, obj) for obj in found]
    if found and all(value is None for value in values):
        raise errors.CommandError(f'couldn\'t find any field with path "{shown(field)}" in the list of objects')
    return _ordered(values, "sorter.go:329", f"{shown(field)} in *unstructured.Unstructured")


def table(found: Object, field: str) -> Object:
    """A table with its rows in order; a field in no object, or none at all, leaves no rows of several, as kubectl has it."""
    rows = list(found.get("rows") or [])
    if len(rows) < 2:
        return found
    path = _row_path(field)
    values = [_value(path, row.get("object") or {}) for row in rows] if path else []
    if all(value is None for value in values):
        return {**found, "rows": []}
    name = field if field.count("{") > 1 else shown(field)
    order = _ordered(values, "sorter.go:375", f"{name} in [][][]reflect.Value")
    return {**found, "rows": [rows[place] for place in order]}


def tables(groups: list[tuple[Row, Object]], field: str) -> list[tuple[Row, Object]]:
    """One table in order; several by what they say themselves, not by their rows, which is an error for most fields."""
    if len(groups) > 1:
        return [groups[place] for place in _places([found for _, found in groups], field)]
    return [(row, table(found, field)) for row, found in groups]


def _ordered(values: list[Any], place: str, what: str) -> list[int]:
    """The same as `_order`; values that have none are Unsortable, in the words of a place in kubectl's source."""
    try:
        return _order(values)
    except Unsortable as error:
        raise Unsortable(f"Field {what} is an unsortable type: interface, err: {error}", place) from None


def _order(values: list[Any]) -> list[int]:
    """Places in order: first those without a value, the last of them first, as kubectl's sort leaves them."""
    key = cmp_to_key(compare)
    missing = [place for place, value in enumerate(values) if value is None]
    present = [place for place, value in enumerate(values) if value is not None]
    return missing[::-1] + sorted(present, key=lambda place: key(values[place]))


def _value(path: Template, obj: Object) -> Any:
    from pkctl.objects import jsonpath

    try:
        found = path.results(obj)
    except jsonpath.JSONPathError:
        return None
    return found[0][0] if found and found[0] else None


def compare(one: Any, other: Any) -> int:
    """-1, 0 or 1: missing first, numbers and quantities by size, texts by Unicode; Unsortable for anything else."""
    from pkctl.objects import jsonpath

    if one is None or other is None:
        return (one is not None) - (other is not None)
    if isinstance(one, str) and isinstance(other, str):
        sizes = _quantity(one), _quantity(other)
        if sizes[0] is not None and sizes[1] is not None:
            return int(sizes[0] > sizes[1]) - int(sizes[0] < sizes[1])
        return (one > other) - (one < other)
    if type(one) is type(other) and isinstance(one, (int, float)) and not isinstance(one, bool):
        return int(one > other) - int(one < other)
    if isinstance(one, (bool, list, dict)):
        raise Unsortable(f"unsortable type: {jsonpath.type_name(one)}")
    raise Unsortable("unsortable interface: interface")


def _quantity(text: str) -> Any:
    from pkctl.objects import quantities

    if text[:1] not in set("0123456789+-."):
        return None
    try:
        return quantities.parse(text)
    except quantities.QuantityError:
        return None
