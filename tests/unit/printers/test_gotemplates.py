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


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{1i}} {{-2.5i}} {{1-2.5i}}", "(0+1i) (0-2.5i) (1-2.5i)"),
        ("{{0x1.8p1}} {{0x10}} {{0o17}} {{1_000}}", "3 16 15 1000"),
        ('{{printf "%x %X %.2x %b" 1.5 0.1 1.999 1.5}}', "0x1.8p+00 0X1.999999999999AP-04 0x1.00p+01 6755399441055744p-52"),
        ('{{printf "%#g %#.0f %#010X" 2.0 2.0 6}}', "2.00000 2. 0X0000000006"),
        ('{{printf "%[2]*.[1]f|%[9]d|%[x]d|%*d" 2 5 1.5}}', "%!f(int=    2)|%!d(BADINDEX)|%!d(BADINDEX)|%!d(float64=  1.5)"),
        ('{{printf "%[1]2d|%[1].2d|%.[1][1]d|%[3" 7 8}}', "%!d(BADINDEX)|%!d(BADINDEX)|%![(int=7)1]d|%!(NOVERB)"),
    ],
    ids=["imaginary", "forms", "hexadecimal", "sharp", "widths", "indexes"],
)
def test_numbers_are_read_and_shown_as_go_does(template: str, shown: str) -> None:
    assert gotemplates.parse(template).render({}) == shown


@pytest.mark.parametrize("number", ["08", "1e400", "0x", "1__0x", "0x1.8", "5ab", "1+2"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(gotemplates.TemplateError, match=r"illegal number syntax|bad number syntax|integer overflow"):
        gotemplates.parse(f"{{{{{number}}}}}")


def test_a_template_that_calls_itself_without_end_is_stopped() -> None:
    with pytest.raises(gotemplates.TemplateError, match="exceeded maximum template depth"):
        gotemplates.parse('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}').render({})
