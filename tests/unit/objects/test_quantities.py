"""Quantities read and print as a real kubectl's do; `testdata/recorded/quantities.json` holds what kubectl 1.37 made of them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pkctl.objects import quantities

RECORDED: list[tuple[str, str]] = json.loads((Path(__file__).parents[3] / "testdata/recorded/quantities.json").read_text())
SUFFIXES = some.sampled_from(["Ki", "Mi", "Gi", "Ti", "n", "u", "m", "", "k", "M", "G", "T"])
TEXTS = some.builds(lambda number, suffix: f"{number}{suffix}", some.integers(-999, 999), SUFFIXES)


@pytest.mark.parametrize(("text", "told"), RECORDED, ids=lambda case: str(case)[:40])
def test_a_quantity_is_written_as_kubernetes_writes_it(text: str, told: str) -> None:
    assert _outcome(text) == told


def _outcome(text: str) -> str:
    try:
        return quantities.canonical(text)
    except quantities.QuantityError as error:
        return str(error)


@given(TEXTS)
def test_the_canonical_text_is_the_same_amount(text: str) -> None:
    assert quantities.parse(quantities.canonical(text)) == quantities.parse(text)


@given(TEXTS)
def test_the_canonical_text_is_its_own(text: str) -> None:
    assert quantities.canonical(quantities.canonical(text)) == quantities.canonical(text)


@given(TEXTS, TEXTS)
def test_a_sum_less_one_part_is_the_other(one: str, other: str) -> None:
    assert quantities.parse(quantities.sub(quantities.add(one, other), other)) == quantities.parse(one)


def test_amounts_are_exact() -> None:
    assert quantities.parse("0.1") == Fraction(1, 10)


@pytest.mark.parametrize(("text", "whole"), [("1500m", 2), ("1Ki", 1024), ("0.1n", 1), ("-1500m", -1)])
def test_a_value_is_rounded_up(text: str, whole: int) -> None:
    assert quantities.value(text) == whole


@pytest.mark.parametrize(("text", "thousandths"), [("1", 1000), ("100m", 100), ("1u", 1), (0.5, 500), (2, 2000)])
def test_thousandths_are_rounded_up(text: str | float, thousandths: int) -> None:
    assert quantities.milli(text) == thousandths


@pytest.mark.parametrize(("one", "other", "sign"), [("1", "1000m", 0), ("1Ki", "1k", 1), ("999Mi", "1Gi", -1)])
def test_amounts_compare_whatever_their_form(one: str, other: str, sign: int) -> None:
    assert quantities.compare(one, other) == sign


@pytest.mark.parametrize(
    ("one", "other", "total"), [("1Gi", "1Mi", "1025Mi"), ("0", "1Gi", "1Gi"), ("100m", "1", "1100m"), ("1k", "24", "1024")]
)
def test_a_sum_has_the_form_of_the_first(one: str, other: str, total: str) -> None:
    assert quantities.add(one, other) == total
