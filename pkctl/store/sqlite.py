"""The store on one SQLite file with the standard library alone: the fast path of every command.

Readers share a pool of connections, writers take turns on one; write-ahead logging lets both go on at once, in any number of
processes. Not here: statements and logic (`sql`), upgrades of older files (`schema`, imported only for them).
"""

from __future__ import annotations

import _thread
import contextlib
import os
import time

from pkctl import errors
from pkctl.store import lead, sql

try:
    # All that `sqlite3` adds is the conversion of dates, for which it imports `datetime`: a twentieth of a whole `get`.
    import _sqlite3 as sqlite3
except ImportError:
    import sqlite3  # type: ignore[no-redef]

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import Any

PATIENCE = 120.0
"""Seconds a statement waits for other processes before we call one of them stuck."""

POLL = 0.025
"""Seconds between two looks at whether another process has written."""

WAL_LIMIT = 16 << 20
"""Bytes the write-ahead log is cut back to once its content has moved into the file."""

MEMORY = ":memory:"

NOTHING = -1
"""The schema version of an empty file."""

ADVICE = {
    sqlite3.SQLITE_FULL: "no space is left on its disk; free some and run the command again, nothing is lost",
    sqlite3.SQLITE_NOTADB: "this is not a pkctl cluster; move it away, or name another one with --cluster",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; keep a copy of it and go back to a backup",
    sqlite3.SQLITE_READONLY: "the file or its directory is read-only; make both writable, or name another one with --cluster",
    sqlite3.SQLITE_PERM: "permission denied; run as the file's owner, or name another one with --cluster",
    sqlite3.SQLITE_AUTH: "permission denied; run as the file's owner, or name another one with --cluster",
    sqlite3.SQLITE_BUSY: f"another process has kept it locked for {PATIENCE:.0f} s; look for a pkctl that hangs and end it",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write; check its space, its quota and the kernel's messages",
    sqlite3.SQLITE_CANTOPEN: "the file or its directory can't be opened; check that both belong to you and are writable",
}
"""What to do, by SQLite's primary error code."""

REPLACED = "somebody deleted, moved or replaced the file while it was in use; run the command again"


def open(path: str) -> Store:
    """The cluster in the file at `path`, created (with its directory) when missing; `:memory:` gives one that ends with its `close`.

    StoreError when the file can't be used: permissions, space, another program's file, a newer schema.
    """
    if path == MEMORY:
        return _scratch()
    path = os.path.abspath(path)
    _touch(path)
    store = Store(path)
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store


def _scratch() -> Store:
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="pkctl-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    store = Store(os.path.join(folder, "cluster.db"), on_close=lambda: shutil.rmtree(folder, ignore_errors=True))
    store.prepare()
    return store


def _touch(path: str) -> None:
    """Create a missing file for its owner alone; SQLite gives its companions the same mode."""
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise errors.StoreError(f"cannot create {path}: {error.strerror}; make its directory writable, or use --cluster") from error


def _identity(path: str) -> tuple[int, int]:
    """What tells a file from any other that may take its place; of none when it is gone."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _primary(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


class Store(sql.Reads):
    """`base.Store`; safe in any number of threads, each connection being used by one at a time."""

    def __init__(self, path: str, *, on_close: Callable[[], None] | None = None) -> None:
        super().__init__(self._read)
        self._path, self._on_close, self._closed = path, on_close, False
        self._free: list[sqlite3.Connection] = []
        self._turn, self._owner = _thread.allocate_lock(), 0
        self._writer: sqlite3.Connection | None = None
        self._synchronous = ""
        self._waking, self._commits = _thread.allocate_lock(), 0
        self._woken: threading.Condition | None = None
        self._poller: sqlite3.Connection | None = None
        self._polling, self._version = False, -1
        self._file: tuple[int, int] | None = None

    def prepare(self) -> None:
        """Create the tables in a new file, upgrade an older one, refuse what isn't ours."""
        connection = self._take()
        self._file = _identity(self._path)
        try:
            version = self._schema_version(connection)
            if version == NOTHING:
                self._create(connection)
            elif version < sql.VERSION:
                self._upgrade(connection)
        except sqlite3.Error as error:
            raise self._told(error) from error
        finally:
            self._rollback(connection)
            self._give_back(connection)
        if version > sql.VERSION:
            raise errors.StoreError(
                f"{self._path}: written by a newer pkctl (schema {version}, this one knows {sql.VERSION}); upgrade pkctl"
            )

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sql.Writes]:
        if self._owner == _thread.get_ident():
            raise RuntimeError("a write inside a write of the same thread would wait for itself")
        with self._turn:
            self._owner = _thread.get_ident()
            try:
                connection = self._ready_writer(durable)
                run = self._runner(connection)
                begin, commit = lambda: sql.begin(run, "BEGIN IMMEDIATE"), lambda rev: sql.commit(run, rev)
                with sql.transaction(run, begin, commit, lambda: self._rollback(connection)) as writes:
                    yield writes
            finally:
                self._owner = 0
        if writes.rev() != writes.first:
            self._wake()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sql.Reads]:
        connection = self._take()
        try:
            self._execute(connection, "BEGIN", {})
            yield sql.Reads(self._runner(connection))
        finally:
            self._rollback(connection)
            self._give_back(connection)

    def wait(self, after_rev: int, timeout: float) -> int:
        self._judge_file()
        until = time.monotonic() + timeout
        while True:
            commits = self._commits
            rev = self.rev()
            left = until - time.monotonic()
            if rev > after_rev or left <= 0:
                return rev
            self._pause(commits, left)

    def compact(self, rev: int, prefix: str = "") -> None:
        with self.write(durable=False) as writes:
            writes.compact(rev, prefix)
        connection = self._take()
        try:
            # A script steps through all free pages, where a statement would give back one.
            connection.executescript("PRAGMA incremental_vacuum")
        except sqlite3.Error as error:
            raise self._told(error) from error
        finally:
            self._give_back(connection)

    def lead(self, *, timeout: float = 0) -> AbstractContextManager[bool]:
        return lead.hold(self._path + ".lead", timeout)

    def lead_holder(self) -> str:
        return lead.holder(self._path + ".lead")

    def place(self) -> str:
        return self._path

    def close(self) -> None:
        self._closed = True
        self._drain()
        with self._turn:
            if self._writer is not None:
                self._writer.close()
            self._writer = None
        self._wake()
        if self._woken is not None:
            with self._woken:
                self._end_polling()
        if self._on_close is not None:
            self._on_close()

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise errors.StoreError(f"{self._path}: used after it was closed")
        self._judge_file()
        try:
            return sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _judge_file(self) -> None:
        """StoreError when the path leads to another file by now: a new connection would be to another cluster than the ones before."""
        if self._file is not None and not self._closed and _identity(self._path) != self._file:
            raise errors.StoreError(f"{self._path}: {REPLACED}")

    def _take(self) -> sqlite3.Connection:
        """A connection nobody else uses; the taker gives it back."""
        try:
            return self._free.pop()
        except IndexError:
            return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        self._free.append(connection)
        if self._closed:
            self._drain()

    def _drain(self) -> None:
        """Close what nobody uses: closing a connection in the middle of another thread's statement would end the process."""
        with contextlib.suppress(IndexError):
            while True:
                self._free.pop().close()

    def _read(self, statement: str, binds: Mapping[str, Any]) -> list[Any]:
        connection = self._take()
        try:
            return self._execute(connection, statement, binds)
        finally:
            self._give_back(connection)

    def _execute(self, connection: sqlite3.Connection, statement: str, binds: Mapping[str, Any]) -> list[Any]:
        try:
            return connection.execute(statement, binds).fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _runner(self, connection: sqlite3.Connection) -> sql.Run:
        return lambda statement, binds: self._execute(connection, statement, binds)

    def _rollback(self, connection: sqlite3.Connection) -> None:
        # A full disk makes SQLite roll back by itself; what can't be rolled back now is when the file is next opened.
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _ready_writer(self, durable: bool) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = self._connect()
            self._execute(self._writer, f"PRAGMA journal_size_limit = {WAL_LIMIT}", {})
        synchronous = "FULL" if durable else "NORMAL"
        if synchronous != self._synchronous:
            self._execute(self._writer, f"PRAGMA synchronous = {synchronous}", {})
            self._synchronous = synchronous
        return self._writer

    def _told(self, error: sqlite3.Error) -> errors.StoreError:
        advice = ADVICE.get(_primary(error))
        return errors.StoreError(f"{self._path}: {advice} ({error})" if advice else f"{self._path}: {error}")

    def _wake(self) -> None:
        self._commits += 1
        if self._woken is not None:
            with self._woken:
                self._woken.notify_all()

    def _bell(self) -> threading.Condition:
        """What waiters listen to, made for the first of them: most commands wait for nothing, and need no `threading`."""
        import threading

        with self._waking:
            self._woken = self._woken or threading.Condition()
        return self._woken

    def _pause(self, commits: int, left: float) -> None:
        """Wait until something may have been written: one waiter looks at the file, the others wait for its word or a commit here."""
        bell = self._bell()
        with bell:
            if self._polling:
                bell.wait_for(lambda: self._commits != commits, left)
                return
            self._polling = True
        try:
            self._poll(commits, left)
        finally:
            with bell:
                self._polling = False
                self._end_polling()
            self._wake()

    def _end_polling(self) -> None:
        """Close the poller of a closed store, once nobody looks through it."""
        if self._closed and not self._polling and self._poller is not None:
            self._poller.close()
            self._poller = None

    def _poll(self, commits: int, left: float) -> None:
        until, bell = time.monotonic() + left, self._bell()
        if self._poller is None:
            self._poller = self._connect()
        while True:
            version = self._execute(self._poller, "PRAGMA data_version", {})[0][0]
            left = until - time.monotonic()
            if version != self._version or left <= 0:
                self._version = version
                return
            with bell:
                if self._commits != commits:
                    return
                bell.wait(min(POLL, left))

    def _schema_version(self, connection: sqlite3.Connection) -> int:
        try:
            rows = connection.execute(sql.SCHEMA).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if "heads" in tables:
                # Another process made the cluster between the two questions.
                return self._schema_version(connection)
            if tables:
                raise errors.StoreError(f"{self._path}: {ADVICE[sqlite3.SQLITE_NOTADB]} (it holds another program's tables)") from error
            return NOTHING
        return int(rows[0][0]) if rows else 0

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        self._log_ahead(connection)
        connection.execute("BEGIN IMMEDIATE")
        if self._schema_version(connection) == NOTHING:
            for statement in (*sql.TABLES, *sql.FIRST_HEADS):
                connection.execute(statement)
        connection.execute("COMMIT")

    def _log_ahead(self, connection: sqlite3.Connection) -> None:
        """Switch to write-ahead logging; SQLite does not wait by itself for others that do the same."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _primary(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(POLL / 5)

    def _upgrade(self, connection: sqlite3.Connection) -> None:
        from pkctl.store import schema

        connection.execute("BEGIN IMMEDIATE")
        schema.migrate(self._runner(connection), self._schema_version(connection), "sqlite")
        connection.execute("COMMIT")
