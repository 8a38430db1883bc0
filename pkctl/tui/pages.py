"""What every screen can: be told things by threads, ask the client in one, and say a line at the foot."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rich import text as rich_text
from textual import message, screen, widgets

from pkctl.tui import feeds, moods

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import message_pump, timer

NOTED = 6.0
"""Seconds that a line stays at the foot."""


class Told(message.Message, bubble=False):
    """Something for a screen's own thread to do."""

    def __init__(self, do: Callable[[], object]) -> None:
        super().__init__()
        self.do = do


def tell(node: message_pump.MessagePump, do: Callable[[], object]) -> None:
    """From any thread: let the screen or application do something, as soon as it can; nothing when it has been left."""
    # Its loop may end between the look and the post.
    with contextlib.suppress(RuntimeError, LookupError):
        node.post_message(Told(do))


class Page(screen.Screen[None]):
    """A screen with a foot, which shows hints unless there is something to say."""

    DEFAULT_CSS = """
    Page { layers: base; }
    Page .bar { height: 1; background: $panel; }
    Page #foot { width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Page #foot.wrong { height: auto; max-height: 4; text-wrap: wrap; }
    """

    HINTS = ""

    def __init__(self) -> None:
        super().__init__()
        self._trouble = ""
        self._resting: timer.Timer | None = None

    def foot(self) -> widgets.Label:
        """The foot, to compose."""
        return widgets.Label(self.HINTS, id="foot", markup=False)

    def on_told(self, event: Told) -> None:
        # What comes while the screen is taken down would look for parts that are gone.
        if self.is_running and self.app.is_running:
            event.do()

    def tell(self, do: Callable[[], object]) -> None:
        """From any thread: do something in the screen's own."""
        tell(self, do)

    def ask(self, work: Callable[[], Any], then: Callable[[Any], object] = lambda _: None) -> None:
        """Do something with the client in a thread, then something with its answer here; what fails is said at the foot."""
        feeds.ask(self.tell, work, then, self.fail)

    def note(self, text: str) -> None:
        """A line at the foot, for a while."""
        self._say(text, moods.PLAIN)

    def fail(self, text: str) -> None:
        """The same for what went wrong."""
        self._say(text, moods.BAD)

    def trouble(self, text: str) -> None:
        """What is wrong until told otherwise ("")."""
        if text != self._trouble:
            self._trouble = text
            self.rest()

    def _say(self, text: str, mood: str) -> None:
        if self._resting:
            self._resting.stop()
        self._draw_foot(text, mood)
        self._resting = self.set_timer(NOTED, self.rest)

    def rest(self) -> None:
        """The foot as it is when nothing has just been said."""
        self._resting = None
        self._draw_foot(self._trouble or self.hints(), moods.BAD if self._trouble else moods.DONE)

    def rest_unless_noted(self) -> None:
        """The foot anew, where it is at rest."""
        if self._resting is None:
            self.rest()

    def hints(self) -> str:
        """What the foot shows at rest."""
        return self.HINTS

    def _draw_foot(self, text: str, mood: str) -> None:
        for found in self.query("#foot").results(widgets.Label):
            found.set_class(mood == moods.BAD, "wrong")
            found.update(
                rich_text.Text(" ".join(text.split()), moods.STYLES[mood])
                if mood == moods.BAD
                else rich_text.Text(text, moods.STYLES[mood])
            )


def bar(left: rich_text.Text, right: rich_text.Text, width: int) -> rich_text.Text:
    """A line with something at both ends; the right gives way."""
    room = width - left.cell_len - 2
    if right.cell_len > room:
        right = rich_text.Text() if room < 1 else right[:room]
    return rich_text.Text.assemble(left, " " * max(0, width - left.cell_len - right.cell_len), right, no_wrap=True)
