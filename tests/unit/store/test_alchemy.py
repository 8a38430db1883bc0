"""What is said when a database can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from pkctl import errors
from pkctl.store import alchemy


def refusal(url: str) -> str:
    with pytest.raises(errors.StoreError) as caught:
        alchemy.open(url).close()
    return str(caught.value)


def test_a_server_that_does_not_answer_is_told_in_one_line_without_the_password(tmp_path: Path) -> None:
    said = refusal(f"postgresql://me:hush@/db?host={tmp_path}")
    assert "hush" not in said
    assert said.count("\n") == 0
    assert said.endswith("check that the database runs, and its URL")


def test_another_database_is_told() -> None:
    assert refusal("mysql://me:hush@host/db") == "mysql://me:***@host/db: pkctl keeps clusters in SQLite and PostgreSQL only"


def test_what_is_no_url_is_told() -> None:
    assert refusal("://") == "://: not a database URL; write postgresql://USER@HOST/DATABASE"
