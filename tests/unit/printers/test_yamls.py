"""YAML is written to the byte as a real kubectl writes it; `testdata/recorded/yamls-written.json` holds kubectl 1.37's output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pkctl.objects import yamls as read
from pkctl.printers import yamls

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "testdata/recorded/yamls-written.json").read_text())
TEXTS = some.text(
    some.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029\ufeff") | some.sampled_from("\n :-#'\"")
)
NUMBERS = some.integers(-(2**63), 2**63 - 1) | some.floats(allow_nan=False, allow_infinity=False, width=32).filter(
    lambda value: not value.is_integer()
)
VALUES = some.recursive(
    some.none() | some.booleans() | NUMBERS | TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_an_object_is_written_as_kubectl_writes_it(case: dict[str, Any]) -> None:
    number = case["text"].rstrip().rpartition("name: x")[2]
    metadata = {"labels": {"zz": "1"}, "name": f"x{number}"}
    assert yamls.dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": case["data"]}) == case["text"]


@given(some.dictionaries(TEXTS, VALUES, max_size=3))
def test_what_is_written_reads_back(value: dict[str, Any]) -> None:
    assert (read.load(yamls.dump(value)) or {}) == value


def test_keys_may_keep_their_order() -> None:
    assert yamls.dump({"kind": "A", "apiVersion": "v1"}, sort=False) == "kind: A\napiVersion: v1\n"


@pytest.mark.parametrize(("value", "text"), [({}, "{}\n"), ([], "[]\n"), ([1], "- 1\n"), ("yes", '"yes"\n'), (None, "null\n")], ids=str)
def test_a_value_need_not_be_an_object(value: Any, text: str) -> None:
    assert yamls.dump(value) == text
