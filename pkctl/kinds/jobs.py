"""Jobs: defaults, the generated selector, rules and table.

Follows SetDefaults_Job, pkg/registry/batch/job/strategy.go and pkg/apis/batch/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, workloads
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SPEC = (("completionMode", "NonIndexed"), ("suspend", False), ("manualSelector", False))
STATES = (("Complete", "Complete"), ("Failed", "Failed"))
LATER_STATES = (("Suspended", "Suspended"), ("FailureTarget", "FailureTarget"), ("SuccessCriteriaMet", "SuccessCriteriaMet"))
FIELDS = {"status.successful": lambda obj: str(workloads.number(obj, "succeeded"))}
COLUMNS = (
    shared.NAME,
    columns.Column("Status", description="Whether the job runs, or how it ended"),
    columns.Column("Completions", description="Pods that succeeded, of those wanted"),
    columns.Column("Duration", description="Time required to complete the job."),
    shared.AGE,
    *workloads.WIDE,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    own = obj.setdefault("metadata", {})
    if labels and not own.get("labels"):
        own["labels"] = dict(labels)
    job_spec(spec)


def job_spec(spec: Object) -> None:
    """Fill the spec of a Job or of a CronJob's template in place."""
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = spec["parallelism"] = 1
    per_index = spec.get("backoffLimitPerIndex") is not None
    replaced = "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed"
    pairs = (("parallelism", 1), ("backoffLimit", 2**31 - 1 if per_index else 6), ("podReplacementPolicy", replaced), *SPEC)
    workloads.fill(spec, pairs)
    for rule in (spec.get("podFailurePolicy") or {}).get("rules") or ():
        for pattern in rule.get("onPodConditions") or ():
            workloads.fill(pattern, (("status", "True"),))
    from pkctl.kinds.podspec import defaults

    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new Job has no status, and a selector of its own unless told otherwise; it needs its uid and name by now."""
    if old is not None:
        return
    new["status"] = {}
    spec = new["spec"]
    if spec.get("manualSelector"):
        return
    template = spec["template"].setdefault("metadata", {})
    labels = template["labels"] = dict(template.get("labels") or {})
    for label, value in ((workloads.JOB_UID, meta.uid(new)), (workloads.JOB_NAME, meta.name(new))):
        labels.setdefault(label, value)
        labels.setdefault(workloads.JOB_LEGACY[label], value)
    selector = spec["selector"] = dict(spec.get("selector") or {})
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), workloads.JOB_UID: labels[workloads.JOB_UID]}
    # Upstream what is read from the store is given defaults once more, and a Job's labels default to its template's.
    new["metadata"]["labels"] = new["metadata"].get("labels") or dict(labels)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.jobs`."""
    from pkctl.kinds.rules import jobs as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.jobstatuses`."""
    from pkctl.kinds.rules import jobstatuses

    return jobstatuses.validate(new, old)


def state(obj: Object) -> str:
    """The STATUS cell."""
    for kind, shown in STATES:
        if meta.is_true(obj, kind):
            return shown
    if meta.is_deleting(obj):
        return "Terminating"
    return next((shown for kind, shown in LATER_STATES if meta.is_true(obj, kind)), "Running")


def completions(obj: Object) -> str:
    """The COMPLETIONS cell."""
    spec, done = workloads.spec(obj), workloads.number(obj, "succeeded")
    if spec.get("completions") is not None:
        return f"{done}/{spec['completions']}"
    parallelism = spec.get("parallelism") or 0
    return f"{done}/1 of {parallelism}" if parallelism > 1 else f"{done}/1"


def _duration(obj: Object, now: float) -> str:
    status = workloads.status(obj)
    if not status.get("startTime"):
        return ""
    ended = times.parse(status["completionTime"]) if status.get("completionTime") else now
    return times.human(ended - times.parse(status["startTime"]))


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    shown = [obj["metadata"].get("name", ""), state(obj), completions(obj), _duration(obj, now), shared.age(obj, now)]
    return [*shown, *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.job(obj, reader)
