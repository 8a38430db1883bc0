"""What the kinds that hold a pod template share to fill and show themselves: columns and cells.

Not here: their shared rules (`rules.workloads`), the template's PodSpec (`podspec`), and what only one kind shows (its room).
"""

from __future__ import annotations

from pkctl.kinds import columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

CONTAINERS = columns.Column("Containers", priority=1, description="Names of each container in the template.")
IMAGES = columns.Column("Images", priority=1, description="Images referenced by each container in the template.")
SELECTOR = columns.Column("Selector", priority=1, description="Label selector of the pods.")
WIDE = (CONTAINERS, IMAGES, SELECTOR)
JOB_UID, JOB_NAME = "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"
JOB_LEGACY = {JOB_UID: "controller-uid", JOB_NAME: "job-name"}
"""The labels of a Job's pods that the server writes, and the older name of each."""


def spec(obj: Object | None) -> Object:
    """The object's spec, {} when it has none."""
    found: Object = (obj or {}).get("spec") or {}
    return found


def status(obj: Object) -> Object:
    """The object's status, {} when it has none."""
    found: Object = obj.get("status") or {}
    return found


def container_cells(template: Object | None) -> list[str]:
    """Names and images of a template's containers."""
    found = ((template or {}).get("spec") or {}).get("containers") or ()
    return [",".join(each.get("name", "") for each in found), ",".join(each.get("image", "") for each in found)]


def wide_cells(obj: Object) -> list[str]:
    """Containers, images and selector of a workload."""
    from pkctl.objects import selectors

    try:
        shown = selectors.show(spec(obj).get("selector") or {})
    except (selectors.SelectorError, KeyError):
        shown = "<error>"
    return [*container_cells(spec(obj).get("template")), shown]


def number(obj: Object, name: str) -> int:
    """A count of the status, 0 when it isn't there."""
    return int(status(obj).get(name) or 0)


def fill(obj: Object, pairs: tuple[tuple[str, Any], ...]) -> None:
    """Set each field that is missing."""
    for name, value in pairs:
        if obj.get(name) is None:
            obj[name] = value
