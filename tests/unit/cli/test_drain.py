"""`drain`: what keeps a node from being emptied."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

PODS = """apiVersion: v1
kind: Pod
metadata: {name: bare}
spec: {nodeName: one, containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}}]}
"""
BARE = "cannot delete Pods that declare no controller (use --force to override): default/bare"
LOCAL = "cannot delete Pods with local storage (use --delete-emptydir-data to override): default/bare"


@pytest.fixture
def node(sh: lines.Shell) -> lines.Shell:
    sh("create", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    sh("create", "-f", "-", text=PODS)
    return sh


def test_one_cause_is_told_as_it_is(node: lines.Shell) -> None:
    said = node("drain", "one", "--force")
    assert (said.code, said.out) == (1, "node/one cordoned\n")
    assert said.err.splitlines() == [
        f'error: unable to drain node "one" due to error: {LOCAL}, continuing command...',
        "There are pending nodes to be drained:",
        " one",
        LOCAL,
    ]


def test_several_causes_are_told_one_by_one(node: lines.Shell) -> None:
    assert node("drain", "one").err.splitlines() == [
        f'error: unable to drain node "one" due to error: [{BARE}, {LOCAL}], continuing command...',
        "There are pending nodes to be drained:",
        " one",
        BARE,
        LOCAL,
    ]


def test_an_empty_node_is_drained_at_once(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    assert sh("drain", "one").out == "node/one cordoned\nnode/one drained\n"
