"""The command table is whole: kubectl's commands and flags to the last value, a module and words for each; `get` loads only `get`."""

from __future__ import annotations

import importlib
import io
import json
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

from pkctl.cli import finding, flagdefs, flags, helps, helptexts, run, streams, table

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDED = json.loads((ROOT / "testdata" / "recorded" / "kubectl-flags.json").read_text())
SURFACE = RECORDED["flags"]
"""[name, shorthand, default as shown, kind, whether it may stand without a value] of each flag of each command; "" is every command."""
PATHS = [each[0] for each in table.ROWS]
OWN = {"no-nodes", "settle"}
HIDDEN = {("autoscale", "cpu-percent"), ("get", "neat")}
"""Flags that kubectl hides, and our own."""
SAME = {"tristate": "bool", "int64": "int", "pairs": "map", "goduration": "duration", "vmodule": "string"}
"""Kinds of ours that kubectl's parser treats alike."""


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
    ours = {told(each) for each in flags.rows(row.flags) if (path, each.name) not in HIDDEN}
    assert ours == {tuple(each) for each in SURFACE[path]}


def test_the_global_flags_are_kubectls_and_our_own() -> None:
    ours = {each.name: told(each) for each in flags.rows(flagdefs.GLOBAL) if each.name not in OWN}
    theirs = {each[0]: tuple(each) for each in SURFACE[""]}
    assert {name for name in ours if ours[name] != theirs.get(name)} == {"cache-dir"}, "pkctl keeps no cache, and names no place for one"
    assert set(ours) == set(theirs)


def test_every_command_of_kubectl_is_there() -> None:
    assert {path for path in SURFACE if path} - set(PATHS) == set()


def test_commands_of_our_own_are_few_and_known() -> None:
    own = {path for path in PATHS if path not in SURFACE}
    assert own == {"ctx", "daemon", "node", "ns", "options", "secrets", "tree", "tui"}


def test_every_other_name_of_a_command_is_kubectls() -> None:
    assert {path: [path.split()[-1], *table.aliases(path)] for path in PATHS if table.aliases(path)} == RECORDED["aliases"]


def told(each: flags.Flag) -> tuple[str, str, str, str, bool]:
    """A flag as the recording tells it."""
    return each.name, each.short, shown(each), SAME.get(each.kind, each.kind), bool(each.no_opt)


def shown(each: flags.Flag) -> str:
    """A default as kubectl's help shows it."""
    if each.kind in (*flags.LISTS, "map"):
        return f"[{each.default}]"
    return f"'{each.default}'" if each.kind == "string" else each.default


def test_every_command_without_a_cluster_path_is_in_a_section() -> None:
    listed = {name for _, names in table.SECTIONS for name in names.split()}
    assert {path for path in PATHS if " " not in path} - listed == {"options"}


WORDS = sorted({path.split()[0] for path in PATHS})
PAGES = {path: page for word in WORDS for path, page in helptexts.pages(word).items()}
COMMON = helptexts.common()


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_command_has_a_description_and_two_to_six_examples(path: str) -> None:
    page = PAGES[path]
    assert page.paragraphs
    assert 2 <= len(page.examples) <= 6


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_flag_has_a_sentence(path: str) -> None:
    row = table.row(path)
    assert row is not None
    bare = [each.name for each in flags.rows(row.flags) if not helps.sentence(each.name, PAGES[path], COMMON).endswith(".")]
    assert bare == []


def test_every_flag_of_all_commands_has_a_sentence() -> None:
    assert [each.name for each in flags.rows(flagdefs.GLOBAL) if each.name not in COMMON] == []


def test_no_text_is_of_a_flag_or_command_that_is_not_there() -> None:
    has = {path: {each.name for each in flags.rows(table.row(path).flags)} for path in PATHS}  # type: ignore[union-attr]
    told_of = {(path, name) for path, page in PAGES.items() for name in page.flags}
    general = {name for path in PATHS for name in has[path] if (path, name) not in told_of}
    assert set(COMMON) - general == {each.name for each in flags.rows(flagdefs.GLOBAL)} - general
    assert {(path, name) for path, name in told_of if name not in has.get(path, ())} == set()
    assert {path for path in PAGES if path not in has and path.split()[0] not in OWN_GROUPS} == set()


OWN_GROUPS = {path for path in PATHS if table.row(path).use == "own"}  # type: ignore[union-attr]
LINES = [
    (path, part.strip())
    for path, page in PAGES.items()
    for _, lines in page.examples
    for line in lines
    for part in re.split(r" \| | && | \|\| |\(|\)", line)
    if re.search(r"(^|\S=\S+ |\" )pkctl ", part) and path.split()[0] not in OWN_GROUPS
]


@pytest.mark.parametrize(("path", "line"), LINES, ids=lambda text: text)
def test_every_example_is_a_line_that_its_command_takes(path: str, line: str) -> None:
    words = shlex.split(line.split(" > ")[0].split(" < ")[0].replace('"$', ""))
    found, rest = finding.command(words[words.index("pkctl") + 1 :])
    row = table.row(found)
    assert row is not None, line
    if row.use != "own":
        flags.parse([*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags)], rest)


ALLOWED = {
    "pkctl", "pkctl.api", "pkctl.api.options", "pkctl.cli", "pkctl.cli.context", "pkctl.cli.finding", "pkctl.cli.flagdefs",
    "pkctl.cli.flags", "pkctl.cli.paging", "pkctl.cli.printing", "pkctl.cli.report", "pkctl.cli.resources", "pkctl.cli.run",
    "pkctl.cli.settings", "pkctl.cli.streams", "pkctl.cli.table", "pkctl.cli.tables", "pkctl.cli.verbs", "pkctl.cli.verbs.get",
    "pkctl.cli.visiting", "pkctl.errors", "pkctl.objects", "pkctl.objects.sources", "pkctl.setups",
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
    done = subprocess.run([sys.executable, "-S", "-c", PROBE], cwd=ROOT, env={"HOME": "/"}, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= ALLOWED
