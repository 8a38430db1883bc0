"""The order of `--sort-by`."""

from __future__ import annotations

import re

import pytest

from pkctl import errors
from pkctl.cli import sorting


@pytest.mark.parametrize(
    ("values", "ordered"),
    [
        (["b", "a"], ["a", "b"]),
        (["x9", "x10"], ["x10", "x9"]),
        (["1Gi", "500Mi", "2Ki"], ["2Ki", "500Mi", "1Gi"]),
        ([3, 1, 2], [1, 2, 3]),
        ([2, None, 1], [None, 1, 2]),
        (["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
    ],
    ids=["texts", "digits as letters", "quantities", "numbers", "missing first", "times"],
)
def test_values_are_put_in_order(values: list[object], ordered: list[object]) -> None:
    found = sorting.objects([{"a": value} if value is not None else {} for value in values], ".a")
    assert [obj.get("a") for obj in found] == ordered


def test_a_field_that_no_object_has_is_an_error() -> None:
    with pytest.raises(errors.CommandError, match=r"couldn't find any field with path \"\{\.b\}\" in the list of objects"):
        sorting.objects([{"a": 1}], "{.b}")


def test_a_table_by_a_field_that_no_object_has_is_empty() -> None:
    assert sorting.table({"rows": [{"object": {"a": 1}}] * 2}, ".b")["rows"] == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1, 1.5], "unsortable interface: interface"),
        ([1, "a"], "unsortable interface: interface"),
        ([[1], [2]], "unsortable type: []interface {}"),
        ([{}, {}], "unsortable type: map[string]interface {}"),
        ([True, False], "unsortable type: bool"),
    ],
    ids=["numbers of two types", "mixed", "lists", "maps", "booleans"],
)
def test_values_without_an_order_are_unsortable(values: list[object], reason: str) -> None:
    with pytest.raises(sorting.Unsortable, match=re.escape(reason)):
        sorting.objects([{"a": value} for value in values], ".a")


def test_rows_are_sorted_by_the_first_of_several_expressions() -> None:
    rows = [{"object": {"a": value}} for value in (2, 1)]
    assert [row["object"]["a"] for row in sorting.table({"rows": rows}, "{.a}{.b}")["rows"]] == [1, 2]
