"""Commands on real files: every case of testdata/recorded/commands says and leaves what kubectl said and left."""

from __future__ import annotations

import io
import json
import os
import pathlib
import shlex
import subprocess
import sys
from typing import Any

import pytest

from pkctl.cli import run, streams
from pkctl.objects import sources

ROOT = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "recorded" / "commands"
CASES = [
    pytest.param(case, id=f"{place.stem} {number} {case.get('name', '')}")
    for place in sorted(ROOT.glob("*.json"))
    for number, case in enumerate(json.loads(place.read_text()))
]
AS_KUBECTL = "import sys; from pkctl.cli import run, streams; sys.exit(run.main(sys.argv[1:], streams.Io(program='kubectl')))"


@pytest.mark.parametrize("case", CASES)
def test_a_command_says_and_leaves_what_kubectl_does(case: dict[str, Any], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name, text in case["files"].items():
        place = here / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace("{HERE}", str(here)), newline="")
        place.chmod(0o755 if text.startswith("#!") else 0o644)
    monkeypatch.chdir(here)
    env = {"HOME": str(here / "home"), "PATH": "", **{name: text.replace("{HERE}", str(here)) for name, text in case["env"].items()}}
    say = said_apart if case.get("apart") else said
    got = [say(command, here, env) for command in case["commands"]]
    assert got == [(each["stdout"], each["stderr"], each["code"]) for each in case["commands"]]
    assert {name: (here / name).read_bytes().decode().replace(str(here), "{HERE}") for name in case["after"]} == case["after"]


def words(command: dict[str, Any], here: pathlib.Path) -> list[str]:
    return [each.replace("{HERE}", str(here)) for each in command.get("args") or shlex.split(command["line"])]


def said(command: dict[str, Any], here: pathlib.Path, env: dict[str, str]) -> tuple[str, str, int]:
    """What a command line prints and returns."""
    out, err = io.StringIO(), io.StringIO()
    there = streams.Io(
        stdin=io.StringIO(command.get("stdin", "")), stdout=out, stderr=err, env=env, clock=sources.Frozen(),
        program="kubectl", wiring=None,
    )  # fmt: skip
    code = run.main(words(command, here), there)
    return out.getvalue().replace(str(here), "{HERE}"), err.getvalue().replace(str(here), "{HERE}"), code


def said_apart(command: dict[str, Any], here: pathlib.Path, env: dict[str, str]) -> tuple[str, str, int]:
    """The same in a process of its own, for a command that becomes another program."""
    root = str(pathlib.Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", AS_KUBECTL, *words(command, here)], cwd=here,
        env={**env, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        input=command.get("stdin", "").encode(), capture_output=True, check=False,
    )  # fmt: skip
    told = [stream.decode().replace(os.fspath(here), "{HERE}") for stream in (done.stdout, done.stderr)]
    return told[0], told[1], done.returncode
