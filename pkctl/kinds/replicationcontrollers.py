"""ReplicationControllers, whose selector is a plain label map: defaults, rules and table.

Follows SetDefaults_ReplicationController and ValidateReplicationControllerSpec of pkg/apis/core.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import generic, replicasets, workloads
from pkctl.kinds.podspec import defaults, validation
from pkctl.objects import fields

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
    defaults.template(spec["template"])


def prepare(new: Object, old: Object | None) -> None:
    """A new ReplicationController counts no pods yet."""
    if old is None:
        new["status"] = {"replicas": 0}


def validate(new: Object, _old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    selector, template = spec.get("selector"), spec.get("template")
    problems = generic.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += [] if selector else [fields.required("spec.selector")]
    problems += generic.not_negative(spec.get("replicas"), "spec.replicas")
    if template is None:
        return [*problems, fields.required("spec.template")]
    if selector:
        problems += validation.selector_matches({"matchLabels": selector}, template, "spec.template")
    return problems + validation.long_running_template(template, "spec.template", "ReplicationController")


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
