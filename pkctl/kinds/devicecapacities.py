"""A device's capacity, and how much of it one request may take when several share the device.

Follows validateRequestPolicy in pkg/apis/resource/validation/validation.go of Kubernetes.
"""

from __future__ import annotations

import itertools

from pkctl.kinds import checks
from pkctl.objects import fields, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem

MOST_VALUES = 10
ONE_POLICY = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'


def problems(capacity: dict[str, Any], at: str, *, is_shared: bool) -> list[Problem]:
    """Everything wrong with a capacity, which only a shared device's requests may divide."""
    policy, at = capacity.get("requestPolicy"), f"{at}.requestPolicy"
    if policy is None:
        return []
    if not is_shared:
        return [fields.forbidden(at, "allowMultipleAllocations must be true")]
    values, limits, usual = policy.get("validValues") or [], policy.get("validRange"), policy.get("default")
    if values and limits is not None:
        return [fields.forbidden(at, ONE_POLICY)]
    whole = capacity.get("value") or "0"
    part = "validValues" if values else "validRange"
    if (values or limits is not None) and usual is None:
        return [fields.required(f"{at}.default", f"required when {part} is defined")]
    if values:
        return _values(values, usual, whole, f"{at}.{part}")
    return _range(limits, usual, whole, f"{at}.{part}") if limits is not None else []


def _above(one: str, other: str) -> bool:
    return quantities.compare(one, other) > 0


def _wrong(at: str, value: str, text: str) -> Problem:
    return fields.invalid(at, checks.shown(value), text)


def _values(values: list[str], usual: str, whole: str, at: str) -> list[Problem]:
    found = [
        _wrong(f"{at}[{number + 1}]", after, "values must be sorted in ascending order")
        for number, (before, after) in enumerate(itertools.pairwise(values))
        if _above(before, after)
    ]
    if len(values) > MOST_VALUES:
        found.append(fields.too_many(at, len(values), MOST_VALUES))
    else:
        text = f"option is larger than capacity value: {checks.shown(whole)}"
        found += [_wrong(f"{at}[{number}]", each, text) for number, each in enumerate(values) if _above(each, whole)]
        amounts = [quantities.value(each) for each in values]
        found += [fields.duplicate(f"{at}[{number}]", str(each)) for number, each in enumerate(amounts) if each in amounts[:number]]
    if all(quantities.compare(each, usual) for each in values):
        found.append(_wrong(at, usual, "default value is not valid according to the requestPolicy"))
    return found


def _range(limits: dict[str, Any], usual: str, whole: str, at: str) -> list[Problem]:
    least, most, step = limits.get("min"), limits.get("max"), limits.get("step")
    if least is None:
        return [fields.required(f"{at}.min", "required when validRange is defined")]
    size = checks.shown(whole)
    found = [_wrong(f"{at}.min", least, f"min is larger than capacity value: {size}")] if _above(least, whole) else []
    if _above(least, usual):
        found.append(_wrong(f"{at}.default", usual, f"default is less than min: {checks.shown(least)}"))
    if most is not None:
        for is_wrong, part, shown, text in (
            (_above(least, most), "max", least, f"min is larger than max: {checks.shown(most)}"),
            (_above(most, whole), "max", most, f"max is larger than capacity value: {size}"),
            (_above(usual, most), "default", usual, f"default is more than max: {checks.shown(most)}"),
        ):
            found += [_wrong(f"{at}.{part}", shown, text)] if is_wrong else []
    return found + (_steps(step, least, (usual, most), whole, f"{at}.step") if step is not None else [])


def _steps(step: str, least: str, values: tuple[str | None, ...], whole: str, at: str) -> list[Problem]:
    if quantities.parse(step) <= 0:
        return [_wrong(at, step, "must be greater than zero")]
    first = quantities.add(least, step)
    found = []
    if _above(first, whole):
        text = f"one step {first} is larger than capacity value: {checks.shown(whole)}"
        found.append(_wrong(at, step, text))
    text = f"value is not a multiple of a given step ({checks.shown(step)}) from ({checks.shown(least)})"
    whole_step, base = quantities.value(step), quantities.value(least)
    return found + [_wrong(at, each, text) for each in values if each is not None and (quantities.value(each) - base) % whole_step]
