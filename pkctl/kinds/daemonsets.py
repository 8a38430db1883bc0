"""DaemonSets: defaults, rules and table.

Follows SetDefaults_DaemonSet and ValidateDaemonSetSpec of pkg/apis/apps.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, workloads

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
        pairs = ROLLING if rolling.get("maxSurge") in (None, 0, "0%") else (("maxUnavailable", 0),)
        workloads.fill(rolling, pairs)
    from pkctl.kinds.podspec import defaults

    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new DaemonSet counts no nodes yet."""
    if old is None:
        new["status"] = dict.fromkeys(("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady"), 0)


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.daemonsets`."""
    from pkctl.kinds.rules import daemonsets as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("daemonsets", new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    nodes = ((workloads.spec(obj).get("template") or {}).get("spec") or {}).get("nodeSelector")
    counts = [workloads.number(obj, name) for name in COUNTS]
    return [obj["metadata"].get("name", ""), *counts, shared.labels(nodes), shared.age(obj, now), *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.daemonset(obj, reader)
