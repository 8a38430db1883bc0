"""ReplicationControllers, whose selector is a plain label map: defaults, rules and table.

Follows SetDefaults_ReplicationController and ValidateReplicationControllerSpec of pkg/apis/core.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import replicasets, workloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

FIELDS = replicasets.FIELDS
COLUMNS = replicasets.COLUMNS


def default(obj: Object) -> None:
    """See the package; selector and labels come from the template's labels."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, (("replicas", 1),))
    if not spec.get("template"):
        return
    labels = (spec["template"].get("metadata") or {}).get("labels")
    if labels:
        spec["selector"] = spec.get("selector") or dict(labels)
        meta = obj.setdefault("metadata", {})
        meta["labels"] = meta.get("labels") or dict(labels)
    from pkctl.kinds.podspec import defaults

    defaults.template(spec["template"])


def prepare(new: Object, old: Object | None) -> None:
    """A new ReplicationController counts no pods yet."""
    if old is None:
        new["status"] = {"replicas": 0}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.replicationcontrollers`."""
    from pkctl.kinds.rules import replicationcontrollers as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("replicasets", new, old)


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    spec = workloads.spec(obj)
    counts = [spec.get("replicas", 1), workloads.number(obj, "replicas"), workloads.number(obj, "readyReplicas")]
    wide = [*workloads.container_cells(spec.get("template")), shared.labels(spec.get("selector"))]
    return [obj["metadata"].get("name", ""), *counts, shared.age(obj, now), *wide]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.replicationcontroller(obj, reader)
