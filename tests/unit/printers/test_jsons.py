"""JSON, against what a real kubectl printed, and Go's numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from pkctl.printers import jsons

RECORDED = json.loads(Path("testdata/recorded/custom-columns.json").read_text())


@pytest.mark.parametrize("case", RECORDED["json"], ids=lambda case: case["of"])
def test_objects_print_as_kubectl_prints_them(case: dict[str, Any]) -> None:
    obj = RECORDED["objects"][case["of"]]
    if case["of"] == "list":
        obj = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": obj["items"]}
    assert jsons.dump(obj) == case["stdout"]


def test_keys_can_keep_their_order() -> None:
    assert jsons.dump({"kind": "Pod", "apiVersion": "v1"}, sort_keys=False) == '{\n    "kind": "Pod",\n    "apiVersion": "v1"\n}\n'


def test_keys_are_sorted_by_default() -> None:
    assert jsons.dump({"b": 1, "a": []}) == '{\n    "a": [],\n    "b": 1\n}\n'


def test_compact_has_no_blanks() -> None:
    assert jsons.compact({"b": [1, {"c": None}], "a": "<é>"}) == '{"a":"\\u003cé\\u003e","b":[1,{"c":null}]}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (-0.0, "-0"),
        (1e20, "100000000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (1.5e16, "15000000000000000"),
        (1e21, "1e+21"),
        (1.25e22, "1.25e+22"),
        (1e-6, "0.000001"),
        (1.5e-6, "0.0000015"),
        (0.00012, "0.00012"),
        (1e-7, "1e-7"),
        (-2.5e-9, "-2.5e-9"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
    ],
)
def test_floats_are_written_as_go_writes_them(value: float, text: str) -> None:
    assert jsons.number(value) == text


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert jsons.string("a\ud800b") == '"a\ufffdb"'


texts = strategies.text(strategies.characters(exclude_categories=["Cs"]))
numbers = strategies.integers() | strategies.floats(min_value=-1e15, max_value=1e15)
values = strategies.recursive(
    strategies.none() | strategies.booleans() | numbers | texts,
    lambda inner: strategies.lists(inner) | strategies.dictionaries(texts, inner),
    max_leaves=10,
)


@hypothesis.given(values)
@hypothesis.settings(max_examples=50, database=None)
def test_what_is_written_reads_back_equal(value: Any) -> None:
    assert json.loads(jsons.dump(value)) == value
    assert json.loads(jsons.compact(value, sort_keys=False)) == value
