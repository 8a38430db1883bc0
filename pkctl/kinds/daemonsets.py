"""DaemonSets: defaults, rules and table.

Follows SetDefaults_DaemonSet and ValidateDaemonSetSpec of pkg/apis/apps.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, generic, workloads
from pkctl.kinds.podspec import defaults, validation
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

ROLLING = (("maxUnavailable", 1), ("maxSurge", 0))
COUNTS = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable")
COLUMNS = (
    shared.NAME,
    columns.Column("Desired", "integer", description="Number of nodes that should run the pod"),
    columns.Column("Current", "integer", description="Number of nodes that run the pod and should"),
    columns.Column("Ready", "integer", description="Number of nodes that run the pod and have it ready"),
    columns.Column("Up-to-date", "integer", description="Number of nodes that run the newest pod"),
    columns.Column("Available", "integer", description="Number of nodes whose pod has been ready long enough"),
    columns.Column("Node Selector", description="Labels that a node must have"),
    shared.AGE,
    *workloads.WIDE,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, (("revisionHistoryLimit", 10),))
    strategy = spec.setdefault("updateStrategy", {})
    strategy["type"] = strategy.get("type") or "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        # A surge that is asked for replaces the one pod that may be missing.
        pairs = ROLLING if workloads.is_zero(rolling.get("maxSurge")) else (("maxUnavailable", 0),)
        workloads.fill(rolling, pairs)
    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new DaemonSet counts no nodes yet."""
    if old is None:
        new["status"] = dict.fromkeys(("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"), 0)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    selector = spec.get("selector")
    problems = checks.selector(selector, "spec.selector")
    problems += validation.selector_matches(selector, spec["template"], "spec.template")
    if selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions"):
        problems.append(fields.invalid("spec.selector", selector, "empty selector is invalid for daemonset"))
    problems += validation.long_running_template(spec["template"], "spec.template", "DaemonSet")
    problems += generic.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += _strategy(spec.get("updateStrategy") or {}, "spec.updateStrategy")
    problems += generic.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    if old is not None:
        problems += generic.immutable(selector, workloads.spec(old).get("selector"), "spec.selector")
    return problems


def _strategy(strategy: Object, path: str) -> list[Problem]:
    kind = strategy.get("type")
    if kind == "OnDelete":
        return []
    if kind != "RollingUpdate":
        return [workloads.wrong_strategy(path, strategy, ("RollingUpdate", "OnDelete"))]
    rolling, place = strategy.get("rollingUpdate") or {}, f"{path}.rollingUpdate"
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    problems = workloads.count_or_percent(unavailable, f"{place}.maxUnavailable")
    problems += workloads.count_or_percent(surge, f"{place}.maxSurge")
    if not workloads.is_zero(unavailable) and not workloads.is_zero(surge):
        problems.append(fields.invalid(f"{place}.maxSurge", surge, "may not be set when maxUnavailable is non-zero"))
    elif workloads.is_zero(unavailable) and workloads.is_zero(surge):
        problems.append(fields.required(f"{place}.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    problems += workloads.not_above_all(unavailable, f"{place}.maxUnavailable")
    return problems + workloads.not_above_all(surge, f"{place}.maxSurge")


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    nodes = ((workloads.spec(obj).get("template") or {}).get("spec") or {}).get("nodeSelector")
    counts = [workloads.number(obj, name) for name in COUNTS]
    return [obj["metadata"].get("name", ""), *counts, shared.labels(nodes), shared.age(obj, now), *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.daemonset(obj, reader)
