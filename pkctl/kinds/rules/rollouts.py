"""The rules that workloads share: selectors, strategies, counts and percentages."""

from __future__ import annotations

import re

from pkctl.kinds import checks, gostructs
from pkctl.kinds.podspec import validation
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

PERCENT = re.compile(r"[0-9]+%\Z")
PERCENT_TEXT = (
    "a valid percent string must be a numeric string followed by an ending '%' "
    "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
)


def selector(found: Object | None, template: Object, path: str, word: str) -> list[Problem]:
    """A required selector that is not empty and finds the template's pods; `word` is what upstream calls the kind."""
    problems = [fields.required(f"{path}.selector")] if found is None else checks.selector(found, f"{path}.selector")
    if found is not None and not found.get("matchLabels") and not found.get("matchExpressions"):
        return [*problems, fields.invalid(f"{path}.selector", found, f"empty selector is invalid for {word}")]
    if problems and found is not None:
        return [*problems, fields.invalid(f"{path}.selector", found, "" if word == "statefulset" else "invalid label selector")]
    return problems + validation.selector_matches(found, template, f"{path}.template")


def is_broken(selector: Object | None) -> bool:
    """Whether a selector can't be read, so that nothing is said of what it selects."""
    return bool(checks.selector(selector, ""))


def strategy_text(strategy: Object, struct: str) -> str:
    """A strategy as Go prints its struct."""
    import json

    return json.dumps(gostructs.shown(struct, strategy), separators=(",", ":"))


def wrong_strategy(path: str, strategy: Object, allowed: Sequence[str]) -> Problem:
    """A strategy whose type is none of `allowed`."""
    listed = ", ".join(fields.quoted(each) for each in allowed)
    text = f"Unsupported value: {strategy_text(strategy, 'Strategy')}: supported values: {listed}"
    return fields.Problem(path, "FieldValueNotSupported", text)


def count_or_percent(value: Any, path: str) -> list[Problem]:
    """An integer that is not negative, or a percentage."""
    if isinstance(value, str):
        return [] if PERCENT.match(value) else [fields.invalid(path, value, PERCENT_TEXT)]
    return checks.between(value, path, 0)


def is_zero(value: Any) -> bool:
    """Whether a count or percentage is nothing at all."""
    return value in (None, 0, "0%") or (isinstance(value, str) and bool(PERCENT.match(value)) and not int(value[:-1]))


def not_above_all(value: Any, path: str) -> list[Problem]:
    """No more than 100 %."""
    if isinstance(value, str) and PERCENT.match(value) and int(value[:-1]) > 100:
        return [fields.invalid(path, value, "must not be greater than 100%")]
    return []
