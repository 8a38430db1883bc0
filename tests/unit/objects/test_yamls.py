"""YAML is read, and refused, as a real kubectl reads it; `testdata/recorded/yamls-read.json` holds what kubectl 1.37 answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.objects import yamls

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "testdata/recorded/yamls-read.json").read_text())


def _outcome(text: str) -> dict[str, Any]:
    try:
        return {"text": text, "values": yamls.load_all(text)}
    except yamls.YamlError as error:
        return {"text": text, "error": str(error)}


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_a_text_is_read_as_kubectl_reads_it(case: dict[str, Any]) -> None:
    assert json.dumps(_outcome(case["text"])) == json.dumps(case)


def test_the_documents_before_a_broken_one_come_first() -> None:
    read = yamls.documents("a: 1\n---\nb: [\n")
    assert next(read) == {"a": 1}
    with pytest.raises(yamls.YamlError, match="yaml: line 1: did not find expected node content"):
        next(read)


def test_empty_documents_are_left_out() -> None:
    assert yamls.load_all("---\n# nothing\n---\na: 1\n---\n\n---\n") == [{"a": 1}]


def test_json_values_may_follow_one_another() -> None:
    assert yamls.load_all('{"a": 1}\n{"a": 2}---\na: 3\n') == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_an_alias_shares_the_value() -> None:
    assert yamls.load("a: &x {k: 1}\nb: *x") == {"a": {"k": 1}, "b": {"k": 1}}


def test_nothing_loads_as_none() -> None:
    assert yamls.load("# only a comment") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('a:\n  "x\\/y"\n', "yaml: line 2: found unknown escape character"),
        (
            "{~: {b: [null, 1e30]}}",
            'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"b":[]interface {}{',
        ),
        ("a:\n  ~:\n", "unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>"),
        ("a:\n  0xffffffffffffffff: b\n", 'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: "b"'),
        ("? [9223372036854775808, -1]\n: 1\n", "yaml: invalid map key: []interface {}{0x8000000000000000, -1}"),
    ],
    ids=["slash", "null", "nulls", "uint64", "list"],
)
def test_keys_and_escapes_that_goyaml_refuses_are_told_in_its_words(text: str, told: str) -> None:
    with pytest.raises(yamls.YamlError) as caught:
        yamls.load_yaml(text)
    assert told in str(caught.value)


def test_a_quote_may_be_escaped_though_it_need_not() -> None:
    assert yamls.load('a: "it\\\'s"\nb: "\\\\/"\n') == {"a": "it's", "b": "\\/"}
