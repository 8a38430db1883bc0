"""What a Job's status may say, and how it may go on. Follows validateJobStatus and ValidateJobStatusUpdate of pkg/apis/batch/validation.

A rule about a part is asked when that part changes, as getStatusValidationOptions of pkg/registry/batch/job/strategy.go says.
"""

from __future__ import annotations

from pkctl.kinds import checks, gostructs
from pkctl.kinds.rules import jobpolicies
from pkctl.objects import fields, meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COUNTS = ("active", "succeeded", "failed", "ready", "terminating")
ENDS = ("Complete", "Failed")
CONDITIONS = (*ENDS, "FailureTarget", "SuccessCriteriaMet")
PAIRS = (
    ("Complete", "Failed", "cannot set Complete=True and Failed=true conditions"),
    ("Complete", "FailureTarget", "cannot set Complete=True and FailureTarget=true conditions"),
)
"""Conditions that may not both come to be true."""

NEEDED = (
    ("Failed", "FailureTarget", "cannot set Failed=True condition without the FailureTarget=true condition"),
    ("Complete", "SuccessCriteriaMet", "cannot set Complete=True condition without the SuccessCriteriaMet=true condition"),
)
"""Conditions that only come with another."""


class Change:
    """A status, what it was, and what of it is new."""

    def __init__(self, new: Object, old: Object) -> None:
        self.spec = new.get("spec") or {}
        self.now, self.before = new.get("status") or {}, old.get("status") or {}
        self.true = {kind for kind in CONDITIONS if meta.is_true(new, kind)}
        self.was_true = {kind for kind in CONDITIONS if meta.is_true(old, kind)}
        self.is_over, was_over = bool(self.true & {*ENDS}), bool(self.was_true & {*ENDS})
        self.ends = self.is_over != was_over

    def turned(self, *kinds: str) -> bool:
        """Whether one of these conditions came or went."""
        return any((kind in self.true) != (kind in self.was_true) for kind in kinds)

    def changed(self, *names: str) -> bool:
        """Whether one of these fields differs; nothing, 0 and empty are the same."""
        return any((self.now.get(name) or None) != (self.before.get(name) or None) for name in names)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """Every problem of a new status."""
    change = Change(new, old or {})
    found = [problem for name in COUNTS for problem in checks.not_negative(change.now.get(name), f"status.{name}")]
    found += _uncounted(change.now.get("uncountedTerminatedPods") or {})
    found += [_conditions(text) for one, other, text in PAIRS if change.turned(one, other) and {one, other} <= change.true]
    found += _moments(change)
    found += [
        _conditions(text) for one, other, text in NEEDED if change.turned(one, other) and one in change.true and other not in change.true
    ]
    found += _ended(change) + _indexes(change) + _ready(change) + _criteria(change)
    return found + (_kept(change) if old is not None else [])


def _conditions(text: str) -> Problem:
    return fields.invalid("status.conditions", fields.OMIT, text)


def _uncounted(pods: Object) -> list[Problem]:
    found, seen = [], set()
    for part in ("succeeded", "failed"):
        for number, uid in enumerate(pods.get(part) or ()):
            path = f"status.uncountedTerminatedPods.{part}[{number}]"
            if not uid:
                found.append(fields.invalid(path, uid, "must not be empty"))
            elif uid in seen:
                found.append(fields.duplicate(path, uid))
            seen.add(uid)
    return found


def _moments(change: Change) -> list[Problem]:
    path, ended, started = "status.completionTime", change.now.get("completionTime"), change.now.get("startTime")
    is_complete, found = "Complete" in change.true, []
    if change.turned("Complete") or change.changed("completionTime"):
        if ended and not is_complete:
            found.append(fields.invalid(path, ended, "cannot set completionTime when there is no Complete=True condition"))
        if not ended and is_complete:
            found.append(fields.required(path, "completionTime is required for Complete jobs"))
    is_new = change.changed("startTime", "completionTime")
    if is_new and started and ended and times.parse(ended) < times.parse(started):
        found.append(fields.invalid(path, ended, "completionTime cannot be set before startTime"))
    return found


def _ended(change: Change) -> list[Problem]:
    """What may not be left of a job that is over."""
    if not change.is_over:
        return []
    now, found = change.now, []
    if (change.ends or change.changed("active")) and (now.get("active") or 0) > 0:
        found.append(fields.invalid("status.active", now["active"], "active>0 is invalid for finished job"))
    if (change.ends or change.changed("startTime")) and not now.get("startTime"):
        found.append(fields.required("status.startTime", "startTime is required for finished job"))
    uncounted = now.get("uncountedTerminatedPods") or {}
    if (change.ends or change.changed("uncountedTerminatedPods")) and any(uncounted.values()):
        shown, text = gostructs.shown("UncountedTerminatedPods", uncounted), "uncountedTerminatedPods needs to be empty for finished job"
        found.append(checks.struct("status.uncountedTerminatedPods", shown, text))
    return found


def _indexes(change: Change) -> list[Problem]:
    spec, done, failed = change.spec, change.now.get("completedIndexes") or "", change.now.get("failedIndexes")
    completions, found = spec.get("completions"), []
    of_done, of_failed = change.changed("completedIndexes"), change.now.get("failedIndexes") != change.before.get("failedIndexes")
    if of_done and completions is not None:
        found += _parsed("completedIndexes", done, completions)
    if of_failed and failed is not None and completions is not None and spec.get("backoffLimitPerIndex") is not None:
        found += _parsed("failedIndexes", failed, completions)
    if of_done and done and spec.get("completionMode") != "Indexed":
        text = "cannot set non-empty completedIndexes when non-indexed completion mode"
        found.append(fields.invalid("status.completedIndexes", done, text))
    if of_failed and failed is not None and spec.get("backoffLimitPerIndex") is None:
        text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
        found.append(fields.invalid("status.failedIndexes", failed, text))
    if (
        (of_done or of_failed)
        and failed
        and completions is not None
        and (both := jobpolicies.common(done, failed, completions)) is not None
    ):
        found.append(fields.invalid("status.failedIndexes", failed, f"failedIndexes and completedIndexes overlap at index: {both}"))
    return found


def _parsed(name: str, text: str, completions: int) -> list[Problem]:
    try:
        jobpolicies.counted(text, completions)
    except jobpolicies.IndexesError as error:
        return [fields.invalid(f"status.{name}", text, f"error parsing {name}: {error}")]
    return []


def _ready(change: Change) -> list[Problem]:
    now, found = change.now, []
    if change.is_over and (change.ends or change.changed("terminating")) and (now.get("terminating") or 0) > 0:
        found.append(fields.invalid("status.terminating", now["terminating"], "terminating>0 is invalid for finished job"))
    if change.changed("ready", "active") and now.get("ready") is not None and now["ready"] > (now.get("active") or 0):
        found.append(fields.invalid("status.ready", now["ready"], "cannot set more ready pods than active"))
    return found


def _criteria(change: Change) -> list[Problem]:
    found = []
    if "SuccessCriteriaMet" in change.true:
        for kind in ("Failed", "FailureTarget"):
            found += [_conditions(f"cannot set SuccessCriteriaMet=True and {kind}=true conditions")] if kind in change.true else []
    elif change.spec.get("successPolicy") is not None and "Complete" in change.true:
        found.append(_conditions("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"))
    return found


def _kept(change: Change) -> list[Problem]:
    """What a status never takes back."""
    now, before = change.now, change.before
    found = [
        _conditions(f"cannot disable the terminal {kind}=True condition")
        for kind in ("Failed", "Complete", "FailureTarget")
        if kind in change.was_true - change.true
    ]
    is_elastic = change.spec.get("completionMode") == "Indexed" and change.spec.get("completions") == change.spec.get("parallelism")
    found += [
        fields.invalid(f"status.{name}", now.get(name) or 0, f"cannot decrease the {name} counter")
        for name in (("failed",) if is_elastic else ("failed", "succeeded"))
        if (now.get(name) or 0) < (before.get(name) or 0)
    ]
    if now.get("completionTime") and before.get("completionTime") and change.changed("completionTime"):
        found.append(fields.invalid("status.completionTime", now["completionTime"], "completionTime cannot be mutated"))
    if before.get("startTime") and change.changed("startTime") and not change.spec.get("suspend"):
        found.append(fields.required("status.startTime", "startTime cannot be removed for unsuspended job"))
    if "SuccessCriteriaMet" in change.was_true - change.true:
        found.append(_conditions("cannot disable the SuccessCriteriaMet=True condition"))
    if "Complete" in change.was_true and "SuccessCriteriaMet" in change.true - change.was_true:
        found.append(_conditions("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"))
    return found
