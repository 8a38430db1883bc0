"""The lines that keys that stand twice are told with; recorded from kubectl 1.36."""

from __future__ import annotations

import pytest

from pkctl.kustomize import repeats


@pytest.mark.parametrize(
    ("text", "first", "again"),
    [
        ("k: v\n\na: b\n  \n\na: c\n", 2, 3),
        ("---\n\nk: v\na: b\na: c\n", 2, 3),
        ("# x\nk: v # y\na: b\n# z\na: c\n", 3, 5),
        ("k: |\n  x\n\n  y\n\n\na: b\na: c\n", 5, 6),
        ("k: >-\n  x\n\n  y\na: b\na: c\n", 5, 6),
        ("k: {x: y,\n  z: w}\nl: aa\n  bb\na: b\na: c\n", 3, 4),
        ("k:\n-\n  a: b\n  a: c\n", 2, 3),
        ('{"a": "b",\n\n"a": "c"}\n', 1, 1),
        ("k: v\n---\n\na: b\n\na: c\n", 1, 2),
    ],
    ids=["blank", "marker", "comments", "literal", "folded", "flow", "bullet", "json", "second"],
)
def test_lines_are_those_of_the_document_written_again(text: str, first: int, again: int) -> None:
    assert repeats.clashes(text) == [f'line {again}: mapping key "a" already defined at line {first}']


def test_keys_that_stand_once_in_each_mapping_clash_with_nothing() -> None:
    assert repeats.clashes("a: {b: 1}\nc: {b: 1}\n---\na: 1\n") == []


def test_an_empty_scalar_at_the_end_has_no_lines() -> None:
    assert repeats.clashes("a: b\na: |") == ['line 2: mapping key "a" already defined at line 1']
