"""The harness itself: pkctl compared with pkctl says the same everywhere, and a difference that is there is told."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys

import pytest
import yaml

from tests.compare import comparing

CASES = yaml.safe_load(pathlib.Path(__file__).with_name("cases.yaml").read_text())
FEW = [each for each in CASES if each["line"].split()[0] in ("create", "label", "delete")][:6]


@pytest.fixture
def sides(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> tuple[comparing.Side, comparing.Side]:
    """pkctl on a hollow cluster file, and pkctl on a copy of it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    one = comparing.pkctl(tmp_path / "one.db")
    assert one.says("get namespaces --no-nodes").code == 0
    shutil.copy(tmp_path / "one.db", tmp_path / "other.db")
    return one, comparing.pkctl(tmp_path / "other.db")


def test_the_same_program_says_the_same(sides: tuple[comparing.Side, comparing.Side], tmp_path: pathlib.Path) -> None:
    assert list(comparing.compare(FEW, sides, tmp_path)) == []


def test_another_cluster_is_told_apart(sides: tuple[comparing.Side, comparing.Side], tmp_path: pathlib.Path) -> None:
    sides[1].says("create configmap only-here")
    found = dict(comparing.compare([{"line": "get configmaps"}], sides, tmp_path))
    assert "+only-here" in found["get configmaps"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a\n", "", 0), ("b\n", "", 0)),
        (("", "Warning: x\n", 0), ("", "", 0)),
        (("", "", 0), ("", "", 1)),
        (("web 1/1\n", "", 0), ("web 0/1\n", "", 0)),
    ],
    ids=["stdout", "stderr", "code", "figures"],
)
def test_a_difference_is_told(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    assert comparing.differences(comparing.Answer(*one), comparing.Answer(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NAME   AGE\na      5s\n", "NAME   AGE\na      3m5s\n"),
        ("uid: 11111111-2222-3333-4444-555555555555\n", "uid: aaaaaaaa-2222-3333-4444-555555555555\n"),
        ("at 2026-01-01T00:00:00Z\n", "at 2027-01-01T10:00:00.5Z\n"),
        ("See 'kubectl get -h'\n", "See 'pkctl get -h'\n"),
        ('"resourceVersion": "12"\n', '"resourceVersion": "345"\n'),
    ],
    ids=["ages", "uids", "times", "names", "revisions"],
)
def test_what_differs_between_any_two_runs_is_put_aside(one: str, other: str) -> None:
    assert comparing.differences(comparing.Answer(one, "", 0), comparing.Answer(other, "", 0)) == ""


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80
    assert all(each["line"] for each in CASES)


@pytest.mark.skipif(not os.environ.get("PKCTL_ENDPOINT"), reason="PKCTL_ENDPOINT and PKCTL_COMPARED name no endpoint and cluster file")
def test_kubectl_at_the_endpoint_and_pkctl_say_the_same(tmp_path: pathlib.Path) -> None:
    shutil.copy(os.environ["PKCTL_COMPARED"], tmp_path / "copy.db")
    program = os.environ.get("PKCTL_KUBECTL") or shutil.which("kubectl") or "kubectl"
    pair = comparing.kubectl(os.environ["PKCTL_ENDPOINT"], tmp_path / "home", program), comparing.pkctl(tmp_path / "copy.db")
    found = list(comparing.compare(CASES, pair, tmp_path, lambda text: print(text, file=sys.stderr)))
    assert not found, f"{len(found)} of {len(CASES)} differ\n" + "\n\n".join(f"$ {line}\n{text}" for line, text in found)
