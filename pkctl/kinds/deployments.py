"""Deployments: defaults, rules and table.

Follows pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go and pkg/registry/apps/deployment/strategy.go.
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
    from pkctl.kinds.podspec import defaults

    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new Deployment has no status yet."""
    if old is None:
        new["status"] = {}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.deployments`."""
    from pkctl.kinds.rules import deployments as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("deployments", new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    ready = f"{workloads.number(obj, 'readyReplicas')}/{workloads.spec(obj).get('replicas', 1)}"
    counts = [workloads.number(obj, "updatedReplicas"), workloads.number(obj, "availableReplicas")]
    return [obj["metadata"].get("name", ""), ready, *counts, shared.age(obj, now), *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.deployment(obj, reader)
