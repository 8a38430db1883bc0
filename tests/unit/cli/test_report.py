"""Errors in kubectl's words, and the exit codes that go with them."""

from __future__ import annotations

import io

import pytest

from pkctl import errors
from pkctl.cli import report, streams


def cause(field: str, message: str) -> dict[str, str]:
    return {"reason": "FieldValueInvalid", "field": field, "message": message}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.NotFound('pods "x" not found'), 'Error from server (NotFound): pods "x" not found'),
        (errors.Unauthorized("x"), "error: You must be logged in to the server (Unauthorized)"),
        (errors.CommandError("no"), "error: no"),
        (errors.CommandError("error: no"), "error: no"),
        (errors.UsageError("no", "create deployment"), "error: no\nSee 'pkctl create deployment -h' for help and examples"),
        (report.Many([errors.CommandError("a"), errors.NotFound("b")]), "a\nError from server (NotFound): b"),
        (
            errors.Invalid("whole", {"kind": "Pod", "name": "x", "causes": [cause("spec.a", "Required value")]}),
            'The Pod "x" is invalid: spec.a: Required value',
        ),
        (
            errors.Invalid("whole", {"kind": "Pod", "name": "x", "causes": [cause("a", "1"), cause("b", "2"), cause("a", "1")]}),
            'The Pod "x" is invalid: \n* a: 1\n* b: 2',
        ),
        (errors.Invalid("whole"), "The request is invalid: whole"),
        (
            errors.Invalid("m", {"name": "x", "kind": "deployments", "causes": [{"message": "no"}]}),
            'The deployments "x" is invalid: : no',
        ),
        (report.Exit(3), ""),
    ],
    ids=["status", "unauthorized", "command", "not doubled", "usage", "many", "one cause", "causes", "no details", "no field", "silent"],
)
def test_an_error_reads_as_kubectls(error: errors.PkctlError, text: str) -> None:
    assert report.text(error) == text


def test_a_file_is_named_in_the_message_and_the_status_stays() -> None:
    error = report.prefixed(errors.AlreadyExists('configmaps "c" already exists'), "creating", "f.yaml")
    assert report.text(error) == 'Error from server (AlreadyExists): error when creating "f.yaml": configmaps "c" already exists'


def test_no_file_changes_nothing() -> None:
    error = errors.NotFound("x")
    assert report.prefixed(error, "creating", "") is error


@pytest.mark.parametrize(
    ("error", "code"),
    [(errors.NotFound("x"), 1), (errors.CommandError("x", 3), 3), (report.Exit(5), 5), (errors.StoreError("x"), 1)],
    ids=["status", "command", "exit", "store"],
)
def test_showing_gives_the_exit_code(error: errors.PkctlError, code: int) -> None:
    assert report.show(error, streams.Io(stdout=io.StringIO(), stderr=io.StringIO())) == code
