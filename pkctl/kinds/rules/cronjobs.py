"""What a CronJob may be. Follows validateCronJobSpec of pkg/apis/batch/validation."""

from __future__ import annotations

from pkctl.kinds import checks, crons, generic, workloads
from pkctl.kinds.rules import jobs
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

CONCURRENCY = ("Allow", "Forbid", "Replace")
MOST_NAME = 52
"""A Job's name has eleven characters more, and must still fit a label."""
LOCAL_TEXT = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec, before = workloads.spec(new), workloads.spec(old or {})
    name = (new.get("metadata") or {}).get("name") or ""
    problems: list[Problem] = []
    if old is None and len(name) > MOST_NAME:
        problems.append(fields.invalid("metadata.name", name, f"must be no more than {MOST_NAME} characters"))
    problems += _schedule(spec)
    problems += generic.not_negative(spec.get("startingDeadlineSeconds"), "spec.startingDeadlineSeconds")
    if spec.get("timeZone") is not None and spec.get("timeZone") != before.get("timeZone"):
        problems += _time_zone(spec["timeZone"], "spec.timeZone")
    problems += checks.chosen(spec.get("concurrencyPolicy"), CONCURRENCY, "spec.concurrencyPolicy")
    problems += _template(spec.get("jobTemplate") or {}, "spec.jobTemplate")
    for limit in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        problems += generic.not_negative(spec.get(limit), f"spec.{limit}")
    return problems


def _schedule(spec: Object) -> list[Problem]:
    text, path = str(spec.get("schedule") or ""), "spec.schedule"
    if not text:
        return [fields.required(path)]
    if "TZ" in text:
        detail = "cannot use both timeZone field and TZ or CRON_TZ in schedule"
        if spec.get("timeZone") is None:
            detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        return [fields.invalid(path, text, detail)]
    try:
        crons.parse(text)
    except crons.CronError as error:
        return [fields.invalid(path, text, str(error))]
    return []


def _time_zone(name: str, path: str) -> list[Problem]:
    if not name:
        return [fields.invalid(path, name, "timeZone must be nil or non-empty string")]
    if name.lower() == "local":
        return [fields.invalid(path, name, LOCAL_TEXT)]
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return [fields.invalid(path, name, f"unknown time zone {name}")]
    return []


def _template(template: Object, path: str) -> list[Problem]:
    spec = template.get("spec") or {}
    problems = generic.template_meta(template.get("metadata") or {}, f"{path}.metadata")
    if spec.get("selector") is not None:
        problems.append(fields.invalid(f"{path}.spec.selector", spec["selector"], "`selector` will be auto-generated"))
    if spec.get("manualSelector"):
        problems.append(fields.unsupported(f"{path}.spec.manualSelector", spec["manualSelector"], ("nil", "false")))
    return problems + jobs.job(spec, f"{path}.spec")
