"""Where results go may be full or closed: that is told in one line, or not at all, but never as a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def _shell(tmp_path: Path, redirection: str) -> tuple[int, str]:
    line = f'"$0" -m pkctl version --client {redirection}'
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PKCTL_NODES": "none"}
    done = subprocess.run(["sh", "-c", line, sys.executable], env=env, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stderr


def test_no_space_for_results_is_told_in_one_line(tmp_path: Path) -> None:
    assert _shell(tmp_path, ">/dev/full") == (1, "error: write /dev/stdout: no space left on device\n")


def test_a_closed_stdout_takes_nothing(tmp_path: Path) -> None:
    assert _shell(tmp_path, ">&-") == (0, "")
