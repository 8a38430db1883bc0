"""StatefulSets: defaults, rules and table.

Follows SetDefaults_StatefulSet and ValidateStatefulSetSpec of pkg/apis/apps.
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

SPEC = (("podManagementPolicy", "OrderedReady"), ("replicas", 1), ("revisionHistoryLimit", 10))
RETENTION = (("whenDeleted", "Retain"), ("whenScaled", "Retain"))
COLUMNS = (
    shared.NAME,
    columns.Column("Ready", description="Number of the pod with ready state"),
    shared.AGE,
    workloads.CONTAINERS,
    workloads.IMAGES,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, SPEC)
    strategy = spec.setdefault("updateStrategy", {})
    strategy["type"] = strategy.get("type") or "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        workloads.fill(strategy.setdefault("rollingUpdate", {}), (("partition", 0),))
    workloads.fill(spec.setdefault("persistentVolumeClaimRetentionPolicy", {}), RETENTION)
    for claim in spec.get("volumeClaimTemplates") or ():
        workloads.fill(claim, (("apiVersion", "v1"), ("kind", "PersistentVolumeClaim")))
        workloads.fill(claim.setdefault("spec", {}), (("volumeMode", "Filesystem"),))
        workloads.fill(claim.setdefault("status", {}), (("phase", "Pending"),))
    from pkctl.kinds.podspec import defaults

    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new StatefulSet counts no pods yet."""
    if old is None:
        new["status"] = {"availableReplicas": 0, "replicas": 0}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statefulsets`."""
    from pkctl.kinds.rules import statefulsets as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("statefulsets", new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    spec = workloads.spec(obj)
    ready = f"{workloads.number(obj, 'readyReplicas')}/{spec.get('replicas', 1)}"
    return [obj["metadata"].get("name", ""), ready, shared.age(obj, now), *workloads.container_cells(spec.get("template"))]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.statefulset(obj, reader)
