"""The SQLite file: whom it belongs to, and what is said when it can't be used."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pkctl import errors
from pkctl.store import sql, sqlite


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(path: Path) -> str:
    with pytest.raises(errors.StoreError) as caught:
        sqlite.open(str(path)).close()
    return str(caught.value)


def test_the_file_and_its_companions_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "share" / "pkctl" / "cluster.db"
    before = os.umask(0)
    try:
        store = sqlite.open(str(path))
        with store.write() as tx, store.lead():
            tx.put("a", "x")
    finally:
        os.umask(before)
    modes = {each.name: mode(each) for each in path.parent.iterdir()}
    store.close()
    assert modes == dict.fromkeys(("cluster.db", "cluster.db-wal", "cluster.db-shm", "cluster.db.lead"), 0o600)
    assert mode(path.parent) == 0o700


def test_an_existing_directory_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    sqlite.open(str(tmp_path / "c.db")).close()
    assert mode(tmp_path) == 0o755


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database\n" * 100)
    assert (
        refusal(path) == f"{path}: this is not a pkctl cluster; move it away, or name another one with --cluster (file is not a database)"
    )
    assert path.read_text().startswith("these are my notes")


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "songs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name)")
    connection.close()
    before = path.read_bytes()
    assert "this is not a pkctl cluster" in refusal(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    sqlite.open(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE heads SET value = 99 WHERE name = 'schema'")
    connection.close()
    assert refusal(path) == f"{path}: written by a newer pkctl (schema 99, this one knows {sql.VERSION}); upgrade pkctl"


def test_a_directory_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "can't be opened" in refusal(tmp_path)


def test_a_path_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "can't be opened" in refusal(tmp_path / "file" / "c.db")


def test_an_empty_file_becomes_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "c.db").touch()
    store = sqlite.open(str(tmp_path / "c.db"))
    assert store.rev() == 0
    store.close()


AS_NOBODY = """
import os, sys
from pkctl import errors
from pkctl.store import sqlite
os.setgid(65534); os.setuid(65534)
try:
    store = sqlite.open(sys.argv[1])
    with store.write() as tx:
        tx.put("a", "x")
except errors.StoreError as error:
    print(error)
"""


def as_nobody(path: Path) -> str:
    command = [sys.executable, "-c", AS_NOBODY, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": os.getcwd()}).stdout


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become someone who may not")
def test_somebody_elses_file_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    sqlite.open(str(folder / "c.db")).close()
    for each in (folder, *folder.parents):
        if str(each).startswith("/tmp/"):
            each.chmod(0o755)
    said = as_nobody(folder / "c.db")
    assert said.startswith(f"{folder}/c.db: the file or its directory can't be opened; check that both belong to you")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become someone who may not")
def test_a_read_only_directory_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    for each in (folder, *folder.parents):
        if str(each).startswith("/tmp/"):
            each.chmod(0o755)
    assert as_nobody(folder / "c.db") == (
        f"cannot create {folder}/c.db: Permission denied; make its directory writable, or use --cluster\n"
    )


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    store = sqlite.open(str(tmp_path / "c.db"))
    with store.write() as tx:
        tx.put("a", "kept")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignore = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(errors.StoreError) as caught, store.write() as tx:
            tx.put("b", "x" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignore)
    assert "free some" in str(caught.value) or "check its space" in str(caught.value)
    with store.write() as tx:
        tx.put("c", "x")
    assert [entry.key for entry in store.list("")] == ["a", "c"]
    store.close()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    store = sqlite.open(str(path))
    with store.write() as tx:
        for number in range(500):
            tx.put(f"a/{number}", "x" * 1000)
    store.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 50)
    assert "the file is damaged; keep a copy of it and go back to a backup" in refusal(path)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = sqlite.open(str(tmp_path / "c.db"))
    store.close()
    with pytest.raises(errors.StoreError, match="used after it was closed"):
        store.rev()


def test_a_cluster_in_memory_ends_with_its_close() -> None:
    store = sqlite.open(sqlite.MEMORY)
    with store.write() as tx:
        tx.put("a", "x")
    folder = os.path.dirname(store.place())
    assert (store.rev(), os.path.isdir(folder)) == (1, True)
    store.close()
    assert not os.path.exists(folder)


def test_a_copied_file_is_a_cluster_of_its_own(tmp_path: Path) -> None:
    store = sqlite.open(str(tmp_path / "c.db"))
    with store.write() as tx:
        tx.put("a", "x")
    store.close()
    shutil.copy(tmp_path / "c.db", tmp_path / "d.db")
    copy = sqlite.open(str(tmp_path / "d.db"))
    assert [entry.text for entry in copy.list("")] == ["x"]
    copy.close()


def test_a_file_that_is_deleted_in_use_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    store = sqlite.open(str(path))
    path.unlink()
    with pytest.raises(errors.StoreError, match="somebody deleted, moved or replaced the file while it was in use"):
        store.wait(0, timeout=0)
    store.close()


def test_a_file_that_takes_anothers_place_is_not_mixed_with_it(tmp_path: Path) -> None:
    first, second = tmp_path / "c.db", tmp_path / "d.db"
    sqlite.open(str(second)).close()
    store = sqlite.open(str(first))
    second.replace(first)
    with store.snapshot(), pytest.raises(errors.StoreError, match="replaced"):
        # The snapshot holds the one connection there is.
        store.rev()
    store.close()


def test_opening_needs_no_sqlalchemy(tmp_path: Path) -> None:
    code = "import sys; from pkctl.store import sqlite; sqlite.open(sys.argv[1]).close(); print('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", code, str(tmp_path / "c.db")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": os.getcwd()}).stdout
    assert said == "False\n"


def test_a_store_may_be_closed_while_others_wait_at_it(tmp_path: Path) -> None:
    code = "import sys; from tests.unit.store import waiting; waiting.at_a_store_that_closes(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path / "c.db")]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": os.getcwd()})
    assert (said.returncode, said.stderr) == (0, "")
