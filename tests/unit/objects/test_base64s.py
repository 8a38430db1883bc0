"""Where base64 goes wrong."""

from __future__ import annotations

import pytest

from pkctl.objects import base64s

CASES = {
    "YQ==": -1,
    "YWI=": -1,
    "YWJj": -1,
    "": -1,
    "YQ": 0,
    "YWJ": 0,
    "YWJjZA": 4,
    "a b=": 1,
    "YW\nJj": -1,
    "=YWI": 0,
    "YQ=": 3,
    "YQ==YQ==": 4,
    "YWI=x": 4,
    "Y": 0,
}


@pytest.mark.parametrize(("text", "offset"), CASES.items())
def test_bad_base64_is_found_where_go_finds_it(text, offset):
    assert base64s.fault(text) == offset
