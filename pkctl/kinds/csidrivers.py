"""CSIDriver: pkctl stores it and does not act upon it. Follows pkg/apis/storage/v1/defaults.go of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("AttachRequired", "boolean", description="Whether this CSI volume driver requires an attach operation."),
    columns.Column("PodInfoOnMount", "boolean", description="Whether this CSI volume driver requires additional pod information."),
    columns.Column("StorageCapacity", "boolean", description="Whether pod scheduling considers the capacity that the driver reports."),
    columns.Column("TokenRequests", description="The driver needs pods' service account tokens it is mounting volume for."),
    columns.Column("RequiresRepublish", "boolean", description="Whether the driver wants NodePublishVolume being periodically called."),
    columns.Column("Modes", description="Defines what kind of volumes this CSI volume driver supports."),
    shared.AGE,
)
DEFAULTS: dict[str, Any] = {
    "attachRequired": True,
    "podInfoOnMount": False,
    "storageCapacity": False,
    "fsGroupPolicy": "ReadWriteOnceWithFSType",
    "volumeLifecycleModes": ["Persistent"],
    "requiresRepublish": False,
    "seLinuxMount": False,
}


def default(obj: meta.Object) -> None:
    """SetDefaults_CSIDriver."""
    spec = obj["spec"] = obj.get("spec") or {}
    for name, value in DEFAULTS.items():
        if spec.get(name) is None or spec[name] == []:
            spec[name] = meta.clone(value)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    audiences = [request.get("audience", "") for request in spec.get("tokenRequests") or ()]
    return [
        meta.name(obj),
        spec.get("attachRequired", True),
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
        ",".join(audiences) or shared.UNSET,
        bool(spec.get("requiresRepublish")),
        ",".join(spec.get("volumeLifecycleModes") or ()) or shared.NONE,
        shared.age(obj, now),
    ]
