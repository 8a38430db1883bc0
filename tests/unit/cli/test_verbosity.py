"""`-v`: what a command line tells beside its results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pkctl.cli import flags, settings, verbosity
from tests.unit.cli import lines

STAMP = re.compile(r"^I\d{4} [\d:.]+ +\d+ ", re.MULTILINE)


def told(said: lines.Said) -> list[str]:
    return STAMP.sub("", said.err).splitlines()


@pytest.mark.parametrize(
    ("level", "first"),
    [("4", "helpers.go:246]"), ("6", "round_trippers.go:632]"), ("7", "round_trippers.go:527]"), ("8", "helper.go:105]")],
)
def test_a_level_begins_with_its_line(sh: lines.Shell, level: str, first: str) -> None:
    assert told(sh("get", "configmaps", "a", f"-v={level}"))[0].startswith(first)


def test_below_level_4_nothing_is_told(sh: lines.Shell) -> None:
    assert sh("get", "configmaps", "a", "-v=3").err == 'Error from server (NotFound): configmaps "a" not found\n'


def test_a_refusal_is_shown_as_the_api_answered_it(sh: lines.Shell) -> None:
    assert told(sh("get", "configmaps", "a", "-v=5"))[:4] == [
        "helpers.go:246] server response object: %s[{",
        '  "kind": "Status",',
        '  "apiVersion": "v1",',
        '  "metadata": {},',
    ]


def test_results_stay_alone_on_stdout(sh: lines.Shell) -> None:
    assert sh("get", "namespaces", "-o", "name", "-v=9").out == sh("get", "namespaces", "-o", "name").out


def test_a_kubeconfig_that_is_read_is_named(file_sh: lines.Sh, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("{apiVersion: v1, kind: Config}")
    said = file_sh("config", "view", "-v=6", KUBECONFIG=f"{config}:{tmp_path}/none")
    assert told(said) == [f"loader.go:407] Config loaded from file:  {config}"]


def test_who_acts_is_in_the_request(sh: lines.Shell) -> None:
    said = told(sh("get", "namespaces", "-v=7", "--as=jane", "--as-group=g", "--as-uid=7", "--as-user-extra=a=b"))
    assert said[2:6] == ["\tImpersonate-Extra-a: b", "\tImpersonate-Group: g", "\tImpersonate-Uid: 7", "\tImpersonate-User: jane"]


def test_a_token_is_masked() -> None:
    assert verbosity._headers({"token": "secret"}) == [("Authorization", "Bearer <masked>")]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("/a/b.db", "sqlite:///a/b.db"),
        ("sqlite:///a/b.db", "sqlite:///a/b.db"),
        ("postgresql://me:secret@host:5432/db?sslmode=require", "postgresql://me:xxxxx@host:5432/db"),
    ],
)
def test_the_server_is_the_clusters_place_without_its_password(place: str, shown: str) -> None:
    values = flags.parse(flags.rows("cluster"), [])
    assert verbosity.server(settings.Settings(values, {"PKCTL_CLUSTER": place})) == shown


def test_every_refusal_of_a_line_is_shown(sh: lines.Shell) -> None:
    assert sh("get", "configmaps", "a", "b", "-v=4").err.count("server response object") == 2


@pytest.mark.parametrize(
    ("named", "level"),
    [("round_trippers=6", 6), ("a=9,round*=7,round_trippers=8", 7), ("round_trippers=0,r*=6", 6), ("round_trippers.go=6", 0), ("", 0)],
    ids=["named", "first", "none", "suffix", "empty"],
)
def test_a_source_file_has_the_level_of_its_first_pattern(named: str, level: int) -> None:
    assert verbosity.level_of("round_trippers", named) == level


def test_one_file_alone_is_told_of(sh: lines.Shell) -> None:
    assert told(sh("get", "configmaps", "a", "--vmodule=helpers=4"))[0] == "helpers.go:246] server response object: %s[{"
