"""CronJobs: defaults, rules and table.

Follows SetDefaults_CronJob and validateCronJobSpec of pkg/apis/batch.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, jobs, workloads
from pkctl.objects import times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SPEC = (("concurrencyPolicy", "Allow"), ("suspend", False), ("successfulJobsHistoryLimit", 3), ("failedJobsHistoryLimit", 1))
COLUMNS = (
    shared.NAME,
    columns.Column("Schedule", description="The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron."),
    columns.Column("Timezone", description="The time zone of the schedule"),
    columns.Column("Suspend", "boolean", description="Whether no more jobs are made"),
    columns.Column("Active", "integer", description="Number of jobs that run"),
    columns.Column("Last Schedule", description="Time since a job was last due"),
    shared.AGE,
    *workloads.WIDE,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, SPEC)
    template = spec.setdefault("jobTemplate", {})
    template.setdefault("metadata", {})
    jobs.job_spec(template.setdefault("spec", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new CronJob has no status yet."""
    if old is None:
        new["status"] = {}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.cronjobs`."""
    from pkctl.kinds.rules import cronjobs as rules

    return rules.validate(new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    spec, status = workloads.spec(obj), workloads.status(obj)
    last = status.get("lastScheduleTime")
    shown = [
        obj["metadata"].get("name", ""),
        spec.get("schedule", ""),
        spec.get("timeZone") or shared.NONE,
        "True" if spec.get("suspend") else "False",
        len(status.get("active") or ()),
        times.since(last, now) if last else shared.NONE,
        shared.age(obj, now),
    ]
    template = (spec.get("jobTemplate") or {}).get("spec") or {}
    return [*shown, *workloads.wide_cells({"spec": template})]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.cronjob(obj, reader)
