"""The main screen: one kind's rows, live, with what can be done to the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import binding, screen, widgets

from pkctl.api import options
from pkctl.tui import actions, dialogs, feeds, keys

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pkctl.client import base
    from pkctl.kinds import table


class Place:
    """What a browser shows: a kind in a namespace ("" for all), narrowed by a label or field selector when drilled into."""

    def __init__(self, row: table.Row, namespace: str, *, labels: str = "", fields: str = "", title: str = "") -> None:
        self.row, self.namespace, self.labels, self.fields, self.title = row, namespace, labels, fields, title

    def query(self) -> options.Query:
        """The place's selectors as a query."""
        return options.Query(labels=self.labels, fields=self.fields)


class Browser(screen.Screen[None]):
    """Rows of one place; Enter goes deeper, Esc comes back."""

    BINDINGS: ClassVar = [
        binding.Binding(key, action, text, key_display=shown, show=False, priority=key == "enter")
        for key, shown, action, text in keys.BROWSE
    ]
    DEFAULT_CSS = """
    Browser #title { height: 1; background: $primary; color: $text; padding: 0 1; }
    Browser DataTable { height: 1fr; }
    Browser #note { height: 1; color: $text-muted; padding: 0 1; }
    """

    def __init__(self, client: base.Client, place: Place) -> None:
        super().__init__()
        self.client, self.place = client, place
        self.filter, self.is_wide = "", False
        self._table: dict[str, Any] = {"columnDefinitions": [], "rows": []}
        self._shown: list[dict[str, Any]] = []
        self._columns: list[str] = []
        self._feed: feeds.TableFeed | None = None

    def compose(self) -> ComposeResult:
        yield widgets.Label("", id="title", markup=False)
        yield widgets.DataTable(id="rows", cursor_type="row", zebra_stripes=False)
        yield widgets.Label("", id="note", markup=False)

    def on_mount(self) -> None:
        self._rows.focus()
        self.go(self.place)

    def on_unmount(self) -> None:
        if self._feed:
            self._feed.stop()

    @property
    def _rows(self) -> widgets.DataTable[str]:
        return self.query_one("#rows", widgets.DataTable)

    def go(self, place: Place) -> None:
        """Show another place."""
        if self._feed:
            self._feed.stop()
        self.place, self.filter = place, ""
        self._columns, self._table = [], {"columnDefinitions": [], "rows": []}
        self._rows.clear(columns=True)
        self._draw_title()
        self._feed = feeds.TableFeed(self.client, place.row, place.namespace, place.query(), self._arrived, self._failed)
        self._feed.start()

    def note(self, text: str) -> None:
        """A line at the foot, until the next one."""
        self.query_one("#note", widgets.Label).update(text)

    def chosen(self) -> tuple[str, str] | None:
        """The (namespace, name) under the cursor."""
        rows = self._rows
        if not self._shown or not rows.is_valid_row_index(rows.cursor_row):
            return None
        found = self._shown[rows.cursor_row]["object"]["metadata"]
        return found.get("namespace", ""), found["name"]

    def _arrived(self, table: dict[str, Any]) -> None:
        if self.is_mounted:
            self.app.call_from_thread(self._show, self.place, table)

    def _failed(self, text: str) -> None:
        if self.is_mounted:
            self.app.call_from_thread(self.note, text)

    def _show(self, place: Place, table: dict[str, Any]) -> None:
        if place is self.place:
            self._table = table
            self._draw()

    def _draw(self) -> None:
        """Put the table on screen, the cursor staying with its object."""
        with_namespace = self.place.row.namespaced and not self.place.namespace
        columns, rows = cells(self._table, wide=self.is_wide, with_namespace=with_namespace)
        kept = [(row, texts) for row, texts in zip(self._table["rows"] or [], rows, strict=True) if _matches(texts, self.filter)]
        before, view = self.chosen(), self._rows
        if columns != self._columns:
            view.clear(columns=True)
            view.add_columns(*columns)
            self._columns = columns
        else:
            view.clear()
        self._shown = [row for row, _ in kept]
        view.add_rows(texts for _, texts in kept)
        self._restore_cursor(before)
        self._draw_title()

    def _restore_cursor(self, before: tuple[str, str] | None) -> None:
        for number, row in enumerate(self._shown):
            found = row["object"]["metadata"]
            if before == (found.get("namespace", ""), found["name"]):
                self._rows.move_cursor(row=number, animate=False)
                return

    def _draw_title(self) -> None:
        place = self.place
        where = f"({place.namespace or 'all'})" if place.row.namespaced else ""
        narrowed = f" {place.title}" if place.title else ""
        sought = f" /{self.filter}" if self.filter else ""
        self.query_one("#title", widgets.Label).update(f"{place.row.plural}{where}{narrowed} [{len(self._shown)}]{sought}   ? help")

    def action_command(self) -> None:
        words = [row.plural for row in self.client.kinds()] + ["ns ", "q"]
        self.app.push_screen(dialogs.Ask(":", choices=words), self._command)

    def _command(self, text: str | None) -> None:
        if text:
            actions.command(self, text)

    def action_filter(self) -> None:
        self.app.push_screen(dialogs.Ask("/", self.filter), self._filter)

    def _filter(self, text: str | None) -> None:
        if text is not None:
            self.filter = text
            self._draw()

    def action_back(self) -> None:
        if self.filter:
            self.filter = ""
            self._draw()
        elif len([each for each in self.app.screen_stack if isinstance(each, Browser)]) > 1:
            self.dismiss()

    def action_open(self) -> None:
        actions.on_chosen(self, actions.open_)

    def action_describe(self) -> None:
        actions.on_chosen(self, actions.describe)

    def action_yaml(self) -> None:
        actions.on_chosen(self, actions.yaml)

    def action_logs(self) -> None:
        actions.on_chosen(self, actions.logs)

    def action_previous_logs(self) -> None:
        actions.on_chosen(self, actions.previous_logs)

    def action_shell(self) -> None:
        actions.on_chosen(self, actions.shell_or_scale)

    def action_edit(self) -> None:
        actions.on_chosen(self, actions.edit)

    def action_delete(self) -> None:
        actions.on_chosen(self, actions.delete)

    def action_wide(self) -> None:
        self.is_wide = not self.is_wide
        self._draw()

    def action_all_namespaces(self) -> None:
        self.go(Place(self.place.row, ""))

    def action_reload(self) -> None:
        if self._feed:
            self._feed.refresh()

    def action_help(self) -> None:
        actions.show_help(self)

    def action_quit(self) -> None:
        self.app.exit()


def cells(table: dict[str, Any], *, wide: bool, with_namespace: bool) -> tuple[list[str], list[list[str]]]:
    """A server-shaped Table as headers and rows of text, wide-only columns and the namespace where asked for."""
    kept = [number for number, column in enumerate(table["columnDefinitions"]) if wide or not column.get("priority")]
    headers = [table["columnDefinitions"][number]["name"].upper() for number in kept]
    rows = [[str(row["cells"][number]) for number in kept] for row in table["rows"] or []]
    if not with_namespace:
        return headers, rows
    namespaces = [row["object"]["metadata"].get("namespace", "") for row in table["rows"] or []]
    return ["NAMESPACE", *headers], [[namespace, *texts] for namespace, texts in zip(namespaces, rows, strict=True)]


def _matches(texts: list[str], sought: str) -> bool:
    """Case does not matter; a leading `!` turns the filter round, as in k9s."""
    wanted, text = sought.removeprefix("!").lower(), " ".join(texts).lower()
    return (wanted in text) != sought.startswith("!") if wanted else True
