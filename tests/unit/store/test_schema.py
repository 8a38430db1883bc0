"""The tables: one definition for every engine, and the way from older files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pkctl.store import alchemy, base, schema, sql, sqlite

VERSION_0 = """
CREATE TABLE entries (key TEXT NOT NULL, rev INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (key));
CREATE TABLE heads (name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (name));
CREATE TABLE log (rev INTEGER NOT NULL, key TEXT NOT NULL, was_rev INTEGER NOT NULL, was TEXT, PRIMARY KEY (rev));
CREATE TABLE marks (name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name));
CREATE INDEX log_keys ON log (key, rev);
INSERT INTO heads (name, value) VALUES ('rev', 2);
INSERT INTO entries (key, rev, text) VALUES ('pods/a/one', 2, 'second');
INSERT INTO log (rev, key, was_rev, was) VALUES (1, 'pods/a/one', 0, NULL), (2, 'pods/a/one', 1, 'first');
INSERT INTO marks (name, text) VALUES ('cursor', '2');
"""


@pytest.fixture
def old_file(tmp_path: Path) -> str:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_0)
    connection.close()
    return str(path)


OPENINGS = {"sqlite": sqlite.open, "sqlalchemy": lambda path: alchemy.open(f"sqlite:///{path}")}


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_version_0_file_keeps_everything(old_file: str, opening: Callable[[str], base.Store]) -> None:
    store = opening(old_file)
    assert [(change.rev, change.text, change.before) for change in store.changes(0)] == [(1, "first", None), (2, "second", "first")]
    assert (store.rev(), store.mark("cursor")) == (2, "2")
    store.close()


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_version_0_file_can_be_written_and_trimmed(old_file: str, opening: Callable[[str], base.Store]) -> None:
    store = opening(old_file)
    with store.write() as tx:
        for number in range(2 * sql.KEEP_BEATS + 1):
            tx.put("leases/a/b", str(number), keep=False)
    with pytest.raises(base.Compacted):
        store.changes(2, ("leases/",))
    assert len(store.changes(0, ("pods/",))) == 2
    store.close()


def columns(path: str) -> dict[str, set[tuple[str, str]]]:
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: {(row[1], row[2].replace("BIGINT", "INTEGER")) for row in connection.execute(f"PRAGMA table_info({name})")} for name in names
    }
    connection.close()
    return found


def test_an_upgraded_file_has_the_tables_of_a_new_one(old_file: str, tmp_path: Path) -> None:
    sqlite.open(old_file).close()
    sqlite.open(str(tmp_path / "new.db")).close()
    assert columns(old_file) == columns(str(tmp_path / "new.db"))


def test_there_is_a_way_from_every_older_version() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(sql.VERSION))


def test_the_copied_statements_are_what_the_tables_generate() -> None:
    assert schema.ddl("sqlite") == sql.TABLES


def test_postgresql_orders_keys_by_their_bytes() -> None:
    texts = [text for text in schema.ddl("postgresql") if "key" in text and text.startswith("CREATE TABLE")]
    assert all('COLLATE "C"' in text for text in texts)
