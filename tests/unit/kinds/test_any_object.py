"""Whatever the types allow, the rooms judge without falling over."""

from __future__ import annotations

import random

import pytest

from pkctl.kinds import schema, table
from tests.unit.kinds import workload_cases as cases

SAMPLES = {
    "s": ("", "a", "x/y", "..", "25%", "Always", "RollingUpdate"),
    "b": (True, False), "i": (-1, 0, 1, 70000), "l": (-1, 0, 1), "n": (0, 1.5),
    "t": ("2026-01-01T00:00:00Z",), "u": ("2026-01-01T00:00:00.000000Z",), "y": ("", "YQ=="), "q": ("-1", "0", "100m", "1Gi"),
    "x": (0, "10%", "http"), "*": ({}, {"a": 1}),
}  # fmt: skip
KINDS = (
    "pods", "podtemplates", "replicationcontrollers", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs",
    "controllerrevisions",
)  # fmt: skip
FULLNESS = (0.05, 0.3, 0.6)


def grown(node, dice, depth=0):
    """A random value of a type."""
    if node.code == "@":
        chance = dice.choice(FULLNESS) if depth < 9 else 0
        return {name: grown(field, dice, depth + 1) for name, field in node.fields.items() if dice.random() < chance}
    if node.item is not None:
        values = [grown(node.item, dice, depth + 1) for _ in range(dice.randrange(3))]
        return values if node.code == "[" else {dice.choice(("cpu", "a/b", "", "foo")): value for value in values}
    return dice.choice(SAMPLES[node.code])


def made(word, seed):
    dice, row = random.Random(seed), table.BUILTIN.find(word)
    obj = grown(schema.shape(row), dice)
    obj["metadata"] = obj.get("metadata") or {}
    for part in ("spec", "template"):
        if part in schema.shape(row).fields:
            obj[part] = grown(schema.shape(row).field(part), dice)
    return {**obj, "apiVersion": row.api_version, "kind": row.kind}


@pytest.mark.parametrize("word", KINDS)
def test_any_object_is_judged(word):
    for seed in range(40):
        assert isinstance(cases.problems(made(word, seed)), list)


@pytest.mark.parametrize("word", KINDS)
def test_any_change_is_judged(word):
    for seed in range(20):
        assert isinstance(cases.problems(made(word, seed), made(word, seed + 1)), list)


@pytest.mark.parametrize("word", KINDS)
def test_any_object_has_a_row(word):
    room = table.room(table.BUILTIN.find(word))
    for seed in range(40):
        obj = cases.stored(made(word, seed))
        obj["status"] = made(word, seed).get("status", {})
        assert len(room.cells(obj, 1767225600.0)) == len(room.COLUMNS)
