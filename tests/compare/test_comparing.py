"""The harness itself: pkctl compared with pkctl says the same everywhere, and a difference that is there is told."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import pytest
import yaml

from tests.compare import comparing

KUBECTL = os.environ.get("PKCTL_KUBECTL") or shutil.which("kubectl") or "kubectl"
WORKERS = 3
HERE = pathlib.Path(__file__).parent
GROUPS = {place.stem: yaml.safe_load(place.read_text()) for place in sorted((HERE / "cases").glob("*.yaml"))}
FEW = {"lines": [{"line": line} for line in ("create cm a --from-literal=k=v", "create cm a", "label cm {} x=y", "delete cm a")]}
FEW["lines"][2]["each"] = ["a", "nope"]


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
    found = dict(comparing.compare({"lines": [{"line": "get configmaps"}]}, sides, tmp_path))
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
        ("failed after 0 ms: refused\n", "failed after 12 ms: refused\n"),
    ],
    ids=["ages", "uids", "times", "names", "revisions", "waits"],
)
def test_what_differs_between_any_two_runs_is_put_aside(one: str, other: str) -> None:
    assert comparing.differences(comparing.Answer(one, "", 0), comparing.Answer(other, "", 0)) == ""


def test_every_group_has_lines_of_its_own() -> None:
    told = [(name, line, case.get("stdin")) for name, group in GROUPS.items() for line, case in comparing.lines(group)]
    assert len(told) >= 800


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A hollow cluster with one of everything."""
    place = tmp_path_factory.mktemp("begun") / "cluster.db"
    side = comparing.pkctl(place)
    assert side.says("get namespaces --no-nodes").code == 0
    for name in ("setup.yaml", "cups.yaml"):
        done = side.says(f"apply -f {HERE / name}")
        assert done.code == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def answers(
    request: pytest.FixtureRequest, begun: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, futures.Future[dict[str, str]]]]:
    """What differs in each group that is wanted, told when all of its lines have been run; watches, which wait, begin first."""
    mine = [item for item in request.session.items if getattr(item, "function", None) is test_kubectl_and_pkctl_say_the_same]
    wanted = [item.callspec.params["group"] for item in mine]  # type: ignore[attr-defined]
    with futures.ThreadPoolExecutor(WORKERS) as pool:
        yield {name: pool.submit(run, GROUPS[name], begun, tmp_path_factory.mktemp(name)) for name in reversed(wanted)}


def run(group: dict[str, Any], begun: pathlib.Path, here: pathlib.Path) -> dict[str, str]:
    """The differences of a group on a cluster of its own, by line."""
    for name in ("one.db", "other.db"):
        shutil.copy(begun, here / name)
    with comparing.served(here / "one.db") as url:
        pair = comparing.kubectl(url, here / "home", KUBECTL), comparing.pkctl(here / "other.db")
        return dict(comparing.compare(group, pair, here / "work"))


@pytest.mark.skipif(bool(os.environ.get("PKCTL_ENDPOINT")), reason="PKCTL_ENDPOINT names another endpoint")
@pytest.mark.parametrize("group", GROUPS)
def test_kubectl_and_pkctl_say_the_same(group: str, answers: dict[str, futures.Future[dict[str, str]]]) -> None:
    found = answers[group].result()
    assert not found, told(found)


@pytest.mark.skipif(not os.environ.get("PKCTL_ENDPOINT"), reason="PKCTL_ENDPOINT and PKCTL_COMPARED name no endpoint and cluster file")
def test_kubectl_at_the_endpoint_and_pkctl_say_the_same(tmp_path: pathlib.Path) -> None:
    shutil.copy(os.environ["PKCTL_COMPARED"], tmp_path / "copy.db")
    pair = comparing.kubectl(os.environ["PKCTL_ENDPOINT"], tmp_path / "home", KUBECTL), comparing.pkctl(tmp_path / "copy.db")
    setup = {"lines": [{"line": f"apply -f {HERE / name}"} for name in ("setup.yaml", "cups.yaml")]}
    found = {}
    for name, group in {"setup": setup, **GROUPS}.items():
        found.update(comparing.compare(group, pair, tmp_path / name, lambda text: print(text, file=sys.stderr)))
    assert not found, told(found)


def told(found: dict[str, str]) -> str:
    return f"{len(found)} lines differ\n" + "\n\n".join(f"$ {line}\n{text}" for line, text in found.items())
