"""PodTemplates: a pod template on its own. Follows ValidatePodTemplate of pkg/apis/core/validation."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, workloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

COLUMNS = (
    shared.NAME,
    columns.Column("Containers", description="Names of each container in the template."),
    columns.Column("Images", description="Images referenced by each container in the template."),
    columns.Column("Pod Labels", description="The labels for the pod template."),
)


def default(obj: Object) -> None:
    """See the package."""
    from pkctl.kinds.podspec import defaults

    defaults.template(obj.setdefault("template", {}))


def validate(new: Object, _old: Object | None) -> list[Problem]:
    """See the package."""
    from pkctl.kinds.podspec import validation

    return validation.pod_template(new.get("template") or {}, "template")


def cells(obj: Object, _now: float) -> list[Any]:
    """See the package."""
    template = obj.get("template") or {}
    labels = shared.labels((template.get("metadata") or {}).get("labels"))
    return [obj["metadata"].get("name", ""), *workloads.container_cells(template), labels]
