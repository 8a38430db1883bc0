"""How a command ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LEAVING = Path(__file__).with_name("leaving.py")


def test_daemon_threads_do_not_make_a_command_wait_for_a_node() -> None:
    assert subprocess.run([sys.executable, str(LEAVING)], timeout=60, check=False).returncode == 7
