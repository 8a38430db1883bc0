"""JSON read without the json module gives what the json module gives."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkctl.objects import texts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_reads_back(value: object) -> None:
    assert texts.loads(texts.dumps(value)) == value


@given(VALUES)
def test_reading_agrees_with_the_json_module(value: object) -> None:
    text = json.dumps(value)
    assert texts.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{", '{"a":1}x', "[1,]", "nope", '{"a"}'], ids=repr)
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is Python's own
        texts.loads(text)


SCRIPT = "import sys; sys.path.insert(0, '.'); from pkctl.objects import texts; texts.loads('{}'); print('json.decoder' in sys.modules)"


def test_reading_imports_no_json() -> None:
    said = subprocess.run([sys.executable, "-S", "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
