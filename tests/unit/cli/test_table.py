"""Commands found by their words, and meant by others."""

from __future__ import annotations

import pytest

from pkctl.cli import finding, table


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("get pods", "get"),
        ("-n x get pods", "get"),
        ("create -n x deploy web", "create deployment"),
        ("create svc nodeport web", "create service nodeport"),
        ("top po", "top pod"),
        ("rollout foo", "rollout"),
        ("create -f get", "create"),
        ("nope", ""),
    ],
    ids=str,
)
def test_the_longest_command_path_is_found(line: str, path: str) -> None:
    assert finding.command(line.split())[0] == path


def test_the_rest_keeps_its_order() -> None:
    assert finding.command(["-n", "x", "get", "-w", "pods"])[1] == ["-n", "x", "-w", "pods"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [("list", ["get"]), ("gets", ["set", "get"]), ("ge", ["set", "get", "cp"]), ("desc", ["describe"]), ("qqqqqqqqqqqq", [])],
    ids=str,
)
def test_a_wrong_word_suggests_what_kubectl_suggests(word: str, meant: list[str]) -> None:
    assert list(table.suggestions(word)) == meant


@pytest.mark.parametrize(("one", "two", "steps"), [("", "abc", 3), ("kitten", "sitting", 3), ("get", "get", 0)], ids=str)
def test_distance_counts_single_changes(one: str, two: str, steps: int) -> None:
    assert table.distance(one, two) == steps
