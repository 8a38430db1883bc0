"""Every answer of testdata/recorded/messages.yaml: the command line, on a hollow cluster, says what a real API server said."""

from __future__ import annotations

import io
import json
import pathlib
import re
import shlex
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import yaml

from pkctl.cli import run, streams

RECORDED = yaml.safe_load((pathlib.Path(__file__).resolve().parents[2] / "testdata" / "recorded" / "messages.yaml").read_text())
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOURCE = re.compile(r'error when (creating|replacing) "STDIN": ')
HINT = re.compile(r"\nhint: .*")
"""pkctl's own addition to an answer."""


def cases(part: str) -> list[Any]:
    """The recorded answers of a part."""
    return [pytest.param(case, id=name) for name, case in RECORDED[part].items()]


class Terminal:
    """One cluster and the command lines typed at it."""

    def __init__(self, wiring: Any, home: pathlib.Path) -> None:
        self.wiring, self.env = wiring, {"HOME": str(home), "PATH": ""}

    def types(self, line: str, stdin: object = None) -> str:
        """What a command line says on stderr, or on stdout when it says it's done; without the source of the manifest."""
        out, err = io.StringIO(), io.StringIO()
        given = io.StringIO(json.dumps(stdin) if stdin else "")
        there = streams.Io(
            stdin=given, stdout=out, stderr=err, env=self.env, clock=self.wiring.clock, program="kubectl", wiring=self.wiring
        )
        code = run.main(shlex.split(line), there)
        said = err.getvalue() if code else out.getvalue()
        return HINT.sub("", SOURCE.sub("", UID.sub("{UID}", said))).rstrip("\n")


@pytest.fixture
def terminal(cluster: ModuleType, tmp_path: pathlib.Path) -> Iterator[Terminal]:
    wiring = cluster.Wiring()
    yield Terminal(wiring, tmp_path)
    wiring.close()


def recorded(case: dict[str, Any]) -> str:
    return UID.sub("{UID}", case["said"])


@pytest.mark.parametrize("case", cases("create"))
def test_a_wrong_object_is_answered_as_recorded(case: dict[str, Any], terminal: Terminal) -> None:
    assert terminal.types("create -f -", case["given"]) == recorded(case)


@pytest.mark.parametrize("case", cases("update"))
def test_a_wrong_change_is_answered_as_recorded(case: dict[str, Any], terminal: Terminal) -> None:
    assert terminal.types("create -f -", case["given"]).endswith("created")
    said = terminal.types("replace -f -", case["then"])
    assert (said[: len(recorded(case))] if case.get("cut") else said) == recorded(case)


@pytest.mark.parametrize("case", cases("command"))
def test_a_wrong_command_is_answered_as_recorded(case: dict[str, Any], terminal: Terminal) -> None:
    assert terminal.types(case["line"]) == recorded(case)
