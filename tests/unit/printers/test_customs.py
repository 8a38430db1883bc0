"""Custom columns, against what a real kubectl printed for the same objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl import errors
from pkctl.printers import customs

RECORDED = json.loads(Path("testdata/recorded/custom-columns.json").read_text())


def printed(spec: str, obj: Any) -> tuple[str, str]:
    try:
        return customs.parse(spec).dump(obj), ""
    except customs.Broken as error:
        return error.printed, f"error: {error}\n"
    except errors.CommandError as error:
        return "", f"error: {error}\n"


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: f"{case['of']} {case['spec']}")
def test_columns_print_as_kubectl_prints_them(case: dict[str, Any]) -> None:
    assert printed(case["spec"], RECORDED["objects"][case["of"]]) == (case["stdout"], case["stderr"])


def test_headers_come_once_and_widths_stay() -> None:
    columns = customs.parse("NAME:.a,B:.b")
    assert columns.dump({"a": "long-name", "b": 1}) == "NAME        B\nlong-name   1\n"
    assert columns.dump({"a": "x", "b": 2}) == "x           2\n"


def test_headers_can_be_left_out() -> None:
    assert customs.parse("NAME:.a,B:.b", no_headers=True).dump({"a": "x"}) == "x     <none>\n"


def test_a_template_file_has_headers_and_expressions() -> None:
    assert customs.parse_file("NAME   B\n.a   {.b}\nignored\n").dump({"a": "x", "b": [1]}) == "NAME   B\nx      [1]\n"


LAYOUT = "Expected format is one line of space separated headers, one line of space separated column specs."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"invalid template, missing header line. {LAYOUT}"),
        ("A B\n", f"invalid template, missing spec line. {LAYOUT}"),
        ("A B\n.a\n", "number of headers (2) and field specifications (1) don't match"),
    ],
    ids=["empty", "one line", "uneven"],
)
def test_a_wrong_template_file_is_told(text: str, said: str) -> None:
    with pytest.raises(errors.CommandError) as caught:
        customs.parse_file(text)
    assert str(caught.value) == said
