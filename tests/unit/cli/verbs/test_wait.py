"""What `wait --for` takes and when it is met."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.cli.verbs import wait


def pod(ready: str = "True", generation: int = 1, observed: int | None = None) -> dict[str, object]:
    condition: dict[str, object] = {"type": "Ready", "status": ready}
    if observed is not None:
        condition["observedGeneration"] = observed
    return {"metadata": {"name": "x", "generation": generation}, "status": {"conditions": [condition], "phase": "Running"}}


@pytest.mark.parametrize(
    ("text", "obj", "met"),
    [
        ("condition=Ready", pod(), True),
        ("condition=ready", pod(), True),
        ("condition=Ready=false", pod("False"), True),
        ("condition=Ready", pod("False"), False),
        ("condition=Ready", pod(generation=2, observed=1), False),
        ("jsonpath={.status.phase}=Running", pod(), True),
        ("jsonpath=.status.phase=Pending", pod(), False),
        ("jsonpath={.status.phase}", pod(), True),
        ("jsonpath={.status.nope}", pod(), False),
        ('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', pod(), True),
    ],
    ids=str,
)
def test_a_condition_is_met(text: str, obj: dict[str, object], met: bool) -> None:
    assert wait.parse(text)[1](obj) is met


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(errors.CommandError, match='unrecognized condition: "foo"'):
        wait.parse("foo")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("{.a}=b", ("{.a}", "b")), ("{.a}", ("{.a}", None)), (".a=b", (".a", "b")), ("{.a}='b'", ("{.a}", "b"))],
    ids=str,
)
def test_an_expression_ends_at_its_single_equals(text: str, parts: tuple[str, str | None]) -> None:
    assert wait.split_jsonpath(text) == parts
