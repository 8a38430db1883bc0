"""Tables, against what a real kubectl printed for the same ones."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.printers import tables

RECORDED = json.loads(Path("testdata/recorded/tables.json").read_text())


def options(flags: list[str]) -> dict[str, Any]:
    labels = flags[flags.index("-L") + 1].split(",") if "-L" in flags else ()
    return {
        "wide": "wide" in flags,
        "no_headers": "--no-headers" in flags,
        "show_labels": "--show-labels" in flags,
        "label_columns": labels,
        "show_namespace": "-A" in flags,
        "show_kind": "Pod" if "--show-kind" in flags else "",
    }


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: " ".join([case["table"], *case["flags"]]))
def test_a_table_prints_as_kubectl_prints_it(case: dict[str, Any]) -> None:
    table = RECORDED["tables"][case["table"]]
    before = copy.deepcopy(table)
    assert tables.render(table, **options(case["flags"])) == case["stdout"]
    assert table == before


def row(*cells: object) -> dict[str, Any]:
    return {"cells": list(cells), "object": {"metadata": {"name": "x", "namespace": "ns", "labels": {"a": "b"}}}}


def table(*rows: dict[str, Any], columns: bool = True) -> dict[str, Any]:
    names = [{"name": "Name", "type": "string", "format": "name"}, {"name": "Age", "type": "string"}]
    return {"columnDefinitions": names if columns else [], "rows": list(rows)}


def test_a_stream_prints_headers_once_and_never_gets_narrower() -> None:
    stream = tables.Stream()
    assert stream.text(table(row("long-name", "1s"))) == "NAME        AGE\nlong-name   1s\n"
    assert stream.text(table(row("b", "2s"))) == "b           2s\n"


def test_a_table_without_columns_continues_the_last() -> None:
    stream = tables.Stream()
    stream.text(table(row("a", "1s")))
    assert stream.text(table(row("b", "2s"), columns=False)) == "b      2s\n"


def test_an_empty_table_leaves_the_headers_to_the_next() -> None:
    stream = tables.Stream()
    assert stream.text(table()) == ""
    assert stream.text(table(row("a", "1s"))) == "NAME   AGE\na      1s\n"


def test_other_columns_get_headers_of_their_own() -> None:
    stream = tables.Stream()
    stream.text(table(row("a", "1s")))
    other = {"columnDefinitions": [{"name": "Else", "type": "string"}], "rows": [row("b")]}
    assert stream.text(other) == "ELSE\nb\n"


def test_an_event_goes_before_everything() -> None:
    stream = tables.Stream(show_namespace=True)
    assert stream.text(table(row("a", "1s")), event="ADDED") == "EVENT      NAMESPACE   NAME   AGE\nADDED      ns          a      1s\n"


def test_a_row_without_its_object_has_empty_label_cells() -> None:
    stream = tables.Stream(show_labels=True, show_namespace=True)
    assert stream.text(table({"cells": ["a", "1s"], "object": None})) == "NAMESPACE   NAME   AGE   LABELS\n            a      1s    \n"


def test_more_cells_than_columns_are_left_out() -> None:
    assert tables.render(table(row("a", "1s", "extra"))) == "NAME   AGE\na      1s\n"
