"""What the kinds that hold a pod template share: columns, cells, strategies, templates.

Not here: the template's PodSpec (`podspec`), and what only one kind decides (its room).
"""

from __future__ import annotations

import re

from pkctl.kinds import checks, columns
from pkctl.kinds.podspec import validation
from pkctl.objects import fields, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

CONTAINERS = columns.Column("Containers", priority=1, description="Names of each container in the template.")
IMAGES = columns.Column("Images", priority=1, description="Images referenced by each container in the template.")
SELECTOR = columns.Column("Selector", priority=1, description="Label selector of the pods.")
WIDE = (CONTAINERS, IMAGES, SELECTOR)
PERCENT = re.compile(r"[0-9]+%\Z")
PERCENT_TEXT = (
    "a valid percent string must be a numeric string followed by an ending '%' "
    "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
)


def spec(obj: Object) -> Object:
    """The object's spec, {} when it has none."""
    found: Object = obj.get("spec") or {}
    return found


def status(obj: Object) -> Object:
    """The object's status, {} when it has none."""
    found: Object = obj.get("status") or {}
    return found


def container_cells(template: Object | None) -> list[str]:
    """Names and images of a template's containers."""
    found = ((template or {}).get("spec") or {}).get("containers") or ()
    return [",".join(each.get("name", "") for each in found), ",".join(each.get("image", "") for each in found)]


def wide_cells(obj: Object) -> list[str]:
    """Containers, images and selector of a workload."""
    return [*container_cells(spec(obj).get("template")), selectors.show(spec(obj).get("selector") or {})]


def number(obj: Object, name: str) -> int:
    """A count of the status, 0 when it isn't there."""
    return int(status(obj).get(name) or 0)


def fill(obj: Object, pairs: tuple[tuple[str, Any], ...]) -> None:
    """Set each field that is missing."""
    for name, value in pairs:
        if obj.get(name) is None:
            obj[name] = value


def selector(found: Object | None, template: Object, path: str, word: str) -> list[Problem]:
    """A required selector that is not empty and finds the template's pods; `word` is what upstream calls the kind."""
    problems = [fields.required(f"{path}.selector")] if found is None else checks.selector(found, f"{path}.selector")
    if found is not None and not found.get("matchLabels") and not found.get("matchExpressions"):
        return [*problems, fields.invalid(f"{path}.selector", found, f"empty selector is invalid for {word}")]
    return problems + validation.selector_matches(found, template, f"{path}.template")


def strategy_text(strategy: Object, names: Sequence[str] = ("type", "rollingUpdate")) -> str:
    """A strategy as Go prints its struct."""
    import json

    pairs = {name[:1].upper() + name[1:]: strategy.get(name) for name in names}
    return json.dumps(pairs, separators=(",", ":"))


def wrong_strategy(path: str, strategy: Object, allowed: Sequence[str]) -> Problem:
    """A strategy whose type is none of `allowed`."""
    listed = ", ".join(fields.quoted(each) for each in allowed)
    return fields.Problem(path, "FieldValueNotSupported", f"Unsupported value: {strategy_text(strategy)}: supported values: {listed}")


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
