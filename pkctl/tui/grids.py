"""The rows of a browser: a header, coloured lines, a cursor. Only lines in sight are drawn, so ten thousand rows cost what twenty do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import segment, style
from textual import geometry, message, strip

from pkctl.tui import moods, scrolling, sheets

if TYPE_CHECKING:
    from textual import events

HEAD = style.Style(bold=True)
CURSOR = style.Style(reverse=True)

TELLING = ("STATUS", "READY")
"""The columns that show that all is well, the first that there is."""


class Grid(scrolling.Scrolling):
    """Shows what it is given; the cursor stays with its object."""

    class Moved(message.Message):
        """Another line is under the cursor, or none."""

    def __init__(self) -> None:
        super().__init__(id="rows")
        self.headers: list[str] = []
        self.lines: list[sheets.Line] = []
        self.cursor = 0
        self._marks: dict[str, str] = {}
        self._widths: list[int] = []
        self._is_wide = False

    def show(self, headers: list[str], lines: list[sheets.Line], *, wide: bool, marks: dict[str, str]) -> None:
        """Other lines; `marks` go behind headers."""
        before, old = self.chosen(), self.cursor
        self.headers, self.lines, self._is_wide, self._marks = headers, lines, wide, marks
        self.cursor = next((number for number, line in enumerate(lines) if before and line.key == before.key), min(old, len(lines) - 1))
        self.cursor = max(0, self.cursor)
        self._lay_out()

    def chosen(self) -> sheets.Line | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if 0 <= self.cursor < len(self.lines) else None

    def is_cut(self) -> bool:
        """Whether the name under the cursor had to give way."""
        line = self.chosen()
        if line is None or "NAME" not in self.headers:
            return False
        number = self.headers.index("NAME")
        return "…" in sheets.padded(line.texts[number], self._widths[number])

    def _lay_out(self) -> None:
        titles = [title + self._marks.get(title, "") for title in self.headers]
        self._widths = sheets.fit(titles, self.lines, self.size.width, wide=self._is_wide) if titles else []
        width = sum(self._widths) + sheets.GAP * max(0, len(self._widths) - 1)
        self.virtual_size = geometry.Size(width, len(self.lines) + 1)
        self._keep_cursor_in_sight()
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self, _: events.Resize) -> None:
        self._lay_out()

    def _keep_cursor_in_sight(self) -> None:
        top, rows = self.scroll_offset.y, max(1, self.size.height - 1)
        if self.cursor < top:
            self.jump(y=self.cursor)
        elif self.cursor >= top + rows:
            self.jump(y=self.cursor - rows + 1)

    def move(self, row: int) -> None:
        """Put the cursor on a row."""
        self.cursor = max(0, min(row, len(self.lines) - 1))
        self._keep_cursor_in_sight()
        self.refresh()
        self.post_message(self.Moved())

    def action_up(self) -> None:
        self.move(self.cursor - 1)

    def action_down(self) -> None:
        self.move(self.cursor + 1)

    def action_page(self, pages: int) -> None:
        self.move(self.cursor + pages * max(1, self.size.height - 2))

    def action_top(self) -> None:
        self.move(0)

    def action_bottom(self) -> None:
        self.move(len(self.lines) - 1)

    def on_click(self, event: events.Click) -> None:
        if event.y > 0:
            self.move(self.scroll_offset.y + event.y - 1)

    def render_line(self, y: int) -> strip.Strip:
        """The header first, whatever the scrolling; then lines."""
        start, width = self.scroll_offset.x, self.size.width
        number = self.scroll_offset.y + y - 1
        if y == 0:
            titles = [title + self._marks.get(title, "") for title in self.headers]
            found, fill = [segment.Segment(self._joined(titles), HEAD)], HEAD
        elif number < len(self.lines):
            found, fill = self._drawn(number)
        else:
            return strip.Strip.blank(width, self.rich_style)
        under = self.rich_style
        return strip.Strip(segment.Segment.apply_style(found, under)).crop_extend(start, start + width, under + fill)

    def _drawn(self, number: int) -> tuple[list[segment.Segment], style.Style]:
        line = self.lines[number]
        shown = moods.STYLES[line.mood]
        if number == self.cursor:
            return [segment.Segment(self._joined(line.texts), shown + CURSOR)], shown + CURSOR
        telling = next((title for title in TELLING if title in self.headers), "")
        if line.mood != moods.GOOD or not telling:
            return [segment.Segment(self._joined(line.texts), shown)], shown
        # What is fine shows it in one cell alone, so that the rest stands out.
        column = self.headers.index(telling)
        plain = moods.STYLES[moods.PLAIN]
        texts = [sheets.padded(text, width) for text, width in zip(line.texts, self._widths, strict=True)]
        gap = " " * sheets.GAP
        parts = [(gap.join([*texts[:column], ""]), plain), (texts[column], shown), (gap.join(["", *texts[column + 1 :]]), plain)]
        return [segment.Segment(text, mood) for text, mood in parts], plain

    def _joined(self, texts: list[str]) -> str:
        return (" " * sheets.GAP).join(sheets.padded(text, width) for text, width in zip(texts, self._widths, strict=True))
