"""The text of a reader: lines that may grow, painted when they come into sight, with matches marked; wrapped or scrolled sideways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich import text as rich_text
from textual import geometry, strip

from pkctl.tui import scrolling, sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual import events

    Paint = Callable[[str], rich_text.Text]

MOST_LINES = 20_000
"""Lines kept to scroll back to."""

SLACK = 2_000
"""Lines above that before the oldest are let go, all at once."""

KEY = re.compile(r"^(\s*(?:- )*)([^\s:#'\"{}\[][^:#{}]{0,60}?:)(?=\s|$)")
LITERAL = re.compile(r"(?<=: )(?:true|false|null|-?[\d.]+)$")
FOUND = "black on #ffd75f"


def keyed(line: str) -> rich_text.Text:
    """YAML and descriptions: what stands before a colon is a key."""
    painted = rich_text.Text(line)
    if line.lstrip().startswith("#"):
        painted.stylize("#8a8a8a")
    elif match := KEY.match(line):
        painted.stylize("#87afd7", match.start(2), match.end(2))
        if literal := LITERAL.search(line):
            painted.stylize("#d7af87", literal.start(), literal.end())
    return painted


def logged(line: str) -> rich_text.Text:
    """A log line, in the colours that it brought itself."""
    return rich_text.Text.from_ansi(line)


class Pad(scrolling.Scrolling):
    """Lines of text."""

    def __init__(self, paint: Paint) -> None:
        super().__init__(id="text")
        self.lines: list[str] = []
        self.follows, self.wraps = False, False
        self.sought = ""
        self._paint = paint
        self._rows: list[tuple[int, int]] = []
        self._widest = 0

    def put(self, lines: Iterable[str]) -> None:
        """More lines at the end; the oldest go when there are too many."""
        start = len(self.lines)
        self.lines += [line.expandtabs(8) for line in lines]
        if len(self.lines) > MOST_LINES + SLACK:
            del self.lines[:-MOST_LINES]
            self._rows, start, self._widest = [], 0, 0
        self._lay_out(start)

    def clear(self) -> None:
        """No lines."""
        self.lines, self._rows, self._widest = [], [], 0
        self._lay_out(0)

    def wrap(self, wraps: bool) -> None:
        """Break long lines, or not."""
        self.wraps, self._rows = wraps, []
        self.jump(x=0)
        self._lay_out(0)

    def plain(self, number: int) -> str:
        """A line's text without its colours."""
        return self._paint(self.lines[number]).plain

    def matches(self) -> list[int]:
        """The numbers of the lines that hold what is sought."""
        return [number for number in range(len(self.lines)) if self.sought in self.plain(number).lower()] if self.sought else []

    def first_line(self) -> int:
        """The number of the first line in sight."""
        row = self.scroll_offset.y
        return self._rows[row][0] if row < len(self._rows) else 0

    def show_line(self, number: int) -> None:
        """Bring a line into sight."""
        row = next(row for row, (line, _) in enumerate(self._rows) if line == number)
        self.jump(y=max(0, row - self.size.height // 3))
        self.refresh()

    def _lay_out(self, start: int) -> None:
        """Rows for the lines from `start` on: (line, first column)."""
        width = max(1, self.size.width)
        for number in range(start, len(self.lines)):
            length = self._paint(self.lines[number]).cell_len
            self._widest = max(self._widest, length)
            columns = range(0, max(1, length), width) if self.wraps else (0,)
            self._rows += [(number, column) for column in columns]
        self.virtual_size = geometry.Size(0 if self.wraps else self._widest, len(self._rows))
        if self.follows:
            self.jump(y=self.max_scroll_y)
        self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        self._rows = []
        self._lay_out(0)

    def render_line(self, y: int) -> strip.Strip:
        row, width, under = self.scroll_offset.y + y, self.size.width, self.rich_style
        if row >= len(self._rows):
            return strip.Strip.blank(width, under)
        number, start = self._rows[row]
        painted = self._paint(self.lines[number])
        painted.plain = painted.plain.translate(sheets.UNSAFE)
        if self.sought:
            painted.highlight_regex(f"(?i){re.escape(self.sought)}", FOUND)
        start += self.scroll_offset.x
        return strip.Strip(painted.render(self.app.console)).apply_style(under).crop_extend(start, start + width, under)
