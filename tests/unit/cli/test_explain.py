"""`explain` reads the texts in the package."""

from __future__ import annotations

from tests.unit.cli import lines


def test_a_field_has_its_type_and_description(sh: lines.Shell) -> None:
    said = sh("explain", "pods.spec.containers.image").out
    assert "FIELD: image <string>" in said
    assert "    Container image name." in said


def test_recursion_follows_references(sh: lines.Shell) -> None:
    assert "\t<[]Container> -required-\n" in sh("explain", "deployment", "--recursive").out


def test_a_field_that_is_none_is_refused(sh: lines.Shell) -> None:
    assert sh("explain", "pods.spec.nope").err == 'error: field "nope" does not exist\n'
