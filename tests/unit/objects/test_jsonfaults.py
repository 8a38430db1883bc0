"""What Go says of a text that is not JSON."""

from __future__ import annotations

import pytest

from pkctl.objects import jsonfaults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unexpected end of JSON input"),
        ('{"a"', "unexpected end of JSON input"),
        ('{"a":}', "invalid character '}' looking for beginning of value"),
        ('{"a":1,}', "invalid character '}' looking for beginning of object key string"),
        ("nope", "invalid character 'o' in literal null (expecting 'u')"),
        (" {} x", "invalid character 'x' after top-level value"),
        ('"\n"', r"invalid character '\n' in string literal"),
        ("[1 2]", "invalid character '2' after array element"),
    ],
    ids=["nothing", "half", "no value", "comma", "word", "more", "newline", "list"],
)
def test_a_text_that_is_not_one_value_is_explained(text: str, said: str) -> None:
    assert jsonfaults.whole(text) == said
