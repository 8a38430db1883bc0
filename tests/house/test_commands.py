"""The command table is whole: every command has its module and help, `get` loads nothing but `get`."""

from __future__ import annotations

import importlib
import io
import json
import pathlib
import subprocess
import sys

import pytest

from pkctl.cli import flagdefs, flags, helptexts, run, streams, table

ROOT = pathlib.Path(__file__).resolve().parents[2]
SURFACE = json.loads((ROOT / "testdata" / "recorded" / "kubectl-flags.json").read_text())
PATHS = [each[0] for each in table.ROWS]
OWN = {"no-nodes", "settle"}
HIDDEN = {("run", "filename"), ("autoscale", "cpu-percent")}


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_command_has_a_module_that_runs(path: str) -> None:
    row = table.row(path)
    assert row is not None
    if row.is_group:
        assert table.children(path)
    else:
        module = importlib.import_module(f"pkctl.cli.{row.module}")
        assert callable(getattr(module, "main" if row.use == "own" else "run"))


@pytest.mark.parametrize("path", [path for path in PATHS if table.row(path).use != "own"], ids=str)  # type: ignore[union-attr]
def test_every_command_tells_of_itself(path: str) -> None:
    out = io.StringIO()
    code = run.main([*path.split(), "--help"], streams.Io(stdout=out, stderr=io.StringIO()))
    assert (code, f"\nUsage:\n  pkctl {path}" in out.getvalue()) == (0, True)


@pytest.mark.parametrize("path", sorted(path for path in SURFACE if path), ids=str)
def test_every_flag_of_kubectl_is_there_and_none_is_invented(path: str) -> None:
    row = table.row(path)
    assert row is not None
    ours = {(each.name, each.short, shown(each)) for each in flags.rows(row.flags) if (path, each.name) not in HIDDEN}
    assert ours == {tuple(each) for each in SURFACE[path]}


def test_the_global_flags_are_kubectls_and_our_own() -> None:
    ours = {each.name: each.short for each in flags.rows(flagdefs.GLOBAL)}
    assert ours == {name: short for name, short, _ in SURFACE[""]} | dict.fromkeys(OWN, "")


def shown(each: flags.Flag) -> str:
    """A default as kubectl's help shows it."""
    if each.kind in flags.LISTS or each.name == "set-image":
        return f"[{each.default}]"
    return f"'{each.default}'" if each.kind == "string" else each.default


def test_every_command_without_a_cluster_path_is_in_a_section() -> None:
    listed = {name for _, names in table.SECTIONS for name in names.split()}
    assert {path for path in PATHS if " " not in path} - listed == {"options"}


def test_every_example_is_of_a_command() -> None:
    assert set(helptexts.EXAMPLES) <= set(PATHS)


ALLOWED = {
    "pkctl", "pkctl.api", "pkctl.api.options", "pkctl.cli", "pkctl.cli.context", "pkctl.cli.flagdefs", "pkctl.cli.flags",
    "pkctl.cli.get", "pkctl.cli.paging", "pkctl.cli.printing", "pkctl.cli.report", "pkctl.cli.resources", "pkctl.cli.run",
    "pkctl.cli.streams",
    "pkctl.cli.table", "pkctl.cli.tables", "pkctl.errors", "pkctl.objects", "pkctl.objects.sources",
}  # fmt: skip

PROBE = """
import io, sys
from pkctl.cli import run, streams
class Wiring:
    def client(self, settings): raise SystemExit
try: run.main(["get", "pods"], streams.Io(stdout=io.StringIO(), stderr=io.StringIO(), wiring=Wiring()))
except SystemExit: pass
print(" ".join(sorted(name for name in sys.modules if name.split(".")[0] in ("pkctl", "click", "yaml", "re", "typing", "json"))))
"""


def test_get_loads_nothing_of_other_verbs_before_it_opens_the_cluster() -> None:
    done = subprocess.run([sys.executable, "-S", "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= ALLOWED
