"""What stands between a Go literal's quotes."""

from __future__ import annotations

import pytest

from pkctl.objects import literals


@pytest.mark.parametrize(
    ("inner", "read"),
    [("a", "a"), (r"a\"b", 'a"b'), ("it's", "it's"), (r"\n\\", "\n\\"), (r"\101\x41\u0041\U00000041", "AAAA"), (r"\xff", "\ufffd")],
    ids=["plain", "quote", "other quote", "letters", "codes", "half a character"],
)
def test_escapes_are_read(inner: str, read: str) -> None:
    assert literals.unquoted(inner, '"') == read


@pytest.mark.parametrize(
    "inner",
    ['a"b', r"\'", r"\q", "\\", r"\x4", r"\x+1", r"\u1_23", r"\400", r"\8", r"\ud800", r"\U00110000"],
    ids=[
        "quote",
        "other quote",
        "letter",
        "end",
        "short",
        "sign",
        "grouped",
        "beyond a byte",
        "no octal",
        "half of a pair",
        "beyond Unicode",
    ],
)
def test_what_go_has_no_escape_for_is_refused(inner: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        literals.unquoted(inner, '"')
