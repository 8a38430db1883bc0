"""A container's log file, read to its end and beyond."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pkctl.runtime import logs

ONE = b"2026-01-01T00:00:00.000000001+00:00 stdout F one\n"
TWO = b"2026-01-01T00:00:01.000000001+00:00 stderr P tw\n"


class Files:
    """A node's files, as `reach` reads them."""

    def read(self, path: str, offset: int, size: int) -> bytes:
        with open(path, "rb") as stream:
            stream.seek(offset)
            return stream.read(size)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    made = tmp_path / "log"
    made.write_bytes(ONE + TWO)
    return made


def lines(log: Path, *, follow: bool = False, runs: bool = False, stop: threading.Event | None = None) -> list[tuple[str, bytes]]:
    found = logs.lines(Files(), str(log), follow=follow, since=0, is_running=lambda: runs, stop=stop)  # type: ignore[arg-type]
    return [(stream, text) for _, stream, text in found]


def test_a_line_that_was_cut_has_no_newline(log: Path) -> None:
    assert lines(log) == [("stdout", b"one\n"), ("stderr", b"tw")]


def test_following_ends_with_the_container(log: Path) -> None:
    assert len(lines(log, follow=True)) == 2


def test_following_is_ended_from_another_thread(log: Path) -> None:
    stop = threading.Event()
    found: list[tuple[str, bytes]] = []
    reader = threading.Thread(target=lambda: found.extend(lines(log, follow=True, runs=True, stop=stop)))
    reader.start()
    stop.set()
    reader.join(30)
    assert (reader.is_alive(), len(found)) == (False, 2)
