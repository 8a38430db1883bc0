"""Go templates print, and fail, as a real kubectl's do; `testdata/recorded/gotemplates.json` holds what kubectl 1.37 answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pkctl.printers import gotemplates

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[3] / "testdata/recorded/gotemplates.json").read_text())


def _outcome(template: str, obj: Any) -> tuple[str, str]:
    try:
        return gotemplates.parse(template).render(obj), ""
    except gotemplates.TemplateError as error:
        return error.written, str(error)


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["template"])
def test_a_template_prints_what_kubectl_prints(case: dict[str, str]) -> None:
    assert _outcome(case["template"], RECORDED["object"]) == (case["prints"], case["error"])


def test_a_missing_key_can_be_an_error() -> None:
    with pytest.raises(gotemplates.TemplateError, match=r'at <\.a>: map has no entry for key "a"$'):
        gotemplates.parse("{{.a}}").render({}, allow_missing=False)


def test_a_template_can_be_run_on_many_objects() -> None:
    template = gotemplates.parse("{{$x := .a}}{{$x}}")
    assert [template.render({"a": 1}), template.render({"a": 2})] == ["1", "2"]


def test_an_imaginary_number_is_refused_by_name() -> None:
    with pytest.raises(gotemplates.TemplateError, match='illegal number syntax: "1i"'):
        gotemplates.parse("{{1i}}")


def test_a_template_that_calls_itself_without_end_is_stopped() -> None:
    with pytest.raises(gotemplates.TemplateError, match="exceeded maximum template depth"):
        gotemplates.parse('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}').render({})
