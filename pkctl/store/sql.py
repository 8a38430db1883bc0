"""The store's logic, and each SQL statement once, as text with `:name` binds that SQLite and PostgreSQL both read.

`entries` holds what is current. `log` holds, for each revision, what that revision replaced, so every text is stored once:
what a change wrote is the next log row's `was` for the same key, or the entry. Forgetting is deleting old log rows and raising
a floor. Not here: connections, locks, waiting (`sqlite`, `alchemy`); what the tables are called and how they came about (`schema`).
"""

from __future__ import annotations

import contextlib

from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    Run = Callable[[str, Mapping[str, Any]], list[Any]]
    """Executes one statement with its binds and returns all its rows."""

VERSION = 1
"""The schema version this code reads and writes."""

KEEP_BEATS = 500
"""How many of the newest `keep=False` log rows stay at least; trimming starts at twice as many."""

LAST = "\U0010ffff"
"""Sorts after every character a key may hold."""

TABLES = (
    'CREATE TABLE entries ( "key" TEXT NOT NULL, rev INTEGER NOT NULL, beat SMALLINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY ("key") )',
    "CREATE TABLE floors ( prefix TEXT NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (prefix) )",
    "CREATE TABLE heads ( name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (name) )",
    'CREATE TABLE log ( rev INTEGER NOT NULL, "key" TEXT NOT NULL, beat SMALLINT NOT NULL, was_rev INTEGER NOT NULL, was TEXT, '
    "PRIMARY KEY (rev) )",
    "CREATE TABLE marks ( name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name) )",
    "CREATE INDEX log_beats ON log (rev) WHERE beat = 1",
    'CREATE INDEX log_keys ON log ("key", rev)',
)
"""What `schema` generates for SQLite, copied so that a new file needs no SQLAlchemy; a test holds the two together."""

FIRST_HEADS = ("INSERT INTO heads (name, value) VALUES ('rev', 0)", f"INSERT INTO heads (name, value) VALUES ('schema', {VERSION})")

SCHEMA = "SELECT value FROM heads WHERE name = 'schema'"
REV = "SELECT value FROM heads WHERE name = 'rev'"
SET_REV = "UPDATE heads SET value = :rev WHERE name = 'rev'"

GET = "SELECT key, text, rev FROM entries WHERE key = :key"
GET_AT = """SELECT key, text, rev FROM entries WHERE key = :key AND rev <= :at
UNION ALL SELECT key, was, was_rev FROM log WHERE key = :key AND rev > :at AND was_rev <= :at AND was IS NOT NULL"""

RANGE = "key >= :low AND key > :after AND key < :high"
LIST = f"SELECT key, text, rev FROM entries WHERE {RANGE} ORDER BY key"
# The empty text keeps the log's key index out: who asks for the past mostly asks for the moment before, so few rows are above `at`.
LOG_RANGE = "rev > :at AND was_rev <= :at AND was IS NOT NULL AND key || '' >= :low AND key || '' > :after AND key || '' < :high"
LIST_AT = f"""SELECT key, text, rev FROM entries WHERE {RANGE} AND rev <= :at
UNION ALL SELECT key, was, was_rev FROM log WHERE {LOG_RANGE} ORDER BY key"""
COUNT = f"SELECT count(*) FROM entries WHERE {RANGE}"
COUNT_AT = f"""SELECT (SELECT count(*) FROM entries WHERE {RANGE} AND rev <= :at)
+ (SELECT count(*) FROM log WHERE {LOG_RANGE})"""

CHANGES = """SELECT l.key, l.rev, CASE WHEN n.rev IS NULL THEN e.text ELSE n.was END, l.was
FROM log l LEFT JOIN log n ON n.rev = (SELECT min(m.rev) FROM log m WHERE m.key = l.key AND m.rev > l.rev)
LEFT JOIN entries e ON e.key = l.key WHERE l.rev > :after_rev"""
HISTORY = """SELECT key, was, was_rev AS rev FROM log WHERE key = :key AND was IS NOT NULL
UNION ALL SELECT key, text, rev FROM entries WHERE key = :key ORDER BY rev"""

MARK = "SELECT text FROM marks WHERE name = :name"
MARKS = "SELECT name, text FROM marks WHERE name >= :low AND name < :high ORDER BY name"
SET_MARK = "INSERT INTO marks (name, text) VALUES (:name, :text) ON CONFLICT (name) DO UPDATE SET text = excluded.text"
DROP_MARK = "DELETE FROM marks WHERE name = :name"

HELD = "SELECT text, rev, beat FROM entries WHERE key = :key"
LOG = "INSERT INTO log (rev, key, beat, was_rev, was) VALUES (:rev, :key, :beat, :was_rev, :was)"
PUT = """INSERT INTO entries (key, rev, beat, text) VALUES (:key, :rev, :beat, :text)
ON CONFLICT (key) DO UPDATE SET rev = excluded.rev, beat = excluded.beat, text = excluded.text"""
DELETE = "DELETE FROM entries WHERE key = :key"

FLOORS = "SELECT prefix, rev FROM floors WHERE rev > :rev"
SET_FLOOR = """INSERT INTO floors (prefix, rev) VALUES (:prefix, :rev)
ON CONFLICT (prefix) DO UPDATE SET rev = CASE WHEN excluded.rev > floors.rev THEN excluded.rev ELSE floors.rev END"""
DROP_FLOORS = "DELETE FROM floors WHERE prefix > :low AND prefix < :high AND rev <= :rev"
FORGET = "DELETE FROM log WHERE rev <= :rev AND key >= :low AND key < :high"

BEATS = "SELECT count(*) FROM log WHERE beat = 1"
OLD_BEATS = """SELECT key, rev FROM log WHERE beat = 1
AND rev <= (SELECT rev FROM log WHERE beat = 1 ORDER BY rev DESC LIMIT 1 OFFSET :keep) ORDER BY rev"""
DROP_BEATS = "DELETE FROM log WHERE beat = 1 AND rev <= :rev"


def under(prefix: str, after: str = "") -> dict[str, Any]:
    """The binds of RANGE."""
    return {"low": max(prefix, after), "high": prefix + LAST, "after": after}


def kind_prefix(key: str) -> str:
    """A key's first segment with its slash: where the floor of a trimmed beat is kept."""
    return key[: key.find("/") + 1]


class Reads:
    """`base.Reader` over a function that runs statements; each answer comes from one statement, so it is consistent in itself."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def rev(self) -> int:
        return int(self._run(REV, {})[0][0])

    def get(self, key: str, at: int | None = None) -> base.Entry | None:
        rows = self._run(GET, {"key": key}) if at is None else self._run(GET_AT, {"key": key, "at": at})
        if at is not None:
            self._check_floors(at, (key,))
        return base.Entry(*rows[0]) if rows else None

    def list(self, prefix: str, *, at: int | None = None, limit: int = 0, after: str = "") -> list[base.Entry]:
        binds = {**under(prefix, after), "at": at, "limit": limit}
        statement = (LIST if at is None else LIST_AT) + (" LIMIT :limit" if limit else "")
        rows = self._run(statement, binds)
        if at is not None:
            self._check_floors(at, (prefix,))
        return [base.Entry(*row) for row in rows]

    def count(self, prefix: str, *, at: int | None = None, after: str = "") -> int:
        found = self._run(COUNT if at is None else COUNT_AT, {**under(prefix, after), "at": at})[0][0]
        if at is not None:
            self._check_floors(at, (prefix,))
        return int(found)

    def changes(self, after_rev: int, prefixes: Sequence[str] = ("",), *, limit: int = 0) -> base.Changes:
        binds: dict[str, Any] = {"after_rev": after_rev, "limit": limit}
        ranges = []
        for number, prefix in enumerate(() if "" in prefixes else prefixes):
            binds |= {f"low{number}": prefix, f"high{number}": prefix + LAST}
            ranges.append(f"l.key >= :low{number} AND l.key < :high{number}")
        where = f" AND ({' OR '.join(ranges)})" if ranges else ""
        rows = self._run(f"{CHANGES}{where} ORDER BY l.rev{' LIMIT :limit' if limit else ''}", binds)
        self._check_floors(after_rev, prefixes)
        return [base.Change(*row) for row in rows]

    def history(self, key: str) -> Iterator[base.Entry]:
        return (base.Entry(*row) for row in self._run(HISTORY, {"key": key}))

    def mark(self, name: str) -> str | None:
        rows = self._run(MARK, {"name": name})
        return rows[0][0] if rows else None

    def marks(self, prefix: str) -> dict[str, str]:
        return dict(self._run(MARKS, {"low": prefix, "high": prefix + LAST}))

    def _check_floors(self, rev: int, prefixes: Sequence[str]) -> None:
        """Raise Compacted when a floor above `rev` touches a prefix; asked after the rows, so that no forgetting slips between."""
        for floor_prefix, floor in self._run(FLOORS, {"rev": rev}):
            if any(prefix.startswith(floor_prefix) or floor_prefix.startswith(prefix) for prefix in prefixes):
                raise base.Compacted(rev, floor)


class Writes(Reads):
    """`base.Transaction`, between an engine's BEGIN and COMMIT; the revision counter is written back once, by `finish`."""

    def __init__(self, run: Run, rev: int) -> None:
        super().__init__(run)
        self.first = self._rev = rev
        self._beats = False
        self._depth = 0

    def rev(self) -> int:
        return self._rev

    def put(self, key: str, text: str, expect: int = base.ANY, *, keep: bool = True) -> int:
        was, was_rev, _ = self._held(key, expect)
        self._log(key, was, was_rev, 0 if keep else 1)
        self._run(PUT, {"key": key, "rev": self._rev, "beat": 0 if keep else 1, "text": text})
        return self._rev

    def delete(self, key: str, expect: int = base.ANY) -> int:
        was, was_rev, beat = self._held(key, expect)
        if was is None:
            raise base.Mismatch(key, expect, 0)
        self._log(key, was, was_rev, beat)
        self._run(DELETE, {"key": key})
        return self._rev

    def set_mark(self, name: str, text: str | None) -> None:
        self._run(DROP_MARK if text is None else SET_MARK, {"name": name, "text": text})

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        before, name = self._rev, f"inner{self._depth}"
        self._depth += 1
        self._run(f"SAVEPOINT {name}", {})
        try:
            yield
        except BaseException:
            self._run(f"ROLLBACK TO SAVEPOINT {name}", {})
            self._rev = before
            raise
        finally:
            self._run(f"RELEASE SAVEPOINT {name}", {})
            self._depth -= 1

    def compact(self, rev: int, prefix: str = "") -> None:
        """`base.Store.compact`, inside this transaction."""
        binds = {"rev": min(rev, self._rev), "low": prefix, "high": prefix + LAST, "prefix": prefix}
        for statement in (FORGET, DROP_FLOORS, SET_FLOOR):
            self._run(statement, binds)

    def finish(self) -> int | None:
        """Trim what beats; the counter's new value, None when nothing was written. The engine stores it and commits next."""
        if self._beats and self._run(BEATS, {})[0][0] >= 2 * KEEP_BEATS:
            self._trim()
        return None if self._rev == self.first else self._rev

    def end(self) -> None:
        """Make every later use fail: the transaction is over."""
        self._run = _ended

    def _held(self, key: str, expect: int) -> tuple[str | None, int, int]:
        rows = self._run(HELD, {"key": key})
        was, rev, beat = rows[0] if rows else (None, 0, 0)
        if expect not in (base.ANY, rev):
            raise base.Mismatch(key, expect, rev)
        return was, rev, beat

    def _log(self, key: str, was: str | None, was_rev: int, beat: int) -> None:
        self._rev += 1
        self._beats = self._beats or bool(beat)
        self._run(LOG, {"rev": self._rev, "key": key, "beat": beat, "was_rev": was_rev, "was": was})

    def _trim(self) -> None:
        floors = {kind_prefix(key): rev for key, rev in self._run(OLD_BEATS, {"keep": KEEP_BEATS})}
        self._run(DROP_BEATS, {"rev": max(floors.values())})
        for prefix, rev in floors.items():
            self._run(SET_FLOOR, {"prefix": prefix, "rev": rev})


def _ended(_statement: str, _binds: Mapping[str, Any]) -> list[Any]:
    raise RuntimeError("a store transaction was used after its end")


def begin(run: Run, *statements: str) -> int:
    """Run the statements that begin a write transaction; the revision counter."""
    for statement in statements:
        run(statement, {})
    return int(run(REV, {})[0][0])


def commit(run: Run, rev: int | None) -> None:
    """Store the counter when it has moved, and commit."""
    if rev is not None:
        run(SET_REV, {"rev": rev})
    run("COMMIT", {})


@contextlib.contextmanager
def transaction(run: Run, begin: Callable[[], int], commit: Callable[[int | None], None], rollback: Callable[[], None]) -> Iterator[Writes]:
    """One write transaction on one connection: `begin` answers the counter, `commit` is given its new value, or `rollback`."""
    writes = None
    try:
        writes = Writes(run, begin())
        yield writes
        commit(writes.finish())
    except BaseException:
        rollback()
        raise
    finally:
        if writes is not None:
            writes.end()
