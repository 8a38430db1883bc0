"""Every folder of testdata/golden is a case: `cmd` run in-process gives its `stdout`, `stderr` and `code`, to the byte."""

from __future__ import annotations

import io
import pathlib
import shlex
from types import ModuleType
from typing import Any

import pytest

from pkctl.cli import run, streams
from pkctl.objects import sources

ROOT = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "golden"
CASES = sorted(path.parent.relative_to(ROOT) for path in ROOT.rglob("cmd"))


class NoCluster:
    """The wiring of a case without a cluster: asking for one is a failure of its own."""

    def client(self, settings: object) -> object:
        raise AssertionError("this command asked for a cluster")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_command_says_what_kubectl_says(
    case: pathlib.Path, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, cluster: ModuleType
) -> None:
    folder = ROOT / case
    monkeypatch.chdir(folder)
    given = folder / "stdin"
    outs = (io.StringIO(given.read_text() if given.exists() else ""), io.StringIO(), io.StringIO())
    has_cluster = (folder / "cluster.yaml").exists()
    wiring: Any = cluster.Wiring(folder / "cluster.yaml") if has_cluster else NoCluster()
    there = streams.Io(
        stdin=outs[0],
        stdout=outs[1],
        stderr=outs[2],
        env={"HOME": str(tmp_path), "PATH": "", "KUBECONFIG": str(tmp_path / ".kube/config")},
        clock=wiring.clock if has_cluster else sources.Frozen(),
        program="kubectl",
        wiring=wiring,
    )
    code = run.main(shlex.split((folder / "cmd").read_text())[1:], there)
    if has_cluster:
        wiring.close()
    got = (*(out.getvalue().replace(str(folder), "{HERE}") for out in outs[1:]), code)
    assert got == ((folder / "stdout").read_text(), (folder / "stderr").read_text(), int((folder / "code").read_text()))
