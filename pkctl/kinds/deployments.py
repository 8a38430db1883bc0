"""Deployments: defaults, rules and table.

Follows pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go and pkg/registry/apps/deployment/strategy.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, generic, workloads
from pkctl.kinds.podspec import defaults, validation
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SPEC = (("replicas", 1), ("revisionHistoryLimit", 10), ("progressDeadlineSeconds", 600))
ROLLING = (("maxUnavailable", "25%"), ("maxSurge", "25%"))
COLUMNS = (
    shared.NAME,
    columns.Column("Ready", description="Number of the pod with ready state"),
    columns.Column(
        "Up-to-date", description="Total number of non-terminated pods targeted by this deployment that have the desired template"
    ),
    columns.Column("Available", description="Total number of available pods targeted by this deployment"),
    shared.AGE,
    *workloads.WIDE,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, SPEC)
    strategy = spec.setdefault("strategy", {})
    strategy["type"] = strategy.get("type") or "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        workloads.fill(strategy.setdefault("rollingUpdate", {}), ROLLING)
    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new Deployment has no status yet."""
    if old is None:
        new["status"] = {}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = generic.not_negative(spec.get("replicas"), "spec.replicas")
    problems += workloads.selector(spec.get("selector"), spec["template"], "spec", "deployment")
    problems += validation.long_running_template(spec["template"], "spec.template", "ReplicaSet")
    problems += _strategy(spec.get("strategy") or {}, "spec.strategy")
    problems += generic.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += generic.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    problems += _deadline(spec)
    if old is not None:
        problems += generic.immutable(spec.get("selector"), workloads.spec(old).get("selector"), "spec.selector")
    return problems


def _deadline(spec: Object) -> list[Problem]:
    path, deadline = "spec.progressDeadlineSeconds", spec.get("progressDeadlineSeconds")
    if deadline is None:
        return []
    problems = generic.not_negative(deadline, path)
    if deadline <= (spec.get("minReadySeconds") or 0):
        problems.append(fields.invalid(path, deadline, "must be greater than minReadySeconds"))
    return problems


def _strategy(strategy: Object, path: str) -> list[Problem]:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "Recreate":
        text = "may not be specified when strategy `type` is 'Recreate'"
        return [] if rolling is None else [fields.forbidden(f"{path}.rollingUpdate", text)]
    if kind != "RollingUpdate":
        return [workloads.wrong_strategy(path, strategy, ("Recreate", "RollingUpdate"))]
    return _rolling(rolling or {}, f"{path}.rollingUpdate")


def _rolling(rolling: Object, path: str) -> list[Problem]:
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    problems = workloads.count_or_percent(unavailable, f"{path}.maxUnavailable")
    problems += workloads.count_or_percent(surge, f"{path}.maxSurge")
    if workloads.is_zero(unavailable) and workloads.is_zero(surge):
        problems.append(fields.invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0"))
    return problems + workloads.not_above_all(unavailable, f"{path}.maxUnavailable")


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    ready = f"{workloads.number(obj, 'readyReplicas')}/{workloads.spec(obj).get('replicas', 1)}"
    counts = [workloads.number(obj, "updatedReplicas"), workloads.number(obj, "availableReplicas")]
    return [obj["metadata"].get("name", ""), ready, *counts, shared.age(obj, now), *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.deployment(obj, reader)
