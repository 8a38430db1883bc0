"""PersistentVolume. What it may be is in `rules.persistentvolumes`. Follows pkg/apis/core/v1/defaults.go of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCES_WITH_DEFAULTS = ("azureDisk", "hostPath", "iscsi", "rbd", "scaleIO")
COLUMNS = (
    shared.NAME,
    columns.Column("Capacity", description="capacity is the description of the persistent volume's resources and capacity."),
    columns.Column("Access Modes", description="accessModes contains all ways the volume can be mounted."),
    columns.Column("Reclaim Policy", description="What happens to a persistent volume when released from its claim."),
    columns.Column("Status", description="phase indicates if a volume is available, bound to a claim, or released by a claim."),
    columns.Column("Claim", description="claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim."),
    columns.Column("StorageClass", description="StorageClass of the pv"),
    columns.Column("VolumeAttributesClass", description="VolumeAttributesClass of the pv"),
    columns.Column("Reason", description="reason is a brief CamelCase string that describes any failure."),
    shared.AGE,
    columns.Column("VolumeMode", priority=1, description="volumeMode defines if a volume is intended to be used with a file system."),
)


def default(obj: meta.Object) -> None:
    """Retained, a file system; some sources have a default of their own."""
    from pkctl.kinds.podspec import defaults

    spec = obj["spec"] = obj.get("spec") or {}
    spec["persistentVolumeReclaimPolicy"] = spec.get("persistentVolumeReclaimPolicy") or "Retain"
    spec["volumeMode"] = spec.get("volumeMode") or "Filesystem"
    for name in SOURCES_WITH_DEFAULTS:
        if spec.get(name):
            defaults.fill(spec[name], defaults.VOLUMES[name])


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """A new volume is Pending; afterwards status has its own subresource."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {"phase": "Pending"}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """See `rules.persistentvolumes`."""
    from pkctl.kinds.rules import persistentvolumes as rules

    return rules.validate(new, old)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec, status, claim = obj.get("spec") or {}, obj.get("status") or {}, meta.at(obj, "spec", "claimRef")
    return [
        meta.name(obj),
        describing.quantity(meta.at(spec, "capacity", "storage")),
        shared.access_modes(spec.get("accessModes") or ()),
        spec.get("persistentVolumeReclaimPolicy", ""),
        "Terminating" if meta.is_deleting(obj) else status.get("phase", ""),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        shared.storage_class(obj),
        spec.get("volumeAttributesClassName", shared.UNSET),
        status.get("reason", ""),
        shared.age(obj, now),
        spec.get("volumeMode") or shared.UNSET,
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With its source."""
    from pkctl.kinds.podspec import describing_volumes

    page, spec = describing.begin(obj, namespace=False), obj.get("spec") or {}
    page.field("Finalizers", describing.go(meta.at(obj, "metadata", "finalizers", default=[])))
    page.field("StorageClass", shared.storage_class(obj))
    describing.phase(page, obj, reader.now)
    claim = spec.get("claimRef")
    page.field("Claim", f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "")
    page.field("Reclaim Policy", spec.get("persistentVolumeReclaimPolicy", ""))
    page.field("Access Modes", shared.access_modes(spec.get("accessModes") or ()))
    if spec.get("volumeMode"):
        page.field("VolumeMode", spec["volumeMode"])
    page.field("Capacity", describing.quantity(meta.at(spec, "capacity", "storage")))
    _affinity(page, meta.at(spec, "nodeAffinity", "required"))
    page.field("Message", meta.at(obj, "status", "message", default=""))
    page.line("Source:")
    describing_volumes.source(page, spec, persistent=True)
    return describing.end(page, obj, reader)


def _affinity(page: describing.Page, required: dict[str, Any] | None) -> None:
    page.line("Node Affinity:", describing.NONE if required is None else "")
    if required is None:
        return
    terms = required.get("nodeSelectorTerms") or ()
    page.line("Required Terms:", "" if terms else describing.NONE, level=1)
    for number, term in enumerate(terms):
        lines = []
        for each in term.get("matchExpressions") or ():
            values = f" [{', '.join(each['values'])}]" if each.get("values") else ""
            lines.append(f"{each.get('key', '')} {each.get('operator', '').lower()}{values}")
        describing.column(page, f"    Term {number}", lines, "    ")
