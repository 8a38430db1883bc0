"""The scripts that lay out a volume's files, run by a real shell."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pkctl.runtime import places, volumes

POD = {"metadata": {"name": "web", "uid": "1-2"}, "spec": {}}


def _write(tmp_path: Path, files: dict[str, tuple[bytes, int]], spec: dict[str, Any] | None = None) -> Path:
    """The volume's folder after one action."""
    place = places.Place("c", "n", path="/c.db", network="10.1.0.0/16", base=str(tmp_path), run=str(tmp_path / "run"))
    said = {path: {"data": base64.b64encode(raw).decode(), "mode": mode} for path, (raw, mode) in files.items()}
    script = volumes.prepare({"pod": {**POD, "spec": spec or {}}, "volume": "conf", "files": said}, place)
    subprocess.run(["sh", "-c", script], check=True, capture_output=True)
    return Path(place.pod("1-2")) / "volumes" / "conf"


@pytest.mark.parametrize("raw", [b"", b"text\n", b"no newline", b"it's $HOME `x` \\n %s", b"\xff\xfe", b"a\0b", "ä\r\n".encode()])
def test_a_file_holds_what_it_was_given(tmp_path: Path, raw: bytes) -> None:
    assert (_write(tmp_path, {"key": (raw, 0o644)}) / "key").read_bytes() == raw


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o400, 0o755, 0o444, 0o777])
def test_a_file_has_its_mode(tmp_path: Path, mode: int) -> None:
    assert (_write(tmp_path, {"key": (b"x", mode)}) / "key").stat().st_mode & 0o7777 == mode


def test_a_path_with_folders_is_reached_through_its_first(tmp_path: Path) -> None:
    folder = _write(tmp_path, {"a/b/key": (b"x", 0o600), "top": (b"y", 0o644)})
    assert (os.readlink(folder / "a"), (folder / "a/b/key").read_text()) == ("..data/a", "x")
    assert (folder / "a/b").stat().st_mode & 0o777 == 0o755


def test_a_refresh_changes_what_changed_and_takes_what_went(tmp_path: Path) -> None:
    _write(tmp_path, {"old": (b"1", 0o644), "kept": (b"1", 0o644)})
    folder = _write(tmp_path, {"kept": (b"2", 0o644), "new": (b"2", 0o644)})
    assert {path.name: path.read_text() for path in folder.iterdir() if not path.name.startswith(".")} == {"kept": "2", "new": "2"}
    assert len([path for path in folder.iterdir() if path.name.startswith("..2")]) == 1


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    before = os.readlink(_write(tmp_path, {"key": (b"1", 0o644)}) / "..data")
    assert os.readlink(_write(tmp_path, {"key": (b"1", 0o644)}) / "..data") == before


def test_a_group_may_read_what_its_pod_mounts(tmp_path: Path) -> None:
    folder = _write(tmp_path, {"key": (b"1", 0o600)}, {"securityContext": {"fsGroup": os.getgid()}})
    assert (folder / "key").stat().st_mode & 0o7777 == 0o640


def test_a_volume_without_files_is_an_empty_folder(tmp_path: Path) -> None:
    assert [path.name for path in _write(tmp_path, {}).iterdir() if not path.name.startswith("..")] == []
