"""`explain` reads the texts in the package."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as some

from pkctl.cli import explain
from tests.unit.cli import lines


def test_a_field_has_its_type_and_description(sh: lines.Shell) -> None:
    said = sh("explain", "pods.spec.containers.image").out
    assert "FIELD: image <string>" in said
    assert "    Container image name." in said


def test_recursion_follows_references(sh: lines.Shell) -> None:
    assert "\t<[]Container> -required-\n" in sh("explain", "deployment", "--recursive").out


def test_a_field_that_is_none_is_refused(sh: lines.Shell) -> None:
    assert sh("explain", "pods.spec.nope").err == 'error: field "nope" does not exist\n'


def test_recursion_ends_where_a_schema_holds_itself(sh: lines.Shell) -> None:
    said = sh("explain", "crd.spec.versions.schema.openAPIV3Schema", "--recursive").out
    assert said.count("\n  not\t<JSONSchemaProps>\n  nullable\t") == 1


WORDS = some.lists(some.text("ab-/", min_size=1, max_size=90), min_size=1, max_size=40)


@given(WORDS)
def test_paragraphs_are_wrapped_as_by_textwrap(words: list[str]) -> None:
    paragraph = " ".join(words)
    assert explain._lines(paragraph, 76) == textwrap.wrap(paragraph, 76, break_long_words=False, break_on_hyphens=False)
