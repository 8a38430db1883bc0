"""Runs the admission steps that concern a request; a step's module is imported when first needed."""

from __future__ import annotations

from importlib import import_module

from pkctl.api.admission import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.api.requests import Request

    Function = Callable[[Request], None]

_found: dict[tuple[str, str, str], Sequence[Function]] = {}
"""Functions by phase, verb and subject; derived from the table, so it never goes stale."""


def mutate(request: Request) -> None:
    """Let the steps fill in what the cluster decides, before validation."""
    _run("mutate", request)


def admit(request: Request) -> None:
    """Let the steps judge what is valid in itself; a refusal is a StatusError."""
    _run("admit", request)


def again(request: Request, until: str) -> None:
    """Let the steps before the one named `until` fill in once more, since it has changed what they saw."""
    for step in table.steps("mutate", request.verb, request.subject):
        if step.name == until:
            return
        getattr(import_module(f"pkctl.api.admission.{step.module}"), step.function)(request)


def _run(phase: str, request: Request) -> None:
    key = (phase, request.verb, request.subject)
    functions = _found.get(key)
    if functions is None:
        functions = _found[key] = [
            getattr(import_module(f"pkctl.api.admission.{step.module}"), step.function) for step in table.steps(*key)
        ]
    for function in functions:
        function(request)
