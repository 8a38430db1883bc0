"""What a Job may say about pods that fail, and when it has succeeded. Follows pkg/apis/batch/validation/validation.go."""

from __future__ import annotations

from pkctl.kinds import checks, gostructs
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")
REPLACEMENTS = ("Failed", "TerminatingOrFailed")
MOST_RULES, MOST_CODES, MOST_PATTERNS = 20, 255, 20
LONGEST_INDEXES = 64 * 1024
BOTH = "specifying both OnExitCodes and OnPodConditions is not supported"
NEITHER = "specifying one of OnExitCodes and OnPodConditions is required"


class IndexesError(ValueError):
    """Indexes that can't be read; `str()` is upstream's text."""


def failure(spec: Object, path: str) -> list[Problem]:
    """`podFailurePolicy`: what a failed pod means, rule by rule."""
    rules = spec["podFailurePolicy"].get("rules") or []
    template = spec["template"].get("spec") or {}
    known = {each.get("name") for kind in ("containers", "initContainers") for each in template.get(kind) or ()}
    problems = [fields.too_many(f"{path}.rules", len(rules), MOST_RULES)] if len(rules) > MOST_RULES else []
    for index, rule in enumerate(rules):
        place = f"{path}.rules[{index}]"
        problems += _action(rule.get("action") or "", spec, f"{place}.action")
        codes, patterns = rule.get("onExitCodes"), rule.get("onPodConditions") or []
        problems += _exit_codes(codes, known, f"{place}.onExitCodes") if codes is not None else []
        problems += _patterns(patterns, f"{place}.onPodConditions")
        if (codes is not None) == bool(patterns):
            problems.append(fields.Problem(place, "FieldValueInvalid", f"Invalid value: {BOTH if patterns else NEITHER}"))
    return problems


def _listed(choices: Sequence[str]) -> str:
    return f"valid values: [{' '.join(fields.quoted(each) for each in choices)}]"


def _chosen(value: str, choices: Sequence[str], path: str) -> list[Problem]:
    if not value:
        return [fields.required(path, _listed(choices))]
    return [] if value in choices else [fields.unsupported(path, value, choices)]


def _action(action: str, spec: Object, path: str) -> list[Problem]:
    if action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        return [fields.invalid(path, action, "requires the backoffLimitPerIndex to be set")]
    return _chosen(action, ACTIONS, path)


def _exit_codes(codes: Object, known: set[str | None], path: str) -> list[Problem]:
    operator, values, name = codes.get("operator") or "", codes.get("values") or [], codes.get("containerName")
    problems = _chosen(operator, OPERATORS, f"{path}.operator")
    if name is not None and name not in known:
        text = "must be one of the container or initContainer names in the pod template"
        problems.append(fields.invalid(f"{path}.containerName", name, text))
    if not values:
        problems.append(fields.invalid(f"{path}.values", codes.get("values"), "at least one value is required"))
    elif len(values) > MOST_CODES:
        problems.append(fields.too_many(f"{path}.values", len(values), MOST_CODES))
    for index, value in enumerate(values):
        place = f"{path}.values[{index}]"
        if operator == "In" and value == 0:
            problems.append(fields.invalid(place, value, "must not be 0 for the In operator"))
        problems += [fields.duplicate(place, value)] if value in values[:index] else []
    if sorted(values) != values:
        problems.append(fields.invalid(f"{path}.values", values, "must be ordered"))
    return problems


def _patterns(patterns: Sequence[Object], path: str) -> list[Problem]:
    problems = [fields.too_many(path, len(patterns), MOST_PATTERNS)] if len(patterns) > MOST_PATTERNS else []
    for index, pattern in enumerate(patterns):
        problems += checks.worded(names.qualified_name, pattern.get("type") or "", f"{path}[{index}].type")
        problems += _chosen(pattern.get("status") or "", STATUSES, f"{path}[{index}].status")
    return problems


def replacement(spec: Object, path: str) -> list[Problem]:
    """`podReplacementPolicy`: with a failure policy, pods are replaced only once they have failed."""
    policy = spec.get("podReplacementPolicy")
    allowed = ("Failed",) if spec.get("podFailurePolicy") is not None else REPLACEMENTS
    return [] if policy is None or policy in allowed else [fields.unsupported(path, policy, allowed)]


def success(spec: Object, path: str) -> list[Problem]:
    """`successPolicy`: which indexes are enough."""
    policy = spec["successPolicy"]
    if spec.get("completionMode") != "Indexed":
        return [checks.struct(path, gostructs.shown("SuccessPolicy", policy), "requires indexed completion mode")]
    rules = policy.get("rules") or []
    problems: list[Problem] = []
    if not rules:
        text = "at least one rules must be specified when the successPolicy is specified"
        problems.append(fields.required(f"{path}.rules", text))
    if len(rules) > MOST_RULES:
        problems.append(fields.too_many(f"{path}.rules", len(rules), MOST_RULES))
    for index, rule in enumerate(rules):
        problems += _success_rule(rule, spec.get("completions") or 0, f"{path}.rules[{index}]")
    return problems


def _success_rule(rule: Object, completions: int, path: str) -> list[Problem]:
    indexes, count = rule.get("succeededIndexes"), rule.get("succeededCount")
    problems: list[Problem] = []
    if indexes is None and count is None:
        text = "at least one of succeededCount or succeededIndexes must be specified"
        problems.append(fields.required(path, text))
    total = 0
    if indexes is not None:
        place = f"{path}.succeededIndexes"
        problems += [fields.too_long(place, LONGEST_INDEXES)] if len(indexes) > LONGEST_INDEXES else []
        try:
            total = counted(indexes, completions)
        except IndexesError as error:
            problems.append(fields.invalid(place, indexes, f"error parsing succeededIndexes: {error}"))
    if count is not None:
        place = f"{path}.succeededCount"
        problems += checks.not_negative(count, place)
        if count > completions:
            text = f"must be less than or equal to {completions} (the number of specified completions)"
            problems.append(fields.invalid(place, count, text))
        if indexes is not None and count > total:
            text = f"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
            problems.append(fields.invalid(place, count, text))
    return problems


def counted(text: str, completions: int) -> int:
    """How many indexes `0,2-4` names; IndexesError when they are not in order, or there are no such indexes."""
    total, last = 0, -1
    for part in text.split(",") if text else ():
        first, end = _interval(part, completions)
        if total and last >= first:
            raise IndexesError(f"non-increasing order, previous: {last}, current: {first}")
        total += end - first + 1
        last = end
    return total


def common(one: str, other: str, completions: int) -> int | None:
    """The first index that two texts such as `0,2-4` share; what of them can't be read is passed over."""
    ours, theirs = _readable(one, completions), _readable(other, completions)
    shared = (max(a[0], b[0]) for a in ours for b in theirs if a[0] <= b[1] and b[0] <= a[1])
    return min(shared, default=None)


def _readable(text: str, completions: int) -> list[tuple[int, int]]:
    found = []
    for part in text.split(","):
        try:
            found.append(_interval(part, completions))
        except IndexesError:
            continue
    return found


def _interval(part: str, completions: int) -> tuple[int, int]:
    limits = part.split("-")
    if len(limits) > 2:
        text = "violates the requirement that an index interval can have at most two parts separated by '-'"
        raise IndexesError(f"the fragment {fields.quoted(part)} {text}")
    numbers = []
    for limit in limits:
        if not (limit.isascii() and limit.isdigit()):
            raise IndexesError(f"cannot convert string to integer for index: {fields.quoted(limit)}")
        if int(limit) >= completions:
            raise IndexesError(f"too large index: {fields.quoted(limit)}")
        numbers.append(int(limit))
    if len(numbers) == 2 and numbers[0] >= numbers[1]:
        raise IndexesError(f"non-increasing order, previous: {numbers[0]}, current: {numbers[1]}")
    return numbers[0], numbers[-1]
