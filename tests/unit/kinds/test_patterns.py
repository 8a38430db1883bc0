"""Go's regular expressions, matched and judged."""

from __future__ import annotations

import pytest

from pkctl.kinds import patterns

FOUND = [
    ("^(?i)(Drop|Accept)?$", "ACCEPT", "acceptx"), ("a(?i)b|c", "C", "AB"), ("^(a(?i)b)c$", "aBc", "aBC"), ("^[a-z]$", "a", "a\n"),
    ("^[[:alpha:]]+$", "a", "1"), ("^[^]]$", "a", "]"), ("^[]a]$", "]", "b"), ("^[[a]$", "[", "b"), (r"^\d+\z", "1", "1\n"),
    (r"^\p{L}+$", "é", "1"), ("(?m)^a$", "b\na\nc", "b"), (r"^[^\s]$", "a", " "), (r"^\w$", "a", "é"), (r"^[\w\-\]]+$", "a]-", "!"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "other"), FOUND, ids=[each[0] for each in FOUND])
def test_a_pattern_means_what_it_means_to_go(pattern: str, text: str, other: str) -> None:
    assert patterns.is_found(pattern, text)
    assert not patterns.is_found(pattern, other)


WRONG = {
    "(": "missing closing ): `(`",
    "[a": "missing closing ]: `[a`",
    "*": "missing argument to repetition operator: `*`",
    "a**": "invalid nested repetition operator: `**`",
    "(?=a)": "invalid or unsupported Perl syntax: `(?=`",
    r"(a)\1": r"invalid escape sequence: `\1`",
}


@pytest.mark.parametrize(("pattern", "text"), WRONG.items(), ids=WRONG)
def test_a_wrong_pattern_is_told_of_as_go_does(pattern: str, text: str) -> None:
    assert patterns.problem(pattern) == f"error parsing regexp: {text}"


@pytest.mark.parametrize("pattern", [each[0] for each in FOUND])
def test_a_right_pattern_has_no_problem(pattern: str) -> None:
    assert patterns.problem(pattern) == ""
