"""The README tells every limit, and no limit is told of what has its effect."""

from __future__ import annotations

import pathlib
import subprocess
import sys

from pkctl.controllers import table as controllers
from pkctl.kinds import limits, table

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_readmes_tables_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "limits", "--check"], check=False)
    assert done.returncode == 0, "run scripts/limits"


def test_a_kind_that_a_controller_acts_on_is_not_stored_only() -> None:
    assert {row.kind for row in controllers.CONTROLLERS} & set(table.STORED_ONLY) == set()


def test_every_kind_told_of_is_served_and_told_of_once() -> None:
    assert set(table.STORED_ONLY) | set(limits.PARTLY) <= {row.id for row in table.ROWS}
    assert set(table.STORED_ONLY) & set(limits.PARTLY) == set()


def test_the_kinds_are_in_order() -> None:
    assert list(table.STORED_ONLY) == sorted(table.STORED_ONLY)
    assert list(limits.PARTLY) == sorted(limits.PARTLY)
