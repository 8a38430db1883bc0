"""The generated types are what the generator writes from the installed schema package."""

from __future__ import annotations

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_types_file_is_up_to_date():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "schema", "--check"], check=False)
    assert done.returncode == 0, "run scripts/schema"


def test_the_types_file_stays_small():
    (path,) = (ROOT / "pkctl" / "kinds" / "data").glob("types-*.z")
    assert path.stat().st_size < 30_000
