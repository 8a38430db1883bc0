"""`config` on real files: every command line of testdata/recorded/kubeconfigs.json says and leaves what kubectl said and left."""

from __future__ import annotations

import io
import json
import pathlib
import shlex
from typing import Any

import pytest

from pkctl.cli import run, streams
from pkctl.objects import sources

CASES = json.loads((pathlib.Path(__file__).resolve().parents[2] / "testdata" / "recorded" / "kubeconfigs.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_config_says_and_leaves_what_kubectl_does(case: dict[str, Any], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name, text in case["files"].items():
        place = here / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    monkeypatch.chdir(here)
    got = [said(command["line"], here, case["env"]) for command in case["commands"]]
    assert got == [(each["line"], each["stdout"], each["stderr"], each["code"]) for each in case["commands"]]
    assert {name: (here / name).read_text().replace(str(here), "{HERE}") for name in case["after"]} == case["after"]


def said(line: str, here: pathlib.Path, env: dict[str, str]) -> tuple[str, str, str, int]:
    """A command line, and what it prints and returns."""
    out, err = io.StringIO(), io.StringIO()
    there = streams.Io(
        stdin=io.StringIO(), stdout=out, stderr=err, env={"HOME": str(here / "home"), "PATH": "", **env}, clock=sources.Frozen(),
        program="kubectl", wiring=None,
    )  # fmt: skip
    code = run.main(shlex.split(line), there)
    return line, out.getvalue().replace(str(here), "{HERE}"), err.getvalue().replace(str(here), "{HERE}"), code
