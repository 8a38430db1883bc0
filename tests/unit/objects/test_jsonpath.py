"""JSONPath templates print, and fail, as a real kubectl's do; `testdata/recorded/jsonpaths.json` holds what kubectl 1.37 answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.objects import jsonpath

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[3] / "testdata/recorded/jsonpaths.json").read_text())


def _outcome(template: str, allow_missing: bool) -> tuple[str, str]:
    try:
        path = jsonpath.parse(template)
    except jsonpath.JSONPathError as error:
        return "", f"PARSE {error.reason}"
    try:
        return path.render(RECORDED["object"], allow_missing=allow_missing), ""
    except jsonpath.JSONPathError as error:
        return "", error.reason


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: f"{case['template']} {case['allow_missing']}")
def test_a_template_prints_what_kubectl_prints(case: dict[str, Any]) -> None:
    assert _outcome(case["template"], case["allow_missing"]) == (case["prints"], case["error"])


@pytest.mark.parametrize("text", ["a.b", ".a.b", "{a.b}", "{.a.b}"])
def test_a_relaxed_path_needs_neither_braces_nor_dot(text: str) -> None:
    assert jsonpath.parse(text, relaxed=True).values({"a": {"b": 1}}) == [1]


@pytest.mark.parametrize("text", ["{.a}x", "{}", "{.a}{.b}", "{a"])
def test_anything_else_is_no_relaxed_path(text: str) -> None:
    with pytest.raises(jsonpath.JSONPathError, match=r"^unexpected path string, expected a 'name1\.name2'"):
        jsonpath.parse(text, relaxed=True)


def test_results_are_kept_apart_by_expression() -> None:
    assert jsonpath.parse("{.a}-{.b[*]}").results({"a": 1, "b": [2, 3]}) == [[1], ["-"], [2, 3]]


def test_a_text_that_cannot_be_read_is_told_whole() -> None:
    with pytest.raises(jsonpath.JSONPathError) as caught:
        jsonpath.parse("{.a")
    assert str(caught.value) == "error parsing jsonpath {.a, unclosed action"


def test_a_template_that_does_not_fit_is_told_with_the_object() -> None:
    with pytest.raises(jsonpath.JSONPathError) as caught:
        jsonpath.parse("{.a[0]}").render({"a": {"b": [1, "x", None]}})
    assert str(caught.value) == (
        'error executing jsonpath "{.a[0]}": Error executing template: map[string]interface {} is not array or slice. '
        "Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.a[0]}\n\tobject given to jsonpath engine was:\n"
        '\t\tmap[string]interface {}{"a":map[string]interface {}{"b":[]interface {}{1, "x", interface {}(nil)}}}\n\n\n'
    )


def test_a_null_that_is_ranged_over_has_no_value() -> None:
    assert jsonpath.parse("{range .a[*]}{@};{end}{.a}").render({"a": [1, None]}) == "1;<no value>;[1,null]"
