"""What a CronJob may be. Follows validateCronJobSpec of pkg/apis/batch/validation."""

from __future__ import annotations

from pkctl.kinds import checks, crons, workloads
from pkctl.kinds.rules import jobs
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

CONCURRENCY = ("Allow", "Forbid", "Replace")
MOST_NAME = 52
"""A Job's name has eleven characters more, and must still fit a label."""
ZONE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_+")
LOCAL_TEXT = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec, before = workloads.spec(new), workloads.spec(old or {})
    problems: list[Problem] = []
    problems += _schedule(spec, before)
    problems += checks.not_negative(spec.get("startingDeadlineSeconds"), "spec.startingDeadlineSeconds")
    if spec.get("timeZone") is not None and spec.get("timeZone") != before.get("timeZone"):
        problems += _time_zone(spec["timeZone"], "spec.timeZone")
    problems += checks.chosen(spec.get("concurrencyPolicy"), CONCURRENCY, "spec.concurrencyPolicy")
    problems += _template(spec.get("jobTemplate") or {}, "spec.jobTemplate")
    for limit in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        problems += checks.not_negative(spec.get(limit), f"spec.{limit}")
    name = (new.get("metadata") or {}).get("name") or ""
    if old is None and len(name) > MOST_NAME:
        problems.append(fields.invalid("metadata.name", name, f"must be no more than {MOST_NAME} characters"))
    return problems


def _schedule(spec: Object, before: Object) -> list[Problem]:
    text, path = str(spec.get("schedule") or ""), "spec.schedule"
    if not text:
        return [fields.required(path)]
    problems: list[Problem] = []
    try:
        crons.parse(_without_zone(text))
    except crons.CronError as error:
        problems.append(fields.invalid(path, text, str(error)))
    if "TZ" not in text:
        return problems
    if "TZ" not in str(before.get("schedule") or ""):
        problems.append(fields.invalid(path, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
    elif spec.get("timeZone") is not None:
        problems.append(fields.invalid(path, text, "cannot use both timeZone field and TZ or CRON_TZ in schedule"))
    return problems


def _without_zone(text: str) -> str:
    """A schedule without the zone that robfig/cron would take from its beginning."""
    return text.partition(" ")[2].strip() if text.startswith(("TZ=", "CRON_TZ=")) else text


def _time_zone(name: str, path: str) -> list[Problem]:
    if not name:
        return [fields.invalid(path, name, "timeZone must be nil or non-empty string")]
    if not all(_is_zone_part(part) for part in name.split("/")):
        return [fields.invalid(path, name, f"unknown time zone {name}")]
    problems = [fields.invalid(path, name, LOCAL_TEXT)] if name.lower() == "local" else []
    # Go knows its own zone as Local, spelt just so.
    return problems if name == "Local" or _is_zone(name) else [*problems, fields.invalid(path, name, f"unknown time zone {name}")]


def _is_zone_part(part: str) -> bool:
    return 0 < len(part) <= 14 and part not in (".", "..") and part[0] != "-" and all(char in ZONE_CHARACTERS for char in part)


def _is_zone(name: str) -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _template(template: Object, path: str) -> list[Problem]:
    spec = template.get("spec") or {}
    problems = jobs.job(spec, f"{path}.spec")
    if spec.get("selector") is not None:
        problems.append(fields.invalid(f"{path}.spec.selector", spec["selector"], "`selector` will be auto-generated"))
    if spec.get("manualSelector"):
        problems.append(fields.unsupported(f"{path}.spec.manualSelector", spec["manualSelector"], ("nil", "false")))
    return problems
