"""Go's text/tabwriter: text with tab-terminated cells in, aligned columns out.

A column is a run of adjacent lines that have a tab-terminated cell at its place; the last cell of a line belongs to none. Widths
count code points. Escapes, HTML filtering and alignment to the right, which kubectl never asks for, are not here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Writer:
    """Aligns text; with `remember`, a column never gets narrower from one call to the next, as kubectl's tables do."""

    __slots__ = ("_minimum", "_padding", "_remember", "widths")

    def __init__(self, *, minimum: int, padding: int, remember: bool = False) -> None:
        self._minimum, self._padding, self._remember = minimum, padding, remember
        self.widths: list[int] = []

    def align(self, text: str) -> str:
        """The text with tabs replaced by spaces; whole lines and an unfinished last one stay what they are."""
        lines = [line.split("\t") for line in text.replace("\v", "\t").replace("\f", "\n").split("\n")]
        out: list[str] = []
        self._format(lines, 0, len(lines), [], out)
        return "\n".join(out)

    def _format(self, lines: list[list[str]], first: int, end: int, widths: list[int], out: list[str]) -> None:
        """Append lines `first` to `end`, whose leading columns have `widths`, column block by column block."""
        column, at = len(widths), first
        while at < end:
            if not _has_cell(lines[at], column):
                at += 1
                continue
            _write(lines[first:at], widths, out)
            first = at
            while at < end and _has_cell(lines[at], column):
                at += 1
            self._format(lines, first, at, [*widths, self._width(lines[first:at], column)], out)
            first = at
        _write(lines[first:end], widths, out)

    def _width(self, block: Sequence[list[str]], column: int) -> int:
        width = max(self._minimum, self._padding + max(len(line[column]) for line in block))
        if not self._remember:
            return width
        self.widths.extend([0] * (column + 1 - len(self.widths)))
        self.widths[column] = max(self.widths[column], width)
        return self.widths[column]


def describing() -> Writer:
    """The writer of `kubectl describe`."""
    return Writer(minimum=0, padding=2)


def listing() -> Writer:
    """The writer of kubectl's tables and custom columns."""
    return Writer(minimum=6, padding=3, remember=True)


def _has_cell(line: list[str], column: int) -> bool:
    return column < len(line) - 1


def _write(lines: Sequence[list[str]], widths: Sequence[int], out: list[str]) -> None:
    for line in lines:
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        out.append("".join([*padded, *line[len(widths) :]]))
