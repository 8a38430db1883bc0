"""Manifests of every kind from a seed: grown from the types, then often spoilt, as users and fuzzers spoil them."""

from __future__ import annotations

import copy
import random
from typing import Any

from pkctl.kinds import schema, table

Object = dict[str, Any]
SAMPLES: dict[str, tuple[Any, ...]] = {
    "s": ("", "a", "x/y", "..", "25%", "Always", "RollingUpdate", "10.0.0.1", "a" * 300, "é", "*/5 * * * *"),
    "b": (True, False),
    "i": (-1, 0, 1, 70000, 2**31 - 1),
    "l": (-1, 0, 1, 2**63 - 1),
    "n": (0, 1.5, -1e300),
    "t": ("2026-01-01T00:00:00Z", None),
    "u": ("2026-01-01T00:00:00.000000Z",),
    "y": ("", "YQ=="),
    "q": ("-1", "0", "100m", "1Gi", "1e3", 5),
    "x": (0, "10%", "http", -5, 70000),
    "*": ({}, {"a": 1}),
}
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**70, 1.5, 1e308, "", "x", "\x00", "é" * 100, "{}", [], {}, [None], [[]], [{}], {"": None}, {"a": {"b": []}},
    "2026-13-45T99:99:99Z", "1x", "=", "%", "a=b,c in (d", ["a", 1, None], {"a b": "c"},
)  # fmt: skip
FULLNESS = (0.05, 0.3, 0.6)
DEEPEST = 9
STOPS = 0.2


def grown(node: Any, dice: random.Random, depth: int = 0) -> Any:
    """A random value of a type."""
    if node.code == "@":
        chance = dice.choice(FULLNESS) if depth < DEEPEST else 0
        return {name: grown(field, dice, depth + 1) for name, field in node.fields.items() if dice.random() < chance}
    if node.item is not None:
        values = [grown(node.item, dice, depth + 1) for _ in range(dice.randrange(3))]
        return values if node.code == "[" else {dice.choice(("cpu", "a/b", "", "foo", "memory")): value for value in values}
    return copy.deepcopy(dice.choice(SAMPLES[node.code]))


def made(row: table.Row, dice: random.Random) -> Object:
    """An object of a kind whose every value has its type."""
    shape = schema.shape(row)
    obj = grown(shape, dice)
    meta = obj.get("metadata") if isinstance(obj.get("metadata"), dict) else {}
    for part in ("spec", "template", "status"):
        if part in shape.fields and dice.random() < 0.9:
            obj[part] = grown(shape.field(part), dice)
    if dice.random() < 0.7:
        meta = {key: value for key, value in meta.items() if key in ("labels", "annotations")} | {"name": "x"}
    return {**obj, "apiVersion": row.api_version, "kind": row.kind, "metadata": meta}


def spoilt(obj: Object, dice: random.Random, times: int) -> Object:
    """The object with some values replaced by junk, removed, or joined by fields that no type has."""
    for _ in range(times):
        spot: Any = obj
        while keys := _places(spot, is_top=spot is obj):
            key = dice.choice(keys)
            if not _places(spot[key]) or dice.random() < STOPS:
                _spoil(spot, key, dice)
                break
            spot = spot[key]
    return obj


def _places(value: Any, *, is_top: bool = False) -> list[Any]:
    """The keys or indexes that can be spoilt; what says the kind is left alone."""
    if isinstance(value, dict):
        return [key for key in value if not is_top or key not in ("apiVersion", "kind")]
    return list(range(len(value))) if isinstance(value, list) else []


def _spoil(spot: Any, key: Any, dice: random.Random) -> None:
    what = dice.randrange(4)
    if what == 0:
        del spot[key]
    elif what == 1 and isinstance(spot, dict):
        spot[dice.choice(("foo", "", "a b"))] = copy.deepcopy(dice.choice(JUNK))
    else:
        spot[key] = copy.deepcopy(dice.choice(JUNK))
