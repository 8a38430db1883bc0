"""Wrong command lines that are judged without a cluster: kubectl's words, streams and exit codes (testdata/recorded/usage.json)."""

from __future__ import annotations

import io
import json
import pathlib
import re
import shlex
from types import ModuleType
from typing import Any

import pytest

from pkctl.cli import run, streams
from pkctl.objects import sources

RECORDED = json.loads((pathlib.Path(__file__).resolve().parents[2] / "testdata" / "recorded" / "usage.json").read_text())
HELP = re.compile(
    r'(?s)\A(.*\nUse "kubectl options" for a list of global command-line options .applies to all commands.\.\n|The following options .*)\Z'
)
STAMP = re.compile(r"^([EWI])\d{4} [\d:.]+ +\d+ \S+\] ", re.MULTILINE)

VERSION = re.compile(r"^(Client Version: ).*", re.MULTILINE)


class NoCluster:
    """The wiring of a line that is wrong before any cluster is asked."""

    def client(self, settings: object) -> object:
        raise AssertionError("this command asked for a cluster")


def cases() -> list[Any]:
    """The recorded lines."""
    return [pytest.param(case, id=shlex.join(case["line"]) or "nothing") for case in RECORDED["judged"]]


@pytest.mark.parametrize("case", cases())
def test_a_wrong_line_is_told_off_as_by_kubectl(case: dict[str, Any], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    out, err, code = said(case["line"], tmp_path, NoCluster())
    assert [out, err, code] == [plain(case["out"]), case["err"], case["code"]]


@pytest.mark.parametrize("shard", range(10))
def test_a_line_by_chance_is_judged_as_by_kubectl(
    shard: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, cluster: ModuleType
) -> None:
    monkeypatch.chdir(tmp_path)
    wiring = cluster.Wiring()
    other = []
    for case in RECORDED["chance"][shard::10]:
        out, err, code = said(case["line"], tmp_path, wiring)
        wanted = [plain(case["out"]), case["err"], case["code"]]
        if ([out, err, code] != wanted) != (shlex.join(case["line"]) in OTHER_WORDS):
            other.append((shlex.join(case["line"]), out, err, code, wanted))
    wiring.close()
    assert other == []


SERVERS = """
    api-versions '--certificate-authority=é'
    cluster-info '--namespace=é' --client-certificate=client
    cluster-info --client-certificate=0 --disable-compression
    cluster-info --insecure-skip-tls-verify --client-certificate=web:80
"""
"""Lines about how to log in to a server, of which a cluster in a file has none: pkctl refuses the flags by name."""

TWO_WRONGS = """
    apply view-last-applied a=b x/y/z --all -l=name -l=a=b
"""
"""Lines with two wrongs, of which kubectl tells both and pkctl one."""

OTHER_WORDS = frozenset(line[4:] for text in (SERVERS, TWO_WRONGS) for line in text.splitlines() if line)


def said(line: list[str], home: pathlib.Path, wiring: Any) -> tuple[str, str, int]:
    """What a line prints, and how it ends."""
    out, err = io.StringIO(), io.StringIO()
    env = {"HOME": str(home), "PATH": "", "KUBECONFIG": f"{home}/none"}
    there = streams.Io(stdin=io.StringIO(), stdout=out, stderr=err, env=env, clock=sources.Frozen(), program="kubectl", wiring=wiring)
    code = run.main(line, there)
    texts = [plain(each.getvalue().replace(str(home), "{HOME}")) for each in (out, err)]
    return texts[0], texts[1], code


def plain(text: str) -> str:
    """As the recording has it: help, whose words are our own, versions, and what differs from run to run left out."""
    return VERSION.sub(r"\1{VERSION}", STAMP.sub(r"\1 ", HELP.sub("{HELP}\n", text)))
