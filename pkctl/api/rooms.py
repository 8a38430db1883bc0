"""What a kind's room says, or the generic rule where it says nothing."""

from __future__ import annotations

from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

_rooms: dict[str, ModuleType | None] = {}


def room(row: Row) -> ModuleType | None:
    """`table.room`, asked once for each kind; a custom kind has none."""
    if row.schema is not None:
        return None
    if row.id not in _rooms:
        _rooms[row.id] = table.room(row)
    return _rooms[row.id]


def part(row: Row, name: str) -> Any:
    """A function or constant of the room, None when it has none."""
    return getattr(room(row), name, None)


def _custom() -> Any:
    """The generic room of custom kinds; its rows are `customrows.CustomRow`."""
    from pkctl.kinds import custom

    return custom


def default(row: Row, obj: Object) -> None:
    """Fill defaults in place."""
    if row.schema is not None:
        _custom().default(row, obj)
    elif (fill := part(row, "default")) is not None:
        fill(obj)


def prepare(row: Row, new: Object, old: Object | None) -> None:
    """Drop or keep what this verb may not touch."""
    if row.schema is not None:
        _custom().prepare(row, old)
    elif (ready := part(row, "prepare")) is not None:
        ready(new, old)


def problems(row: Row, new: Object, old: Object | None, written_as: str = "") -> list[Problem]:
    """Everything wrong with the object, metadata first; `written_as` is the apiVersion that the client wrote, if it is another one."""
    from pkctl.kinds import generic

    found = list(generic.validate_meta(row, new, old))
    if row.schema is not None:
        return [*found, *_custom().validate(row, new, old)]
    judge = part(row, "validate")
    if judge is not None:
        found += judge(new, old)
    if written_as not in ("", row.api_version) and (more := part(row, "validate_written")) is not None:
        found += more(new, old, written_as)
    return found


def warnings(row: Row, new: Object, old: Object | None) -> Sequence[str]:
    """Texts to warn with."""
    if row.schema is not None:
        texts: Sequence[str] = _custom().warnings(row, new, old)
        return texts
    from pkctl.kinds import warnings as shared

    say = part(row, "warn")
    return [*shared.of(row.id, new, old), *(say(new, old) if say is not None else ())]
