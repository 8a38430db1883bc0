"""Selectors are read, matched and shown as the API server does; the errors in `testdata/recorded/selectors.json` are kubectl 1.37's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.objects import selectors

RECORDED: list[tuple[str, str]] = json.loads((Path(__file__).parents[3] / "testdata/recorded/selectors.json").read_text())


@pytest.mark.parametrize(("text", "told"), RECORDED, ids=[text for text, _ in RECORDED])
def test_a_bad_selector_is_refused_in_the_servers_words(text: str, told: str) -> None:
    with pytest.raises(selectors.SelectorError) as caught:
        selectors.parse(text)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a=b", "a=b"),
        ("a==b", "a=b"),
        ("a!=b", "a!=b"),
        ("b,a", "a,b"),
        ("!a", "!a"),
        ("x in (c,b),a", "a,x in (b,c)"),
        ("a notin (b)", "a notin (b)"),
        ("a>1", "a>1"),
        ("a<1", "a<1"),
        ("a=", "a="),
        ("a in (,)", "a in ()"),
        (" a = b ", "a=b"),
        ("", ""),
    ],
)
def test_a_selector_is_shown_sorted(text: str, shown: str) -> None:
    assert str(selectors.parse(text)) == shown


@pytest.mark.parametrize(
    ("text", "labels", "holds"),
    [
        ("a=b", {"a": "b"}, True),
        ("a=b", {}, False),
        ("a!=b", {}, True),
        ("a!=b", {"a": "b"}, False),
        ("a", {"a": ""}, True),
        ("!a", {}, True),
        ("a in (b,c)", {"a": "c"}, True),
        ("a notin (b,c)", {}, True),
        ("a notin (b,c)", {"a": "b"}, False),
        ("a>1", {"a": "2"}, True),
        ("a>1", {"a": "1"}, False),
        ("a>1", {"a": "x"}, False),
        ("a<10", {"a": "9"}, True),
        ("a=b,c=d", {"a": "b"}, False),
        ("", {"x": "y"}, True),
        ("a=", {"a": ""}, True),
        ("a=", {}, False),
    ],
)
def test_a_selector_matches_labels(text: str, labels: dict[str, str], holds: bool) -> None:
    assert selectors.parse(text).matches(labels) is holds


MIXED: dict[str, Any] = {
    "matchLabels": {"app": "web"},
    "matchExpressions": [{"key": "t", "operator": "In", "values": ["b", "a"]}, {"key": "q", "operator": "Exists"}],
}


def test_a_label_selector_is_shown_as_tables_have_it() -> None:
    assert selectors.show(MIXED) == "app=web,q,t in (a,b)"


@pytest.mark.parametrize("empty", [None, {}], ids=["none", "empty"])
def test_an_empty_label_selector_is_shown_as_none(empty: Any) -> None:
    assert selectors.show(empty) == "<none>"


def test_no_label_selector_matches_nothing() -> None:
    assert not selectors.matches(None, {"a": "b"})


def test_an_empty_label_selector_matches_everything() -> None:
    assert selectors.matches({}, {})


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(selectors.SelectorError, match='"Near" is not a valid label selector operator'):
        selectors.of({"matchExpressions": [{"key": "a", "operator": "Near"}]})


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a=b", [("a", "=", "b")]),
        ("a==b,c!=d", [("a", "=", "b"), ("c", "!=", "d")]),
        (r"a=x\,y\=z", [("a", "=", "x,y=z")]),
        ("", []),
        ("a=", [("a", "=", "")]),
    ],
)
def test_a_field_selector_is_read(text: str, terms: list[tuple[str, str, str]]) -> None:
    assert selectors.parse_fields(text) == terms


def test_a_field_selector_without_a_value_is_refused() -> None:
    with pytest.raises(selectors.SelectorError, match=r"^invalid selector: 'a'; can't understand 'a'$"):
        selectors.parse_fields("a")
