"""What the API says of events, with and without an eventTime."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.kinds import rooms

Object = dict[str, Any]
TIME = "eventTime: 2024-01-01T00:00:00.000000Z"
WHOLE = f"{TIME}\nreportingComponent: example.com/me\nreportingInstance: i\naction: Act\nreason: Why\n"
APART = 'involvedObject.namespace: Invalid value: "{}": does not match event.namespace'
CASES: dict[str, tuple[str, str, list[str]]] = {
    "an old one of its namespace": ("demo", "involvedObject: {namespace: demo}", []),
    "an old one of another namespace": ("demo", "involvedObject: {namespace: other}", [APART.format("other")]),
    "an old one of the cluster": ("default", "involvedObject: {name: n}", []),
    "an old one of the cluster in a namespace": ("kube-system", "involvedObject: {name: n}", [APART.format("")]),
    "a new one of the cluster": ("kube-system", f"{WHOLE}involvedObject: {{name: n}}", []),
    "a new one of another namespace": ("demo", f"{WHOLE}involvedObject: {{namespace: other}}", []),
    "a new one that says nothing": (
        "default",
        f"{TIME}\ninvolvedObject: {{name: n}}",
        [
            "reportingController: Required value",
            'reportingController: Invalid value: "": name part must be non-empty',
            "reportingController: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and "
            "end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "reportingInstance: Required value",
            "action: Required value",
            "reason: Required value",
        ],
    ),
    "a new one that says too much": (
        "default",
        f"{WHOLE}message: {'m' * 1025}\ninvolvedObject: {{name: n}}",
        ['message: Invalid value: "": can have at most 1024 characters'],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_event_is_judged(name: str) -> None:
    namespace, text, wanted = CASES[name]
    event = rooms.obj("v1", "Event", text)
    event["metadata"]["namespace"] = namespace
    assert rooms.created(event)[1] == wanted
