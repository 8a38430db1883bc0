"""What a shell is offered: kubectl's words and directives for every line of testdata/recorded/completions.json."""

from __future__ import annotations

import io
import json
import pathlib
import shlex
from types import ModuleType
from typing import Any

import pytest

from pkctl.cli import run, streams, table

CASES = json.loads((pathlib.Path(__file__).resolve().parents[2] / "testdata" / "recorded" / "completions.json").read_text())
OWN_FLAGS = {"--no-nodes", "--settle", "--neat"}
OWN_COMMANDS = set(table.SECTIONS[-1][1].split())
"""What pkctl offers beside kubectl's."""
NO_FILES = 4


def offered(words: list[str], wiring: Any, home: pathlib.Path) -> tuple[list[str], int]:
    """The values offered for a line, and the directive."""
    out = io.StringIO()
    env = {"HOME": str(home), "PATH": ""}
    there = streams.Io(stdout=out, stderr=io.StringIO(), env=env, clock=wiring.clock, program="kubectl", wiring=wiring)
    assert run.main(["__completeNoDesc", *words], there) == 0
    *found, directive = out.getvalue().splitlines()
    return found, int(directive[1:])


@pytest.fixture(scope="module")
def wiring(cluster: ModuleType) -> Any:
    return cluster.Wiring()


@pytest.mark.parametrize("case", CASES, ids=lambda case: shlex.join(case["words"]))
def test_a_shell_is_offered_what_kubectl_offers(
    case: dict[str, Any], wiring: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, directive = offered(case["words"], wiring, tmp_path)
    own = OWN_FLAGS | (OWN_COMMANDS if case["words"][0] == "help" or len(case["words"]) == 1 else set())
    found = [each for each in found if each not in own]
    if case["offered"]:
        assert (sorted(found), directive) == (case["offered"], case["directive"])
    else:
        assert (bool(found) and case["offered"] == []) or directive in (case["directive"], NO_FILES), "files only where kubectl has them"
