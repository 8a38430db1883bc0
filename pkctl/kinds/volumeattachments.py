"""VolumeAttachment: pkctl stores it and does not act upon it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Attacher", description="attacher indicates the name of the volume driver that MUST handle this request."),
    columns.Column("PV", description="persistentVolumeName represents the name of the persistent volume to attach."),
    columns.Column("Node", description="nodeName represents the node that the volume should be attached to."),
    columns.Column("Attached", description="attached indicates the volume is successfully attached."),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        meta.at(obj, "spec", "attacher", default=""),
        meta.at(obj, "spec", "source", "persistentVolumeName", default=""),
        meta.at(obj, "spec", "nodeName", default=""),
        shared.bool_word(meta.at(obj, "status", "attached")),
        shared.age(obj, now),
    ]
