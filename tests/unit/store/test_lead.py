"""The lock file beside a SQLite cluster."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pkctl import errors
from pkctl.store import lead


def test_a_lock_is_signed_while_it_is_held(tmp_path: Path) -> None:
    path = str(tmp_path / "c.lead")
    with lead.hold(path, 0) as held:
        assert (held, lead.holder(path)) == (True, lead.identity())
    assert (lead.holder(path), (tmp_path / "c.lead").read_text()) == ("", "")


def test_a_second_holder_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "c.lead")
    with lead.hold(path, 0):
        with lead.hold(path, 0.02) as second:
            assert not second
        assert lead.holder(path) == lead.identity()


def test_nobody_holds_a_missing_lock(tmp_path: Path) -> None:
    assert lead.holder(str(tmp_path / "none")) == ""


def test_a_signature_left_by_a_crash_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.lead").write_text("1@elsewhere")
    assert lead.holder(str(tmp_path / "c.lead")) == ""


def test_the_lock_is_let_go_when_the_block_raises(tmp_path: Path) -> None:
    path = str(tmp_path / "c.lead")
    with pytest.raises(ZeroDivisionError), lead.hold(path, 0):
        raise ZeroDivisionError
    with lead.hold(path, 0) as held:
        assert held


def test_the_lock_is_for_the_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with lead.hold(str(tmp_path / "c.lead"), 0):
            assert stat.S_IMODE((tmp_path / "c.lead").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_lock_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(errors.StoreError, match=r"cannot open the lock file .*: No such file or directory"),
        lead.hold(str(tmp_path / "a/b"), 0),
    ):
        pass
