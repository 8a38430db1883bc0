"""Jobs: defaults, the generated selector, rules and table.

Follows SetDefaults_Job, pkg/registry/batch/job/strategy.go and pkg/apis/batch/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, generic, workloads
from pkctl.kinds.podspec import defaults, validation
from pkctl.objects import fields, meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

UID_LABEL, NAME_LABEL = "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"
LEGACY_LABELS = {UID_LABEL: "controller-uid", NAME_LABEL: "job-name"}
SPEC = (("completionMode", "NonIndexed"), ("suspend", False), ("manualSelector", False))
MODES = ("NonIndexed", "Indexed")
REPLACEMENTS = ("Failed", "TerminatingOrFailed")
COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex")
IMMUTABLE = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")
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
    for label, value in ((UID_LABEL, meta.uid(new)), (NAME_LABEL, meta.name(new))):
        labels.setdefault(label, value)
        labels.setdefault(LEGACY_LABELS[label], value)
    selector = spec["selector"] = dict(spec.get("selector") or {})
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), UID_LABEL: labels[UID_LABEL]}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = _generated(new, spec) if old is None else []
    problems += job(spec, "spec")
    selector = spec.get("selector")
    problems += [fields.required("spec.selector")] if selector is None else checks.selector(selector, "spec.selector")
    problems += validation.selector_matches(selector, spec["template"], "spec.template")
    return problems + (_unchanged(new, old) if old is not None else [])


def _generated(new: Object, spec: Object) -> list[Problem]:
    """That nobody wrote what is generated."""
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return []
    if not meta.uid(new):
        return [fields.required("metadata.uid")]
    wanted = {UID_LABEL: meta.uid(new), NAME_LABEL: meta.name(new)}
    wanted |= {LEGACY_LABELS[label]: value for label, value in tuple(wanted.items())}
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    path = "spec.template.metadata.labels"
    problems = [fields.invalid(path, labels, f"must be '{value}'") for label, value in wanted.items() if labels.get(label) != value]
    if validation.selector_matches(selector, {"metadata": {"labels": wanted}}, "spec.template"):
        problems.append(fields.invalid("spec.selector", selector, "`selector` not auto-generated"))
    return problems


def job(spec: Object, path: str) -> list[Problem]:
    """Every problem of a job's spec but its selector; CronJobs hold one too."""
    problems = [problem for name in COUNTS for problem in generic.not_negative(spec.get(name), f"{path}.{name}")]
    mode = spec.get("completionMode")
    if mode not in MODES:
        problems.append(fields.unsupported(f"{path}.completionMode", mode, MODES))
    elif mode == "Indexed" and spec.get("completions") is None:
        problems.append(fields.required(f"{path}.completions", "when completion mode is Indexed"))
    problems += _restarts(spec, path)
    replaced = spec.get("podReplacementPolicy")
    if replaced is not None and replaced not in REPLACEMENTS:
        problems.append(fields.unsupported(f"{path}.podReplacementPolicy", replaced, REPLACEMENTS))
    return problems


def _restarts(spec: Object, path: str) -> list[Problem]:
    problems = validation.pod_template(spec["template"], f"{path}.template")
    policy, place = (spec["template"].get("spec") or {}).get("restartPolicy"), f"{path}.template.spec.restartPolicy"
    if policy == "Always":
        problems.append(fields.required(place, 'valid values: "OnFailure", "Never"'))
    elif policy not in ("OnFailure", "Never"):
        problems.append(fields.unsupported(place, policy, ("OnFailure", "Never")))
    elif spec.get("podFailurePolicy") and policy != "Never":
        problems.append(fields.invalid(place, policy, 'only "Never" is supported when podFailurePolicy is specified'))
    return problems


def _unchanged(new: Object, old: Object) -> list[Problem]:
    spec, before = workloads.spec(new), workloads.spec(old)
    problems = (
        [] if _may_resize(spec, before) else generic.immutable(spec.get("completions"), before.get("completions"), "spec.completions")
    )
    problems += generic.immutable(spec.get("selector"), before.get("selector"), "spec.selector")
    if not _may_retarget(old):
        problems += generic.immutable(spec.get("template"), before.get("template"), "spec.template")
    for name in IMMUTABLE:
        problems += generic.immutable(spec.get(name), before.get(name), f"spec.{name}")
    return problems


def _may_resize(spec: Object, before: Object) -> bool:
    """An indexed job may grow and shrink as long as it runs all its indexes at once."""
    return spec.get("completionMode") == "Indexed" == before.get("completionMode") and spec.get("completions") == spec.get("parallelism")


def _may_retarget(old: Object) -> bool:
    """A job that was suspended before it ever started may still change where and how its pods run."""
    return bool(workloads.spec(old).get("suspend")) and not workloads.status(old).get("startTime")


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
