"""Screens that show a text: describe, YAML, help; and logs, which go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich import text as rich_text
from textual import binding, widgets

from pkctl.tui import dialogs, feeds, keys, pads, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from pkctl.client import base

TAIL = 1000
"""Lines of a log to begin with."""


def _bindings(rows: Sequence[tuple[str, str, str, str]]) -> list[Any]:
    return [binding.Binding(key, action, text, key_display=shown, show=False) for key, shown, action, text in rows]


class Reader(pages.Page):
    """A text with search; `source()` gives it, in a thread, again when asked to."""

    HINTS = keys.READ_HINTS
    BINDINGS: ClassVar[list[Any]] = _bindings(keys.READ)

    def __init__(self, title: str, source: Callable[[], str], paint: pads.Paint = pads.keyed) -> None:
        super().__init__()
        self._title, self._source, self._paint = title, source, paint
        self._match = -1

    def compose(self) -> ComposeResult:
        yield widgets.Label("", id="title", classes="bar", markup=False)
        yield pads.Pad(self._paint)
        yield self.foot()

    def on_mount(self) -> None:
        self.pad.focus()
        self.begin()
        self.draw_title()

    @property
    def pad(self) -> pads.Pad:
        """The text."""
        return self.query_one(pads.Pad)

    def begin(self) -> None:
        """Get the text."""
        feeds.ask(self.tell, self._source, self._show, self.trouble)

    def _show(self, text: str) -> None:
        self.trouble("")
        at = self.pad.scroll_offset
        self.pad.clear()
        self.pad.put(text.splitlines())
        self.pad.jump(x=at.x, y=at.y)

    def title_text(self) -> str:
        """What stands at the top."""
        return self._title

    def draw_title(self) -> None:
        """The line at the top."""
        said = self.title_text() + ("  [wrapped]" if self.pad.wraps else "")
        self.query_one("#title", widgets.Label).update(rich_text.Text(f" {said}", "bold", no_wrap=True))

    def action_leave(self) -> None:
        self.dismiss()

    def action_back(self) -> None:
        if self.pad.sought:
            self._search("")
            self.rest()
        else:
            self.dismiss()

    def action_reload(self) -> None:
        self.begin()

    def action_wrap(self) -> None:
        self.pad.wrap(not self.pad.wraps)
        self.draw_title()

    def action_help(self) -> None:
        if self._title != "help":
            self.app.push_screen(Reader("help", keys.page))

    def action_search(self) -> None:
        self.app.push_screen(dialogs.Ask("/", self.pad.sought), self._search)

    def _search(self, sought: str | None) -> None:
        if sought is None:
            return
        self.pad.sought, self._match = sought.lower(), self.pad.first_line() - 1
        self.pad.refresh()
        if sought:
            self.action_match(1)

    def action_match(self, step: int) -> None:
        found = self.pad.matches()
        if not found:
            self.note(f"no match for {self.pad.sought!r}" if self.pad.sought else "search with /")
            return
        rest = [number for number in found if (number > self._match if step > 0 else number < self._match)]
        ends = (found[0], rest[0] if rest else None) if step > 0 else (found[-1], rest[-1] if rest else None)
        self._match = ends[0] if ends[1] is None else ends[1]
        self.pad.follows = False
        self.pad.show_line(self._match)
        self.draw_title()
        self.note(f"match {found.index(self._match) + 1} of {len(found)}")


class Logs(Reader):
    """A container's log, followed for as long as the screen is open."""

    HINTS = keys.LOG_HINTS
    BINDINGS: ClassVar[list[Any]] = _bindings(keys.LOG)

    def __init__(self, client: base.Client, namespace: str, pod: str, container: str, others: Sequence[str], *, previous: bool) -> None:
        super().__init__("logs", lambda: "", pads.logged)
        self._client, self._pod, self._others = client, (namespace, pod), others
        self._container, self._is_previous, self._has_times = container, previous, False
        self._feed: feeds.LineFeed | None = None

    def on_unmount(self) -> None:
        if self._feed:
            self._feed.stop()

    def begin(self) -> None:
        """From the log's end on, as it goes."""
        if self._feed:
            self._feed.stop()
        self.trouble("")
        self.pad.clear()
        self.pad.follows = True
        asked: dict[str, Any] = {
            "container": self._container,
            "follow": not self._is_previous,
            "previous": self._is_previous,
            "tail_lines": TAIL,
        }
        if self._has_times:
            asked["timestamps"] = True
        self._feed = feeds.LineFeed(lambda stop: self._client.logs(*self._pod, **asked, stop=stop), self.tell, self.pad.put, self._ended)
        self._feed.start()
        self.draw_title()

    def _ended(self, text: str) -> None:
        if text:
            self.trouble(text)
        else:
            self.note("the log ends here" if self.pad.lines else "the log is empty")

    def title_text(self) -> str:
        said = [f"logs {self._pod[0]}/{self._pod[1]}:{self._container}"]
        said += ["[previous]"] if self._is_previous else []
        said += ["[following]"] if self.pad.follows and not self._is_previous else []
        return "  ".join(said)

    def action_follow(self) -> None:
        self.pad.follows = not self.pad.follows
        if self.pad.follows:
            self.pad.action_bottom()
        self.draw_title()

    def action_previous(self) -> None:
        self._is_previous = not self._is_previous
        self.begin()

    def action_timestamps(self) -> None:
        self._has_times = not self._has_times
        self.begin()

    def action_container(self) -> None:
        if len(self._others) < 2:
            self.note("the pod has no other container")
        else:
            self.app.push_screen(dialogs.Choose("Container", self._others), self._choose)

    def _choose(self, name: str | None) -> None:
        if name:
            self._container = name
            self.begin()
