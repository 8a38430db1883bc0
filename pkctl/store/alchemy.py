"""The store on any engine SQLAlchemy reaches: PostgreSQL for clusters several machines share, SQLite to prove the two the same.

Transactions are begun and ended by the statements of `sql`, so connections are in autocommit mode. Not here: statements, tables.
"""

from __future__ import annotations

import contextlib
import functools
import select
import threading
import time

import sqlalchemy
from sqlalchemy import exc

from pkctl import errors
from pkctl.store import lead, schema, sql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import Any

POLL = 0.025
"""Seconds between two looks for a lead, or for a write where the engine can't tell us."""

PATIENCE = 120.0
"""Seconds a statement of SQLite waits for other processes."""

LEAD_SPACE = 0x706B
"""Keeps our advisory locks apart from other programs'; the second half is the schema's name."""

TRY_LEAD = f"SELECT pg_try_advisory_lock({LEAD_SPACE}, hashtext(current_schema()))"
SIGN_LEAD = "SELECT set_config('application_name', :name, false)"
LEAD_HOLDER = f"""SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND l.classid = {LEAD_SPACE} AND l.objid::bigint = (hashtext(current_schema())::bigint & 4294967295) AND l.objsubid = 2"""
CHANNEL = "pkctl"
LOOK = 1.0
"""Seconds that a waiting connection is told nothing before it looks for itself."""

ONE_CREATOR = f"SELECT pg_advisory_xact_lock({LEAD_SPACE + 1}, hashtext(current_schema()))"


def open(url: str) -> Store:
    """The cluster at an SQLAlchemy URL, its tables created when the database has none.

    StoreError when the database can't be reached or used, or was written by a newer pkctl.
    """
    try:
        parsed = sqlalchemy.make_url(url)
    except exc.ArgumentError as error:
        raise errors.StoreError(f"{url}: not a database URL; write postgresql://USER@HOST/DATABASE") from error
    dialect = {"postgresql": Postgres, "postgres": Postgres, "sqlite": Dialect}.get(parsed.get_backend_name())
    if dialect is None:
        raise errors.StoreError(f"{parsed.render_as_string()}: pkctl keeps clusters in SQLite and PostgreSQL only")
    with told(parsed.render_as_string()):
        store = Store(dialect(parsed))
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store


class Dialect:
    """What differs between engines; this one is SQLite."""

    name = "sqlite"
    reading = "BEGIN"
    has_tables = "SELECT count(*) FROM sqlite_master WHERE name = 'heads'"

    def __init__(self, url: sqlalchemy.URL) -> None:
        self.place = url.database or ""
        self.engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"timeout": PATIENCE})

    def begin(self, connection: sqlalchemy.Connection, *, durable: bool) -> int:
        """Begin a write transaction and wait for its turn; the revision counter. StoreError for a leader that has lost its lead."""
        run = runner(connection, self.place)
        return sql.begin(run, f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}", "BEGIN IMMEDIATE")

    def commit(self, connection: sqlalchemy.Connection, rev: int | None) -> None:
        """Commit, telling waiting processes when there is a new revision."""
        sql.commit(runner(connection, self.place), rev)

    def creating(self) -> tuple[str, ...]:
        """The statements that begin a transaction which may create tables, one creator at a time."""
        return ("PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE")

    def listen(self, run: sql.Run) -> None:
        """Prepare a connection for `pause`."""

    def ignore(self, run: sql.Run) -> None:
        """Undo `listen`."""

    def pause(self, connection: sqlalchemy.Connection, seconds: float) -> None:  # noqa: ARG002
        """Wait for at most `seconds` until something may have been written since the connection was last used."""
        time.sleep(min(seconds, POLL))

    def lead(self, timeout: float) -> AbstractContextManager[bool]:
        """`base.Store.lead`."""
        return lead.hold(self.place + ".lead", timeout)

    def lead_holder(self) -> str:
        """`base.Store.lead_holder`."""
        return lead.holder(self.place + ".lead")


class Postgres(Dialect):
    """PostgreSQL through psycopg: the row lock on the counter makes writers take turns, NOTIFY wakes who waits.

    What begins and what ends a transaction are one trip to the server each.
    """

    name = "postgresql"
    reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    has_tables = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('heads')"

    def __init__(self, url: sqlalchemy.URL) -> None:
        self.place = url.render_as_string(hide_password=True)
        psycopg = url.set(drivername="postgresql+psycopg")
        self.engine = sqlalchemy.create_engine(psycopg, isolation_level="AUTOCOMMIT", pool_pre_ping=True, pool_size=8, max_overflow=-1)
        self._leading: Any = None

    def begin(self, connection: sqlalchemy.Connection, *, durable: bool) -> int:
        statements = ["BEGIN", *([] if durable else ["SET LOCAL synchronous_commit = off"]), f"{sql.REV} FOR UPDATE"]
        rev = self._together(connection.connection.dbapi_connection, *statements)
        if self._leading is not None:
            self._check_lead()
        return int(rev)

    def _check_lead(self) -> None:
        """Raise when the session that holds the lead is gone: who leads now may write as soon as this transaction has ended."""
        try:
            self._together(self._leading, "SELECT 1")
        except errors.StoreError as error:
            text = "the connection that held the lead was lost, and the lead with it; run the command again"
            raise errors.StoreError(f"{self.place}: {text}") from error

    def commit(self, connection: sqlalchemy.Connection, rev: int | None) -> None:
        moved = [] if rev is None else [f"UPDATE heads SET value = {rev:d} WHERE name = 'rev'", f"NOTIFY {CHANNEL}"]
        self._together(connection.connection.dbapi_connection, *moved, "COMMIT")

    def _together(self, driver: Any, *statements: str) -> Any:
        """Run statements without binds in one trip, which SQLAlchemy can't; the one value that one of them answers, else None."""
        found = None
        try:
            with driver.cursor() as cursor:
                cursor.execute("; ".join(statements), prepare=False)
                more = True
                while more:
                    found = cursor.fetchone()[0] if cursor.description else found
                    more = cursor.nextset()
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise errors.StoreError(f"{self.place}: {_first_line(error)}; check that the database runs, and its URL") from error
        return found

    def creating(self) -> tuple[str, ...]:
        return ("BEGIN", ONE_CREATOR)

    def listen(self, run: sql.Run) -> None:
        run(f"LISTEN {CHANNEL}", {})

    def ignore(self, run: sql.Run) -> None:
        run(f"UNLISTEN {CHANNEL}", {})

    def pause(self, connection: sqlalchemy.Connection, seconds: float) -> None:
        driver: Any = connection.connection.dbapi_connection
        # What is told here is read, and thrown away, by the connection's next statement; what was told together with the last
        # statement's answer has gone that way already, so nobody waits for long without looking.
        select.select([driver.fileno()], [], [], min(seconds, LOOK))

    @contextlib.contextmanager
    def lead(self, timeout: float) -> Iterator[bool]:
        until = time.monotonic() + timeout
        with connected(self.engine, self.place) as connection:
            run = runner(connection, self.place)
            while not (held := bool(run(TRY_LEAD, {})[0][0])) and time.monotonic() < until:
                time.sleep(POLL)
            if held:
                run(SIGN_LEAD, {"name": lead.identity()})
                self._leading = connection.connection.dbapi_connection
            try:
                yield held
            finally:
                if held:
                    self._leading = None
                # The server drops the lock with its session; a session that used to lead is never pooled again.
                connection.invalidate()

    def lead_holder(self) -> str:
        with connected(self.engine, self.place) as connection:
            rows = runner(connection, self.place)(LEAD_HOLDER, {})
        return str(rows[0][0]) if rows else ""


@contextlib.contextmanager
def connected(engine: sqlalchemy.Engine, place: str) -> Iterator[sqlalchemy.Connection]:
    """A connection of the pool's; StoreError when there is none to be had."""
    with told(place):
        connection = engine.connect()
    with connection:
        yield connection


def runner(connection: sqlalchemy.Connection, place: str) -> sql.Run:
    """Run statements on a connection; every failure of the engine becomes a StoreError."""

    def run(statement: str, binds: Mapping[str, Any]) -> list[Any]:
        with told(place):
            result = connection.execute(clause(statement), binds)
            return list(result) if result.returns_rows else []

    return run


@functools.cache
def clause(statement: str) -> sqlalchemy.TextClause:
    """The statement as SQLAlchemy wants it; there are only as many as `sql` composes."""
    return sqlalchemy.text(statement)


@contextlib.contextmanager
def told(place: str) -> Iterator[None]:
    """The one place where SQLAlchemy's errors become ours."""
    try:
        yield
    except exc.OperationalError as error:
        raise errors.StoreError(f"{place}: {_first_line(error)}; check that the database runs, and its URL") from error
    except ImportError as error:
        raise errors.StoreError(f"{place}: {error}; install pkctl with its postgresql extra") from error
    except exc.SQLAlchemyError as error:
        raise errors.StoreError(f"{place}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]


class Store(sql.Reads):
    """`base.Store`; each call takes a connection from the engine's pool."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(self._read)
        self._dialect = dialect
        self._place = dialect.place
        self._owner = threading.local()

    def prepare(self) -> None:
        """Create the tables in an empty database, upgrade older ones, refuse newer ones."""
        with self._connect() as connection:
            run = runner(connection, self._place)
            if run(self._dialect.has_tables, {})[0][0] and self._version(run) == sql.VERSION:
                return
            try:
                for statement in self._dialect.creating():
                    run(statement, {})
                self._bring_up(run)
                run("COMMIT", {})
            except BaseException:
                rollback(connection)
                raise

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sql.Writes]:
        if getattr(self._owner, "writes", False):
            raise RuntimeError("a write inside a write of the same thread would wait for itself")
        dialect = self._dialect
        self._owner.writes = True
        try:
            with self._connect() as connection:
                run, undo = runner(connection, self._place), functools.partial(rollback, connection)
                begin = functools.partial(dialect.begin, connection, durable=durable)
                with sql.transaction(run, begin, functools.partial(dialect.commit, connection), undo) as writes:
                    yield writes
        finally:
            self._owner.writes = False

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sql.Reads]:
        with self._connect() as connection:
            run = runner(connection, self._place)
            run(self._dialect.reading, {})
            try:
                yield sql.Reads(run)
            finally:
                rollback(connection)

    def wait(self, after_rev: int, timeout: float) -> int:
        until = time.monotonic() + timeout
        with self._connect() as connection:
            run = runner(connection, self._place)
            self._dialect.listen(run)
            while (rev := sql.Reads(run).rev()) <= after_rev and (left := until - time.monotonic()) > 0:
                self._dialect.pause(connection, left)
            self._dialect.ignore(run)
        return rev

    def compact(self, rev: int, prefix: str = "") -> None:
        with self.write(durable=False) as writes:
            writes.compact(rev, prefix)

    def lead(self, *, timeout: float = 0) -> AbstractContextManager[bool]:
        return self._dialect.lead(timeout)

    def lead_holder(self) -> str:
        return self._dialect.lead_holder()

    def place(self) -> str:
        return self._place

    def close(self) -> None:
        self._dialect.engine.dispose()

    def _connect(self) -> AbstractContextManager[sqlalchemy.Connection]:
        return connected(self._dialect.engine, self._place)

    def _read(self, statement: str, binds: Mapping[str, Any]) -> list[Any]:
        with self._connect() as connection:
            return runner(connection, self._place)(statement, binds)

    def _version(self, run: sql.Run) -> int:
        rows = run(sql.SCHEMA, {})
        version = int(rows[0][0]) if rows else 0
        if version > sql.VERSION:
            raise errors.StoreError(
                f"{self._place}: written by a newer pkctl (schema {version}, this one knows {sql.VERSION}); upgrade pkctl"
            )
        return version

    def _bring_up(self, run: sql.Run) -> None:
        if run(self._dialect.has_tables, {})[0][0]:
            schema.migrate(run, self._version(run), self._dialect.name)
        else:
            schema.create(run, self._dialect.name)


def rollback(connection: sqlalchemy.Connection) -> None:
    """Undo what was begun; a connection that can't is thrown away, and the server undoes it."""
    try:
        connection.exec_driver_sql("ROLLBACK")
    except exc.SQLAlchemyError:
        connection.invalidate()
