"""VolumeAttachment: pkctl stores it and does not act upon it. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column(
        "Attacher", format="name", description="attacher indicates the name of the volume driver that MUST handle this request."
    ),
    columns.Column("PV", description="persistentVolumeName represents the name of the persistent volume to attach."),
    columns.Column("Node", description="nodeName represents the node that the volume should be attached to."),
    columns.Column("Attached", description="attached indicates the volume is successfully attached."),
    shared.AGE,
)
ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
LARGEST_METADATA, LONGEST_ERROR = 256 * 1024, 1024


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Who attaches which volume to which node, for ever."""
    spec = new.get("spec") or {}
    attacher, source = spec.get("attacher") or "", spec.get("source") or {}
    found = [] if attacher else [fields.required("spec.attacher")]
    found += _source(source)
    found += checks.worded(names.dns_subdomain, spec.get("nodeName") or "", "spec.nodeName")
    found += validate_status(new, old)
    if old is not None:
        same = gostructs.same("VolumeAttachmentSpec", spec, old.get("spec") or {})
        return found if same else [*found, checks.struct("spec", gostructs.shown("VolumeAttachmentSpec", spec), checks.IMMUTABLE)]
    found += checks.driver_name(attacher, "spec.attacher")
    volume = source.get("persistentVolumeName")
    return found + (checks.worded(names.dns_subdomain, volume, "spec.source.persistentVolumeName") if volume is not None else [])


def _source(source: dict[str, Any]) -> list[fields.Problem]:
    inline, volume = source.get("inlineVolumeSpec"), source.get("persistentVolumeName")
    if inline is None and volume is None:
        return [fields.required("spec.source", ONE_SOURCE)]
    if inline is not None and volume is not None:
        return [fields.forbidden("spec.source", ONE_SOURCE)]
    if volume == "":
        return [fields.required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName")]
    if inline is None:
        return []
    from pkctl.kinds.rules import persistentvolumes

    return persistentvolumes.inline(inline, "spec.source.inlineVolumeSpec")


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """What the attacher told, within bounds."""
    status = new.get("status") or {}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in (status.get("attachmentMetadata") or {}).items())
    found = [fields.too_long("status.attachmentMetadata", LARGEST_METADATA)] if size > LARGEST_METADATA else []
    for part in ("attachError", "detachError"):
        error = status.get(part) or {}
        if len((error.get("message") or "").encode()) > LONGEST_ERROR:
            # Upstream compares with one bound and names the other.
            found.append(fields.too_long(f"status.{part}.message", LARGEST_METADATA))
        found += checks.between(error.get("errorCode"), f"status.{part}.errorCode", 0, 2**31 - 1)
    return found


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
