"""`delete` of objects that go with others that are deleted too."""

from __future__ import annotations

import pathlib

import pytest

from tests.unit.cli import lines

FILE = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
---
{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}
"""


@pytest.fixture
def file(file_sh: lines.Sh, tmp_path: pathlib.Path) -> str:
    """A file of a definition and an object of it, both applied."""
    path = tmp_path / "all.yaml"
    path.write_text(FILE)
    for _ in range(2):
        file_sh("apply", "-f", str(path))
    return str(path)


def test_a_definition_and_its_object_are_both_told_as_deleted(file: str, file_sh: lines.Sh) -> None:
    found = file_sh("delete", "-f", file)
    assert found.err == ""
    assert [line.partition(" deleted")[0] for line in found.out.splitlines()] == [
        'customresourcedefinition.apiextensions.k8s.io "widgets.example.com"',
        'widget.example.com "w"',
    ]


def test_an_object_that_was_gone_before_its_definition_is_told_as_missing(file: str, file_sh: lines.Sh) -> None:
    file_sh("delete", "widget", "w")
    assert '"w" not found' in file_sh("delete", "-f", file).err
