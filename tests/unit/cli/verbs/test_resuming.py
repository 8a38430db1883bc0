"""`cp --retries`: a tar that breaks off, read from real processes of this machine."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pkctl import errors
from pkctl.cli import streams
from pkctl.cli.verbs import resuming

Read = Callable[..., resuming.Archive]

BREAKING = """#!/bin/sh
exec 2>/dev/null
[ -s "{left}" ] || exec /bin/tar "$@"
read bytes <"{left}"
sed -i 1d "{left}"
/bin/tar "$@" | head -c "$bytes"
"""
"""A tar that is cut off as often, and after as many bytes, as the lines of a file say."""


class Running:
    """`runtime.Stream` of a process here."""

    def __init__(self, command: list[str], path: str) -> None:
        env = {"PATH": f"{path}:/usr/bin:/bin"}
        self._made = subprocess.run(["env", *command], env=env, capture_output=True, check=False)
        self._chunks = [("stderr", self._made.stderr), ("stdout", self._made.stdout)]

    def read(self, timeout: float | None = None) -> tuple[str, bytes] | None:
        return self._chunks.pop(0) if self._chunks else None

    def exit_code(self) -> int:
        return self._made.returncode

    def close(self) -> None:
        return


class Lost(Running):
    """One whose node can't be asked how it ended."""

    def exit_code(self) -> int:
        raise errors.NodeError("RuntimeUnavailable", "gone")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "it's here").mkdir()
    (tmp_path / "it's here" / "file").write_bytes(bytes(range(256)) * 200)
    return tmp_path / "it's here"


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def reading(source: Path, said: io.StringIO) -> Read:
    """Begins to read the source through a tar that breaks off after so many bytes each time."""
    folder = source.parent / "bin"
    folder.mkdir()
    left = source.parent / "left"
    (folder / "tar").write_text(BREAKING.format(left=left))
    (folder / "tar").chmod(0o755)

    def begin(*cuts: int, retries: int, first: type[Running] = Running) -> resuming.Archive:
        left.write_text("".join(f"{each}\n" for each in cuts))
        forms: list[Any] = [first]
        return resuming.Archive(
            lambda command: (forms.pop() if forms else Running)(command, str(folder)), str(source), retries, streams.Io(stdout=said)
        )

    return begin


def whole(archive: resuming.Archive) -> bytes:
    """The file in the archive."""
    with tarfile.open(fileobj=archive, mode="r|") as opened:  # type: ignore[call-overload]
        for member in opened:
            body = opened.extractfile(member)
            if body is not None:
                return bytes(body.read())
    return b""


def test_a_copy_goes_on_where_it_broke_off(reading: Read, source: Path) -> None:
    assert whole(reading(10000, 30001, retries=2)) == (source / "file").read_bytes()


def test_each_retry_is_told_with_what_was_reached(reading: Read, said: io.StringIO) -> None:
    whole(reading(10000, 30001, retries=-1))
    assert said.getvalue() == "Resuming copy at 10000 bytes, retry 1/-1\nResuming copy at 30001 bytes, retry 2/-1\n"


def test_a_copy_that_is_never_cut_is_read_once(reading: Read, said: io.StringIO) -> None:
    archive = reading(retries=3)
    whole(archive)
    archive.finish()
    assert said.getvalue() == ""


def test_a_copy_is_dropped_when_no_retry_is_left(reading: Read, said: io.StringIO) -> None:
    with pytest.raises(tarfile.ReadError):
        whole(reading(10000, 20000, retries=1))
    assert said.getvalue().endswith("\nDropping out copy after 1 retries\n")


def test_what_is_cut_within_a_header_is_known(reading: Read) -> None:
    archive = reading(700, retries=0)
    while archive.read(100):
        pass
    assert archive.is_cut


def test_a_command_that_fails_is_not_tried_again(reading: Read, source: Path, said: io.StringIO) -> None:
    archive = resuming.Archive(lambda command: Running(["sh", "-c", "exit 3"], ""), str(source), 5, streams.Io(stdout=said))
    with pytest.raises(errors.CommandError, match="command terminated with exit code 3"):
        archive.read(100)


def test_a_node_that_can_not_tell_the_end_is_asked_for_the_rest(reading: Read, source: Path) -> None:
    assert whole(reading(20000, retries=1, first=Lost)) == (source / "file").read_bytes()


def test_without_retries_a_lost_node_is_an_error(reading: Read) -> None:
    archive = reading(retries=0, first=Lost)
    with pytest.raises(errors.NodeError):
        archive.finish()


def test_a_path_is_quoted_for_the_shell() -> None:
    assert resuming.command("/it's", 1, 11) == ["sh", "-c", r"tar cf - '/it'\''s' | tail -c+11"]


def test_without_retries_no_shell_is_needed() -> None:
    assert resuming.command("/a b", 0, 0) == ["tar", "cf", "-", "/a b"]
