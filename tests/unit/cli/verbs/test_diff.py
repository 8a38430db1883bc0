"""`diff`: what apply would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import clusters
from tests.unit.cli import lines

MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, labels: {app: x}}, data: {a: '%s'}}\n"
SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {same: '1', changed: '%s', %s: '3'}}\n"


def changes(text: str) -> list[str]:
    """The lines that differ, without the two names of files."""
    return [line for line in text.splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def test_nothing_to_change_is_nothing_to_say(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text=MAP % ("m", "1"))
    said = sh("diff", "-f", "-", text=MAP % ("m", "1"))
    assert (said.code, said.out, said.err) == (0, "", "")


def test_a_changed_value_is_shown_without_applys_own_note(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text=MAP % ("m", "1"))
    said = sh("diff", "-f", "-", text=MAP % ("m", "2"))
    assert (said.code, changes(said.out)) == (1, ['-  a: "1"', '+  a: "2"'])


def test_on_the_server_the_note_is_kept_up_to_date(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text=MAP % ("m", "1"))
    said = sh("diff", "--server-side", "--force-conflicts", "-f", "-", text=MAP % ("m", "2"))
    assert (said.code, [line[:1] for line in changes(said.out) if "apiVersion" in line]) == (1, ["-", "+"])


def test_a_new_object_is_shown_whole(sh: lines.Shell) -> None:
    said = sh("diff", "-f", "-", text=MAP % ("m", "1"))
    assert (said.code, "last-applied" in said.out) == (1, False)
    assert "+kind: ConfigMap" in changes(said.out)


def test_files_are_named_as_kubectl_names_them(sh: lines.Shell) -> None:
    said = sh("diff", "-f", "-", text="{apiVersion: v1, kind: Namespace, metadata: {name: n1}}")
    assert said.out.splitlines()[1].split()[1].endswith("/v1.Namespace..n1")


def test_values_of_secrets_are_hidden_and_their_changes_seen(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text=SECRET % ("2", "old"))
    said = sh("diff", "-f", "-", text=SECRET % ("9", "new"))
    assert changes(said.out) == ["-  changed: '*** (before)'", "+  changed: '*** (after)'", "+  new: '***'"]


def test_values_of_secrets_are_shown_on_demand(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text=SECRET % ("2", "old"))
    assert "+  new: Mw==" in changes(sh("diff", "--show-secrets", "-f", "-", text=SECRET % ("2", "new")).out)


def test_what_would_be_pruned_is_shown_as_going(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text=f"{MAP % ('keep', '1')}---\n{MAP % ('go', '1')}")
    said = sh("diff", "--prune", "-l", "app=x", "-f", "-", text=MAP % ("keep", "1"))
    assert (said.code, "-  name: go" in changes(said.out), "-  name: keep" in changes(said.out)) == (1, True, False)


def test_only_allowed_kinds_are_shown_as_going(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text=MAP % ("go", "1"))
    sh("apply", "-f", "-", text=SECRET % ("1", "x"))
    said = sh("diff", "--prune", "-l", "app=x", "--prune-allowlist=core/v1/Secret", "-f", "-", text=SECRET % ("1", "x"))
    assert (said.code, said.out) == (0, "")


def test_another_program_is_given_plain_words_alone(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text('#!/bin/sh\necho "$# $1"\n')
    tool.chmod(0o755)
    with clusters.cluster() as cluster:
        sh = lines.Shell(cluster, KUBECTL_EXTERNAL_DIFF=f"{tool} -a=1 $(x) -b|c")
        said = sh("diff", "-f", "-", text=MAP % ("m", "1"))
    assert (said.code, said.out) == (0, "3 -a=1\n")


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("false -x", None),
        ("/nope", 'error: failed to run "/nope": executable file not found in $PATH\n'),
        ("sh -c", 'error: failed to run "sh": exit status 126\n'),
    ],
)
def test_an_error_of_the_program_is_an_error_of_ours(program: str, text: str | None) -> None:
    with clusters.cluster() as cluster:
        said = lines.Shell(cluster, KUBECTL_EXTERNAL_DIFF=program)("diff", "-f", "-", text=MAP % ("m", "1"))
    assert said.code == (1 if text is None else 2)
    assert said.err.endswith(text or "")


def test_a_missing_file_leaves_with_two(sh: lines.Shell) -> None:
    said = sh("diff", "-f", "/nope.yaml")
    assert (said.code, said.err) == (2, 'error: the path "/nope.yaml" does not exist\n')
