"""What a Job may be. Follows pkg/apis/batch/validation/validation.go."""

from __future__ import annotations

from pkctl.kinds import checks, generic, jobs, workloads
from pkctl.kinds.podspec import validation
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MODES = ("NonIndexed", "Indexed")
REPLACEMENTS = ("Failed", "TerminatingOrFailed")
COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex")
IMMUTABLE = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")


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
    wanted = {jobs.UID_LABEL: meta.uid(new), jobs.NAME_LABEL: meta.name(new)}
    wanted |= {jobs.LEGACY_LABELS[label]: value for label, value in tuple(wanted.items())}
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
