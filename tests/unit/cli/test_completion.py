"""The bash script, sourced by a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli import lines


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param(["rollout", "re"], "restart resume", id="subcommand"),
        pytest.param(["get", "configm"], "configmaps", id="kind"),
        pytest.param(["get", "pods", "--namesp"], "--namespace", id="flag"),
    ],
)
def test_bash_completes(sh: lines.Shell, tmp_path: Path, words: list[str], wanted: str) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    program = Path(sys.executable).with_name("pkctl")
    line = " ".join(f"'{word}'" for word in (str(program), *words))
    script = f"{sh('completion', 'bash').out}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; __pkctl_complete; echo ${{COMPREPLY[@]}}"
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PKCTL_NODES": "none"}
    done = subprocess.run([bash, "-c", script], env=env, capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.strip() == wanted
