"""The main screen: one kind's rows, live, with what can be done to the row under the cursor."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from rich import text as rich_text
from textual import binding, screen, widgets

from pkctl import errors
from pkctl.api import options
from pkctl.tui import actions, dialogs, feeds, grids, keys, moods, pages, placed, places, readers, sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from pkctl.client import base

EVERYTHING = options.Query()

QUIET = 0.1
"""Seconds between two pictures while much changes."""

SHARE = 4
"""Many rows take longer to draw: a picture stands this many times what it took."""

COUNTED = ((moods.GOOD, "ok"), (moods.PENDING, "pending"), (moods.BAD, "failing"), (moods.DONE, "done"))


class Browser(placed.Placed):
    """Rows of one place; Enter goes deeper, Esc comes back."""

    HINTS = keys.HINTS
    BINDINGS: ClassVar[list[Any]] = [
        *(
            binding.Binding(key, action, text, key_display=shown, show=False, priority=key == "enter")
            for key, shown, action, text in keys.BROWSE
            if action != "namespace"
        ),
        *(binding.Binding(str(digit), f"namespace({digit})", "Namespace", show=False) for digit in range(1, 10)),
    ]

    def __init__(self, client: base.Client, place: places.Place, shared: placed.Shared) -> None:
        super().__init__(client, place, shared)
        self._sought, self._sorted, self._is_reversed, self._is_wide = place.sought, "", False, False
        self._table: dict[str, Any] = {"columnDefinitions": [], "rows": []}
        self._feed: feeds.TableFeed | None = None
        self._drawn, self._cost, self._is_due = 0.0, 0.0, False

    def compose(self) -> ComposeResult:
        yield widgets.Label("", id="title", classes="bar", markup=False)
        yield widgets.Label("", id="spaces", classes="bar", markup=False)
        yield grids.Grid()
        yield self.foot()

    def on_mount(self) -> None:
        self.query_one(grids.Grid).focus()
        self.go(self.place)

    def on_unmount(self) -> None:
        if self._feed:
            self._feed.stop()

    def on_resize(self, _: events.Resize) -> None:
        self.draw_title()

    def go(self, place: places.Place) -> None:
        if self._feed:
            self._feed.stop()
        self.place, self._sought = place, place.sought
        self._table = {"columnDefinitions": [], "rows": []}
        self.trouble("")
        self._draw()
        self._begin()

    def _begin(self) -> None:
        """Have the place's rows kept current."""
        place = self.place
        feed = feeds.TableFeed(
            self.client,
            place.row,
            place.namespace,
            place.query(),
            self.tell,
            lambda: self._changed(feed),
            lambda text: self._lost(feed, text),
        )
        self._feed, self._is_due = feed, False
        feed.start()

    def on_screen_suspend(self) -> None:
        # Behind a question rows go on; behind another screen nobody sees them.
        if self._feed and not isinstance(self.app.screen, screen.ModalScreen):
            self._feed.stop()

    def on_screen_resume(self) -> None:
        if self._feed and self._feed.is_over:
            self._begin()

    def deeper(self, place: places.Place) -> None:
        self.app.push_screen(Browser(self.client, place, self.shared))

    def hints(self) -> str:
        grid = self._grid()
        line = grid.chosen() if grid else None
        return line.key[1] if grid and line and grid.is_cut() else self.HINTS

    def _grid(self) -> grids.Grid | None:
        """The table on screen; None before it is composed, and while the screen is taken down."""
        return next(iter(self.query(grids.Grid)), None)

    def on_grid_moved(self) -> None:
        self.rest_unless_noted()

    def chosen(self) -> tuple[str, str] | None:
        """The (namespace, name) under the cursor."""
        grid = self._grid()
        line = grid.chosen() if grid else None
        return line.key if line else None

    def _changed(self, feed: feeds.TableFeed) -> None:
        """Draw what is new: at once, but not more often than can be looked at."""
        if feed is not self._feed or self._is_due:
            return
        self._is_due = True
        wait = self._drawn + max(QUIET, SHARE * self._cost) - time.monotonic()
        if wait <= 0:
            self._take()
        else:
            self.set_timer(wait, self._take)

    def _take(self) -> None:
        self._is_due = False
        if self._feed:
            self._table = self._feed.table()
            self.trouble("")
            self._draw()

    def _lost(self, feed: feeds.TableFeed, text: str) -> None:
        if feed is self._feed:
            self.trouble(text)

    def _draw(self) -> None:
        """Put the table on screen."""
        grid = self._grid()
        if grid is None:
            return
        started = time.monotonic()
        headers, found = sheets.lines(
            self._table, wide=self._is_wide, with_namespace=self.place.row.namespaced and not self.place.namespace
        )
        kept = sheets.matching(found, self._sought)
        if self._sorted:
            kept = sheets.ordered(headers, kept, self._sorted, is_reversed=self._is_reversed)
        marks = {self._sorted: "↓" if self._is_reversed else "↑"} if self._sorted else {}
        grid.show(headers, kept, wide=self._is_wide, marks=marks)
        self._drawn = time.monotonic()
        self._cost = self._drawn - started
        self.draw_title()

    def draw_title(self) -> None:
        """The two lines at the top: what is shown and how it fares; the namespaces, the cluster, and who leads it."""
        grid, width = self._grid(), self.app.size.width
        if grid is None:
            return
        total = len(self._table["rows"] or [])
        count = f"[{len(grid.lines)}/{total}]" if len(grid.lines) != total else f"[{total}]"
        left = rich_text.Text.assemble(" ", (self.place.shown(), "bold"), count)
        if self.place.title:
            left.append(f" {self.place.title}")
        if self._sought:
            left.append(f" </{self._sought}>", moods.STYLES[moods.PENDING])
        self.query_one("#title", widgets.Label).update(pages.bar(left, _counts(grid.lines), width))
        spaces = self._spaces(width)
        right = _cluster(self.shared.where, self.shared.leads, width - spaces.cell_len - 2)
        self.query_one("#spaces", widgets.Label).update(pages.bar(spaces, rich_text.Text(right, moods.STYLES[moods.DONE]), width))

    def _spaces(self, width: int) -> rich_text.Text:
        """`<0> all <1> default …`, as many as leave half the line."""
        found = rich_text.Text(" ")
        for digit, name in enumerate(["all", *self.shared.namespaces[:9]]):
            here = self.place.row.namespaced and self.place.namespace == ("" if digit == 0 else name)
            part = rich_text.Text.assemble((f"{digit}:", moods.STYLES[moods.DONE]), (name, "bold reverse" if here else ""), " ")
            if found.cell_len + part.cell_len > width // 2:
                break
            found.append_text(part)
        return found

    def action_command(self) -> None:
        commands = self.shared.commands
        self.app.push_screen(dialogs.Ask(":", choices=places.words(self.client.kinds()), before=commands), self._command)

    def _command(self, text: str | None) -> None:
        if not text:
            return
        self.shared.commands.append(text)
        if text in places.QUIT:
            self.app.exit()
        elif text in places.HELP:
            self.action_help()
        else:
            try:
                self.go(places.parse(text, self.client.kinds(), self.place))
            except errors.PkctlError as error:
                self.fail(str(error))

    def action_filter(self) -> None:
        self.app.push_screen(dialogs.Ask("/", self._sought, typing=self._filter), lambda text: self._filter(text or ""))

    def _filter(self, text: str) -> None:
        self._sought = text.strip()
        self._draw()

    def action_back(self) -> None:
        if self._sought:
            self._filter("")
        elif sum(isinstance(each, Browser) for each in self.app.screen_stack) > 1:
            self.dismiss()

    def on_chosen(self, action: Callable[[Browser, str, str], None]) -> None:
        """Do something to the chosen object."""
        chosen = self.chosen()
        if chosen:
            action(self, *chosen)
        else:
            self.note("nothing is chosen")

    def action_open(self) -> None:
        self.on_chosen(actions.open_)

    def action_describe(self) -> None:
        self.on_chosen(actions.describe)

    def action_yaml(self) -> None:
        self.on_chosen(actions.yaml)

    def action_decode(self) -> None:
        self.on_chosen(actions.decode)

    def action_logs(self) -> None:
        self.on_chosen(actions.logs)

    def action_previous_logs(self) -> None:
        self.on_chosen(actions.previous_logs)

    def action_shell(self) -> None:
        self.on_chosen(actions.shell_or_scale)

    def action_edit(self) -> None:
        self.on_chosen(actions.edit)

    def action_restart(self) -> None:
        self.on_chosen(actions.restart)

    def action_delete(self) -> None:
        self.on_chosen(actions.delete)

    def action_wide(self) -> None:
        self._is_wide = not self._is_wide
        self._draw()

    def action_sort(self, column: str) -> None:
        self._is_reversed = self._sorted == column and not self._is_reversed
        self._sorted = column
        self._draw()

    def action_namespace(self, digit: int) -> None:
        names = ["", *self.shared.namespaces[:9]]
        if digit >= len(names):
            self.note(f"there is no namespace {digit}")
        elif self.place.row.namespaced:
            self.go(places.Place(self.place.row, names[digit]))
        else:
            self.note(f"{self.place.row.plural} are in no namespace")

    def action_reload(self) -> None:
        if self._feed:
            self._feed.refresh()

    def action_help(self) -> None:
        self.app.push_screen(readers.Reader("help", keys.page))

    async def action_quit(self) -> None:
        self.app.exit()


def _counts(lines: list[sheets.Line]) -> rich_text.Text:
    """`3 ok 1 pending`, in their colours, only what there is."""
    found = rich_text.Text()
    for mood, word in COUNTED:
        if count := sum(line.mood == mood for line in lines):
            found.append(f"{count} {word} ", moods.STYLES[mood])
    return found


def _cluster(where: str, leads: str, room: int) -> str:
    """Who leads and the cluster's place, of which the end matters most."""
    led = f"led by {leads} · " if leads else ""
    left = room - len(led) - 1
    if len(where) > left:
        where = f"…{where[len(where) - left + 1 :]}" if left > 1 else ""
    return f"{led}{where} "
