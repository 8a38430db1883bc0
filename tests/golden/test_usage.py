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
    api-versions 'é' --as-uid=1x --proxy-url=-1
    api-versions 'é' --token=10% --as-user-extra=1 --request-timeout=x
    api-versions - --certificate-authority=name --request-timeout= '--cache-dir=a in (b'
    api-versions --cluster=a=b --cache-dir=1
    api-versions a- pod/web list '--username=a in (b' --as-user-extra=client --username=-1
    api-versions a=b '--as-group={' --user=json
    api-versions k=v:NoSchedule web '' --match-server-version '--profile-output=é' --as-group=1x
    api-versions list - '--kubeconfig=é' '--cache-dir={' --insecure-skip-tls-verify
    api-versions pods x/y/z a=b --user=true --as-group=1s --cache-dir=0
    cluster-info '' '-s={'
    cluster-info - nope --context=true
    cluster-info --insecure-skip-tls-verify --client-certificate=web:80
    cluster-info a=b '' --certificate-authority=1
    cluster-info pods,svc - '{}' --cluster=client
    cluster-info pods,svc pods --cluster=name --match-server-version --cache-dir=true
    cluster-info web - - --client-certificate=1x
"""
"""Lines about servers and who logs in to them, of which a cluster in a file has none: the flags are refused by name or told later."""

LATER = """
    apply view-last-applied a=b x/y/z --all -l=name -l=a=b
    attach --pod-running-timeout=0 --tty=0
    create poddisruptionbudget '{}' --validate=0
    create role '' '--template=é' --validate=1
    create role x/y/z '--verb=a in (b' --dry-run --show-managed-fields
    create token ''
    create token '{}' 'é' '' '--duration=é' --duration=true --output=1x
    drain '--pod-selector={'
    set env pods a- pods --list --local '--output=é'
    taint '{}' x/y/z - --allow-missing-template-keys
    taint deploy/web k=v:NoSchedule -
    taint x/y/z a=b web --field-manager=client --validate=-1 --dry-run
    top pod --field-selector=web:80 --sum --use-protocol-buffers
    top pod --field-selector=x
    top pod --selector=-1
"""
"""Lines with several wrongs, of which another one is told first, or in other words."""

OTHER_WORDS = frozenset(line[4:] for text in (SERVERS, LATER) for line in text.splitlines() if line)


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
