"""The monitor's threads: a table kept current through the client's watch, texts that grow, questions that take their time.

A thread only calls the client and hands over what it got, through a `tell` that runs a function in the screen's own thread. All are
daemons and look up often: leaving never waits for a node that does not answer.
"""

from __future__ import annotations

import functools
import threading
import time
from typing import TYPE_CHECKING

from pkctl import errors
from pkctl.api import options
from pkctl.tui import sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.client import base
    from pkctl.kinds import table

    Tell = Callable[[Callable[[], object]], None]

REFRESH = 2.0
"""Seconds after which rows are read anew although nothing changed, for their ages."""

LOOK_UP = 0.25
"""Seconds of watching after which a thread sees whether it is still wanted."""

SHARE = 10
"""A reading is not repeated before this many times what it took: a large cluster must not keep the processor busy."""

NAME = "tui"
"""What the threads are called."""


def thread(work: Callable[[], None]) -> threading.Thread:
    """Start a thread of the monitor's."""
    made = threading.Thread(target=work, name=NAME, daemon=True)
    made.start()
    return made


def ask(tell: Tell, work: Callable[[], Any], then: Callable[[Any], object], fail: Callable[[str], None]) -> None:
    """Do `work` in a thread, then `then(result)`, or `fail(text)`, in the screen's."""

    def run() -> None:
        try:
            result = work()
        except errors.PkctlError as error:
            text = str(error)
            tell(lambda: fail(text))
        except Exception as error:  # noqa: BLE001 -- a thread's edge: what nobody foresaw is said at the foot, the screen goes on.
            said = f"{type(error).__name__}: {error}"
            tell(lambda: fail(said))
        else:
            tell(lambda: then(result))

    thread(run)


class TableFeed:
    """Keeps a kind's rows current: `changed()` says that `table()` gives something new, `fail(text)` that it can't be read for now."""

    def __init__(
        self,
        client: base.Client,
        row: table.Row,
        namespace: str,
        query: options.Query,
        tell: Tell,
        changed: Callable[[], None],
        fail: Callable[[str], None],
    ) -> None:
        self._client, self._row, self._namespace, self._query = client, row, namespace, query
        self._tell, self._changed, self._fail = tell, changed, fail
        self._over, self._again, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._columns: list[Any] = []
        self._rows: dict[tuple[str, str], Any] = {}
        self._has_told = False

    def start(self) -> None:
        """Begin."""
        thread(self._work)

    def stop(self) -> None:
        """Give nothing more."""
        self._over.set()

    @property
    def is_over(self) -> bool:
        """Whether it has been stopped."""
        return self._over.is_set()

    def refresh(self) -> None:
        """Read again now."""
        self._again.set()

    def table(self) -> dict[str, Any]:
        """The rows as they are known now, by namespace and name."""
        with self._lock:
            self._has_told = False
            return {"columnDefinitions": self._columns, "rows": [self._rows[key] for key in sorted(self._rows)]}

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                self._again.clear()
                started = time.monotonic()
                revision = self._read()
                self._follow(revision, time.monotonic() + max(REFRESH, SHARE * (time.monotonic() - started)))
            except errors.PkctlError as error:
                self._say(str(error))
            except Exception as error:  # noqa: BLE001 -- the loop's edge: the screen says it, and the next round may do better.
                self._say(f"{type(error).__name__}: {error}")

    def _say(self, text: str) -> None:
        if not self._over.is_set():
            self._tell(lambda: self._fail(text))
            self._over.wait(LOOK_UP * 4)

    def _read(self) -> str:
        """Everything anew; the revision it is of."""
        found = self._client.table(self._row, self._namespace, query=self._query)
        with self._lock:
            self._columns = found["columnDefinitions"]
            self._rows = {sheets.key(row): row for row in found["rows"] or []}
        self._told()
        return str(found["metadata"].get("resourceVersion") or "")

    def _follow(self, revision: str, until: float) -> None:
        """What changes after a revision, until it is time to read all again."""
        while not self._over.is_set() and not self._again.is_set() and time.monotonic() < until:
            if "watch" not in self._row.verbs or not revision:
                self._over.wait(LOOK_UP)
                continue
            query = options.Query(labels=self._query.labels, fields=self._query.fields, revision=revision)
            for event in self._client.watch_table(self._row, self._namespace, query, timeout=LOOK_UP):
                if self._over.is_set() or self._again.is_set() or event["type"] == "ERROR":
                    return
                revision = event["object"]["metadata"]["resourceVersion"]
                if event["type"] != "BOOKMARK":
                    self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        with self._lock:
            for row in event["object"]["rows"]:
                if event["type"] == "DELETED":
                    self._rows.pop(sheets.key(row), None)
                else:
                    self._rows[sheets.key(row)] = row
        self._told()

    def _told(self) -> None:
        """Say so once until somebody looks."""
        with self._lock:
            has_told, self._has_told = self._has_told, True
        if not has_told:
            self._tell(self._changed)


class Repeated:
    """Gives what `work` returns, now and every so often."""

    def __init__(self, work: Callable[[], Any], seconds: float, tell: Tell, show: Callable[[Any], None]) -> None:
        self._work, self._seconds, self._tell, self._show = work, seconds, tell, show
        self._over = threading.Event()

    def start(self) -> None:
        """Begin."""
        thread(self._run)

    def stop(self) -> None:
        """Give nothing more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                result = self._work()
            except errors.PkctlError:
                # What it is about is shown elsewhere, with its error.
                result = None
            if result is not None and not self._over.is_set():
                self._tell(functools.partial(self._show, result))
            self._over.wait(self._seconds)


class LineFeed:
    """Gives `show(lines)` the lines of a text that may go on, `ended(text)` when it doesn't, with the error if there was one."""

    def __init__(
        self,
        lines: Callable[[threading.Event], Iterator[bytes]],
        tell: Tell,
        show: Callable[[list[str]], None],
        ended: Callable[[str], None],
    ) -> None:
        self._lines, self._tell, self._show, self._ended = lines, tell, show, ended
        self._over, self._lock = threading.Event(), threading.Lock()
        self._waiting: list[str] = []

    def start(self) -> None:
        """Begin."""
        thread(self._work)

    def stop(self) -> None:
        """Show nothing more; the text is told by its event."""
        self._over.set()

    def _work(self) -> None:
        said = ""
        try:
            for line in self._lines(self._over):
                if self._over.is_set():
                    return
                self._put(line.decode(errors="replace").rstrip("\r\n"))
        except errors.PkctlError as error:
            said = str(error)
        except Exception as error:  # noqa: BLE001 -- a thread's edge: the screen says it and goes on.
            said = f"{type(error).__name__}: {error}"
        if not self._over.is_set():
            self._tell(lambda: self._ended(said))

    def _put(self, line: str) -> None:
        with self._lock:
            self._waiting.append(line)
            is_first = len(self._waiting) == 1
        if is_first:
            self._tell(self._hand_over)

    def _hand_over(self) -> None:
        """In the screen's thread: all lines that came since it last looked."""
        with self._lock:
            found, self._waiting = self._waiting, []
        if not self._over.is_set():
            self._show(found)
