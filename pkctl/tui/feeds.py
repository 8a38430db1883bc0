"""What a screen shows, fetched in a thread: a table kept current through the client's watch, and texts that grow.

A thread only calls the client and hands over what it got; only message handlers in the screens change what is shown.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pkctl import errors
from pkctl.api import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.client import base
    from pkctl.kinds import table

REFRESH = 5.0
"""Seconds after which ages are shown anew although nothing changed."""

QUIET = 0.2
"""Seconds between two pictures while much changes."""


class TableFeed:
    """Gives `show(table)` a fresh Table whenever the kind's objects change, `fail(text)` when they can't be read."""

    def __init__(
        self,
        client: base.Client,
        row: table.Row,
        namespace: str,
        query: options.Query,
        show: Callable[[Any], None],
        fail: Callable[[str], None],
    ) -> None:
        self._client, self._row, self._namespace, self._query = client, row, namespace, query
        self._show, self._fail = show, fail
        self._stop, self._stale = threading.Event(), threading.Event()

    def start(self) -> None:
        """Begin, with one thread that watches and one that reads."""
        self._stale.set()
        for work in (self._watch, self._read):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """Give nothing more; the threads end by themselves."""
        self._stop.set()
        self._stale.set()

    def refresh(self) -> None:
        """Read again now."""
        self._stale.set()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                for event in self._client.watch(self._row, self._namespace, self._query):
                    if self._stop.is_set():
                        return
                    if event["type"] != "BOOKMARK":
                        self._stale.set()
            except errors.PkctlError as error:
                self._fail(str(error))
                self._stop.wait(REFRESH)

    def _read(self) -> None:
        while not self._stop.is_set():
            self._stale.wait(REFRESH)
            self._stale.clear()
            if self._stop.is_set():
                return
            try:
                self._show(self._client.table(self._row, self._namespace, query=self._query))
            except errors.PkctlError as error:
                self._fail(str(error))
            self._stop.wait(QUIET)


class TextFeed:
    """Gives `show(line)` each line of a text that may go on, until stopped."""

    def __init__(self, lines: Callable[[], Iterator[bytes]], show: Callable[[str], None]) -> None:
        self._lines, self._show = lines, show
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._read, daemon=True).start()

    def stop(self) -> None:
        """Show nothing more."""
        self._stop.set()

    def _read(self) -> None:
        try:
            for line in self._lines():
                if self._stop.is_set():
                    return
                self._show(line.decode(errors="replace").rstrip("\n"))
        except errors.PkctlError as error:
            if not self._stop.is_set():
                self._show(f"[{error}]")
