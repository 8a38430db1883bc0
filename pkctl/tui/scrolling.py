"""What rows and texts share: a scrolling widget that draws only the lines in sight, moved by the keys of `keys.MOVE`."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import binding, scroll_view

from pkctl.tui import keys

SIDEWAYS = 8
"""Columns that a step to the side takes."""


class Scrolling(scroll_view.ScrollView, can_focus=True):
    """Subclasses draw in `render_line` and say their size by `virtual_size`."""

    BINDINGS: ClassVar[list[Any]] = [binding.Binding(key, action, text, show=False) for key, _, action, text in keys.MOVE]
    DEFAULT_CSS = "Scrolling { height: 1fr; scrollbar-size: 1 1; }"

    def jump(self, *, x: int | None = None, y: int | None = None) -> None:
        """Scroll there at once."""
        self.scroll_to(x=x, y=y, animate=False, force=True, immediate=True)

    def action_up(self) -> None:
        self.jump(y=self.scroll_offset.y - 1)

    def action_down(self) -> None:
        self.jump(y=self.scroll_offset.y + 1)

    def action_left(self) -> None:
        self.jump(x=max(0, self.scroll_offset.x - SIDEWAYS))

    def action_right(self) -> None:
        self.jump(x=min(self.max_scroll_x, self.scroll_offset.x + SIDEWAYS))

    def action_page(self, pages: int) -> None:
        self.jump(y=self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def action_top(self) -> None:
        self.jump(y=0)

    def action_bottom(self) -> None:
        self.jump(y=self.max_scroll_y)
