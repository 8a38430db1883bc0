"""What a schema takes out of a custom object and what it fills in."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import customnodes, custompruning

STRING = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _pruned(schema: dict[str, Any], obj: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    return obj, custompruning.prune(customnodes.Node(schema), obj)


def _filled(schema: dict[str, Any], obj: dict[str, Any]) -> dict[str, Any]:
    custompruning.fill(customnodes.Node(schema), obj)
    return obj


EMBEDDED = {**_object(spec=_object(a=STRING)), "x-kubernetes-embedded-resource": True}
FREE = {**_object(a=_object(b=STRING)), "x-kubernetes-preserve-unknown-fields": True}
PRUNED: dict[str, tuple[Any, Any, Any, list[str]]] = {
    "a known field stays": (_object(a=STRING), {"a": "x"}, {"a": "x"}, []),
    "an unknown field goes": (_object(a=STRING), {"a": "x", "b": 1}, {"a": "x"}, ["b"]),
    "a field below goes": (_object(a=_object()), {"a": {"b": {"c": 1}}}, {"a": {}}, ["a.b"]),
    "what every object has stays": (_object(), {"apiVersion": "v1", "kind": "X", "metadata": {"a": 1}},
                                    {"apiVersion": "v1", "kind": "X", "metadata": {"a": 1}}, []),
    "only at the root": (_object(a=_object()), {"a": {"kind": "X"}}, {"a": {}}, ["a.kind"]),
    "or in an embedded object": (_object(a=EMBEDDED), {"a": {"kind": "X", "spec": {"a": "x", "b": 1}}},
                                 {"a": {"kind": "X", "spec": {"a": "x"}}}, ["a.spec.b"]),
    "each item of a list": (_object(a={"type": "array", "items": _object(b=STRING)}), {"a": [{"b": "x"}, {"c": 1}]},
                            {"a": [{"b": "x"}, {}]}, ["a[1].c"]),
    "a map takes any key": (_object(a={"type": "object", "additionalProperties": _object(b=STRING)}), {"a": {"x": {"b": "y", "c": 1}}},
                            {"a": {"x": {"b": "y"}}}, ["a.x.c"]),
    "a free object keeps all": (_object(a=FREE), {"a": {"z": {"y": 1}}}, {"a": {"z": {"y": 1}}}, []),
    "but known fields in it are pruned": (_object(a=FREE), {"a": {"a": {"z": 1}}}, {"a": {"a": {}}}, ["a.a.z"]),
    "an open map keeps all": (_object(a={"type": "object", "additionalProperties": True}), {"a": {"x": 1}}, {"a": {"x": 1}}, []),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "obj", "wanted", "dropped"), PRUNED.values(), ids=PRUNED)
def test_pruning(schema: Any, obj: Any, wanted: Any, dropped: list[str]) -> None:
    assert _pruned(schema, obj) == (wanted, dropped)


DEFAULT, NULLABLE = {**STRING, "default": "d"}, {**STRING, "nullable": True}
FILLED: dict[str, tuple[Any, Any, Any]] = {
    "a missing field": (_object(a=DEFAULT), {}, {"a": "d"}),
    "never what is there": (_object(a=DEFAULT), {"a": "x"}, {"a": "x"}),
    "a null": (_object(a=DEFAULT), {"a": None}, {"a": "d"}),
    "not a null that may be": (_object(a={**DEFAULT, "nullable": True}), {"a": None}, {"a": None}),
    "not inside what is missing": (_object(a=_object(b=DEFAULT)), {}, {}),
    "inside what is there": (_object(a=_object(b=DEFAULT)), {"a": {}}, {"a": {"b": "d"}}),
    "inside a default": (_object(a={**_object(b=DEFAULT), "default": {}}), {}, {"a": {"b": "d"}}),
    "inside items": (_object(a={"type": "array", "items": _object(b=DEFAULT)}), {"a": [{}]}, {"a": [{"b": "d"}]}),
    "inside a map": (_object(a={"type": "object", "additionalProperties": _object(b=DEFAULT)}), {"a": {"x": {}}}, {"a": {"x": {"b": "d"}}}),
    "a false one": (_object(a={"type": "boolean", "default": False}), {}, {"a": False}),
    "a null without one goes": (_object(a=STRING), {"a": None}, {}),
    "a null that may be stays": (_object(a=NULLABLE), {"a": None}, {"a": None}),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "obj", "wanted"), FILLED.values(), ids=FILLED)
def test_a_default_fills(schema: Any, obj: Any, wanted: Any) -> None:
    assert _filled(schema, obj) == wanted


def test_a_default_is_the_objects_own() -> None:
    schema = _object(a={"type": "array", "items": STRING, "default": []})
    _filled(schema, {})["a"].append("x")
    assert _filled(schema, {}) == {"a": []}
