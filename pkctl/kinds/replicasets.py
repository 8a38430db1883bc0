"""ReplicaSets: defaults, rules and table.

Follows pkg/apis/apps/v1/defaults.go and ValidateReplicaSetSpec in pkg/apis/apps/validation/validation.go.
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

FIELDS = {"status.replicas": lambda obj: str(workloads.number(obj, "replicas"))}
COLUMNS = (
    shared.NAME,
    columns.Column("Desired", "integer", description="Number of desired pods"),
    columns.Column("Current", "integer", description="Number of pods that exist"),
    columns.Column("Ready", "integer", description="Number of pods that are ready"),
    shared.AGE,
    *workloads.WIDE,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, (("replicas", 1),))
    from pkctl.kinds.podspec import defaults

    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new ReplicaSet counts no pods yet."""
    if old is None:
        new["status"] = {"replicas": 0}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.replicasets`."""
    from pkctl.kinds.rules import replicasets as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("replicasets", new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    counts = [workloads.spec(obj).get("replicas", 1), workloads.number(obj, "replicas"), workloads.number(obj, "readyReplicas")]
    return [obj["metadata"].get("name", ""), *counts, shared.age(obj, now), *workloads.wide_cells(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.replicaset(obj, reader)
