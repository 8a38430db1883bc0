"""The tables, defined with SQLAlchemy for every engine, and the way from each older schema version to this one.

`sql.TABLES` is what this module generates for SQLite (`python -m pkctl.store.schema` prints it). Not here: statements.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, Table, Text, create_mock_engine

from pkctl.store import sql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Keys are ordered by their bytes on every engine; SQLite does so by itself, and its row id must be called INTEGER.
NAME = Text().with_variant(Text(collation="C"), "postgresql")
REVISION = BigInteger().with_variant(Integer(), "sqlite")

TABLES = MetaData()

ENTRIES = Table(
    "entries",
    TABLES,
    Column("key", NAME, primary_key=True),
    Column("rev", REVISION, nullable=False),
    Column("beat", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),
)
"""What is current."""
LOG = Table(
    "log",
    TABLES,
    Column("rev", REVISION, primary_key=True, autoincrement=False),
    Column("key", NAME, nullable=False),
    Column("beat", SmallInteger, nullable=False),
    Column("was_rev", REVISION, nullable=False),
    Column("was", Text),
)
"""What each revision replaced: nothing for a creation."""
Index("log_keys", LOG.c.key, LOG.c.rev)
Index("log_beats", LOG.c.rev, sqlite_where=LOG.c.beat == 1, postgresql_where=LOG.c.beat == 1)
FLOORS = Table(
    "floors",
    TABLES,
    Column("prefix", NAME, primary_key=True),
    Column("rev", REVISION, nullable=False),
)
"""Up to which revision log rows under a prefix are gone."""
HEADS = Table(
    "heads",
    TABLES,
    Column("name", NAME, primary_key=True),
    Column("value", REVISION, nullable=False),
)
"""The revision counter and the schema version."""
MARKS = Table(
    "marks",
    TABLES,
    Column("name", NAME, primary_key=True),
    Column("text", Text, nullable=False),
)
"""Small texts outside the log."""

MIGRATIONS: dict[int, tuple[str, ...]] = {
    # Version 0 had no bounded retention: nothing beat, nothing was ever forgotten.
    0: (
        "ALTER TABLE entries ADD COLUMN beat SMALLINT NOT NULL DEFAULT 0",
        "ALTER TABLE log ADD COLUMN beat SMALLINT NOT NULL DEFAULT 0",
        "CREATE INDEX log_beats ON log (rev) WHERE beat = 1",
        "CREATE TABLE floors (prefix TEXT{collate} NOT NULL, rev BIGINT NOT NULL, PRIMARY KEY (prefix))",
    ),
}
"""From each older version to the next, in statements for every engine."""

SET_SCHEMA = "INSERT INTO heads (name, value) VALUES ('schema', :version) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def ddl(dialect: str) -> tuple[str, ...]:
    """The CREATE statements of a fresh cluster for `sqlite` or `postgresql`."""
    found: list[str] = []

    def note(statement: Any, *_: Any) -> None:
        found.append(" ".join(str(statement.compile(dialect=engine.dialect)).split()))

    engine = create_mock_engine(f"{dialect}://", note)
    TABLES.create_all(engine, checkfirst=False)
    return tuple(sorted(found, key=lambda text: (text.startswith("CREATE INDEX"), text)))


def create(run: sql.Run, dialect: str) -> None:
    """Create every table in an empty database; the caller commits."""
    for statement in (*ddl(dialect), *sql.FIRST_HEADS):
        run(statement, {})


def migrate(run: sql.Run, version: int, dialect: str) -> None:
    """Bring tables of an older `version` up to this one; the caller holds a write transaction and commits."""
    collate = ' COLLATE "C"' if dialect == "postgresql" else ""
    for step in range(version, sql.VERSION):
        for statement in MIGRATIONS[step]:
            run(statement.format(collate=collate), {})
    if version < sql.VERSION:
        run(SET_SCHEMA, {"version": sql.VERSION})


if __name__ == "__main__":
    print(",\n".join(repr(statement) for statement in ddl("sqlite")))
