"""A screen that shows a text: describe, YAML, help, or logs that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import binding, containers, screen, widgets

from pkctl.tui import dialogs, feeds, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult

MOST_LINES = 20_000
"""Lines of a log kept to scroll back to."""


class Reader(screen.Screen[None]):
    """Lines of text with search. `lines`, when given, feeds more of them for as long as the screen is open."""

    BINDINGS: ClassVar = [binding.Binding(key, action, text, key_display=shown, show=False) for key, shown, action, text in keys.READ]
    DEFAULT_CSS = """
    Reader #title { height: 1; background: $primary; color: $text; padding: 0 1; }
    Reader #note { height: 1; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, title: str, text: str = "", lines: Callable[[], Iterator[bytes]] | None = None) -> None:
        super().__init__()
        self._title, self._lines = title, text.splitlines()
        self._feed = feeds.TextFeed(lines, self._arrived) if lines else None
        self._sought, self._at = "", -1

    def compose(self) -> ComposeResult:
        yield widgets.Label(self._title, id="title", markup=False)
        yield widgets.RichLog(id="text", wrap=False, max_lines=MOST_LINES, auto_scroll=self._feed is not None, min_width=0)
        with containers.Horizontal(id="foot"):
            yield widgets.Label("Esc back  / search  n N matches", id="note", markup=False)

    def on_mount(self) -> None:
        self._log.write("\n".join(self._lines), scroll_end=False)
        self._log.focus()
        if self._feed:
            self._feed.start()

    def on_unmount(self) -> None:
        if self._feed:
            self._feed.stop()

    @property
    def _log(self) -> widgets.RichLog:
        return self.query_one("#text", widgets.RichLog)

    def _arrived(self, line: str) -> None:
        if self.is_mounted:
            self.app.call_from_thread(self._append, line)

    def _append(self, line: str) -> None:
        self._lines.append(line)
        self._log.write(line)

    def action_leave(self) -> None:
        self.dismiss()

    def action_top(self) -> None:
        self._log.scroll_home(animate=False)

    def action_bottom(self) -> None:
        self._log.scroll_end(animate=False)

    def action_follow(self) -> None:
        self._log.auto_scroll = not self._log.auto_scroll
        self._note(f"follow {'on' if self._log.auto_scroll else 'off'}")

    def action_search(self) -> None:
        self.app.push_screen(dialogs.Ask("/", self._sought), self._search)

    def action_next_match(self) -> None:
        self._go_to_match(1)

    def action_previous_match(self) -> None:
        self._go_to_match(-1)

    def _search(self, sought: str | None) -> None:
        if sought:
            self._sought, self._at = sought.lower(), -1
            self._go_to_match(1)

    def _go_to_match(self, step: int) -> None:
        found = [number for number, line in enumerate(self._lines) if self._sought and self._sought in line.lower()]
        if not found:
            self._note(f"no match for {self._sought!r}")
            return
        later = (
            [number for number in found if number > self._at] if step > 0 else [number for number in reversed(found) if number < self._at]
        )
        self._at = later[0] if later else (found[0] if step > 0 else found[-1])
        self._log.auto_scroll = False
        self._log.scroll_to(y=self._at, animate=False)
        self._note(f"{found.index(self._at) + 1} of {len(found)}: {self._lines[self._at].strip()}")

    def _note(self, text: str) -> None:
        self.query_one("#note", widgets.Label).update(text)
