"""A server-shaped Table as lines of text: which columns, which rows match, in which order, how wide. Pure functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich import cells as widths

from pkctl.objects import meta, selectors
from pkctl.tui import moods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Table = dict[str, Any]

GAP = 2
"""Blanks between two columns."""

LEAST_NAME = 24
"""The room that NAME is left with when everything else is wide."""

UNSAFE = dict.fromkeys((*range(32), *range(127, 160)), "")


class Line:
    """One row: the (namespace, name) it is about, its cells, how it fares, when it was made, its labels."""

    __slots__ = ("created", "key", "labels", "mood", "texts")

    def __init__(self, key: tuple[str, str], texts: list[str], mood: str, created: str, labels: dict[str, str]) -> None:
        self.key, self.texts, self.mood, self.created, self.labels = key, texts, mood, created, labels


def key(row: dict[str, Any]) -> tuple[str, str]:
    """A Table row's (namespace, name)."""
    return meta.key(row["object"])


def lines(table: Table, *, wide: bool, with_namespace: bool) -> tuple[list[str], list[Line]]:
    """Headers and lines, without the wide-only columns and the namespace unless asked for."""
    kept = [number for number, column in enumerate(table["columnDefinitions"]) if wide or not column.get("priority")]
    headers = [table["columnDefinitions"][number]["name"].upper() for number in kept]
    if with_namespace:
        headers.insert(0, "NAMESPACE")
    return headers, [_line(headers, row, kept, with_namespace) for row in table["rows"] or []]


def _line(headers: list[str], row: dict[str, Any], kept: Sequence[int], with_namespace: bool) -> Line:
    texts = [safe(row["cells"][number]) for number in kept]
    where = key(row)
    if with_namespace:
        texts.insert(0, where[0])
    found = row["object"]["metadata"]
    return Line(where, texts, moods.of(headers, texts), found.get("creationTimestamp") or "", found.get("labels") or {})


def safe(cell: object) -> str:
    """A cell's first line, with nothing in it that could steer a terminal."""
    text = "" if cell is None else str(cell)
    return text if text.isprintable() else text.split("\n", 1)[0].replace("\t", " ").translate(UNSAFE)


def matching(found: list[Line], sought: str) -> list[Line]:
    """The lines that a filter keeps: a text or pattern in any case, `!` turns it round, `-l` is a label selector."""
    if not sought.strip("! "):
        return found
    if sought.startswith("-l"):
        try:
            wanted = selectors.parse(sought[2:].strip())
        except selectors.SelectorError:
            # Half a selector, still being typed.
            return found
        return [line for line in found if wanted.matches(line.labels)]
    kept, pattern = not sought.startswith("!"), _pattern(sought.removeprefix("!"))
    return [line for line in found if bool(pattern.search(" ".join(line.texts))) == kept]


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error:
        return re.compile(re.escape(text), re.IGNORECASE)


def ordered(headers: list[str], found: list[Line], column: str, *, is_reversed: bool) -> list[Line]:
    """The lines by a column, those of one value as they were; AGE goes by the clock, youngest first."""
    if column == "AGE":
        return sorted(found, key=lambda line: line.created, reverse=not is_reversed)
    if column not in headers:
        return found
    number = headers.index(column)
    return sorted(found, key=lambda line: line.texts[number], reverse=is_reversed)


def fit(headers: list[str], found: list[Line], room: int, *, wide: bool) -> list[int]:
    """The columns' widths: as wide as their cells, but NAME gives way, to a limit, for the others to be seen."""
    natural = [max(map(widths.cell_len, [header, *(line.texts[number] for line in found)])) for number, header in enumerate(headers)]
    excess = sum(natural) + GAP * (len(natural) - 1) - room
    if wide or excess <= 0 or "NAME" not in headers:
        return natural
    number = headers.index("NAME")
    natural[number] = max(min(LEAST_NAME, natural[number]), natural[number] - excess)
    return natural


def padded(text: str, width: int) -> str:
    """A cell of a column: filled up, or cut with a mark that it was."""
    return widths.set_cell_size(text, width) if widths.cell_len(text) <= width else widths.set_cell_size(text, width - 1) + "…"
