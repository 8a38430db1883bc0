"""PersistentVolume. Follows pkg/apis/core/v1/defaults.go and ValidatePersistentVolume of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, persistentvolumeclaims
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCES = (
    "hostPath", "local", "nfs", "csi", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "rbd", "quobyte", "cephfs",
    "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO",
    "storageos",
)  # fmt: skip
NEEDED = {"hostPath": ("path",), "local": ("path",), "nfs": ("server", "path"), "csi": ("driver", "volumeHandle")}
RECLAIM = ("Delete", "Recycle", "Retain")
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
    spec = obj["spec"] = obj.get("spec") or {}
    spec["persistentVolumeReclaimPolicy"] = spec.get("persistentVolumeReclaimPolicy") or "Retain"
    spec["volumeMode"] = spec.get("volumeMode") or "Filesystem"
    if spec.get("hostPath"):
        spec["hostPath"].setdefault("type", "")
    if spec.get("iscsi"):
        spec["iscsi"]["iscsiInterface"] = spec["iscsi"].get("iscsiInterface") or "default"
    if spec.get("rbd"):
        for field, value in (("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring")):
            spec["rbd"][field] = spec["rbd"].get(field) or value


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """A new volume is Pending; afterwards status has its own subresource."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {"phase": "Pending"}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Modes, capacity, exactly one source, which never changes."""
    spec = new.get("spec") or {}
    modes = spec.get("accessModes") or []
    found = [fields.required("spec.accessModes")] if not modes else []
    found += [
        fields.unsupported("spec.accessModes", mode, persistentvolumeclaims.MODES)
        for mode in modes
        if mode not in persistentvolumeclaims.MODES
    ]
    if "ReadWriteOncePod" in modes and len(set(modes)) > 1:
        found.append(fields.forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes"))
    found += _capacity(spec.get("capacity") or {})
    if spec.get("persistentVolumeReclaimPolicy") not in (None, *RECLAIM):
        found.append(fields.unsupported("spec.persistentVolumeReclaimPolicy", spec["persistentVolumeReclaimPolicy"], RECLAIM))
    found += _source(spec) + _affinity_of(spec.get("nodeAffinity"))
    if spec.get("storageClassName"):
        found += checks.worded(names.dns_subdomain, spec["storageClassName"], "spec.storageClassName")
    if spec.get("volumeMode") not in (None, *persistentvolumeclaims.VOLUME_MODES):
        found.append(fields.unsupported("spec.volumeMode", spec["volumeMode"], persistentvolumeclaims.VOLUME_MODES))
    return found + (_changed(spec, old.get("spec") or {}) if old else [])


def _capacity(capacity: dict[str, Any]) -> list[fields.Problem]:
    if not capacity:
        return [fields.required("spec.capacity")]
    if set(capacity) != {"storage"}:
        return [fields.unsupported("spec.capacity", "", ["storage"])]
    return checks.quantity(capacity["storage"], "spec.capacity[storage]", positive=True)


def _source(spec: dict[str, Any]) -> list[fields.Problem]:
    kinds = checks.only(SOURCES, spec)
    if not kinds:
        return [fields.required("spec", "must specify a volume type")]
    found = [fields.forbidden(f"spec.{kind}", "may not specify more than 1 volume type") for kind in kinds[1:]]
    kind, source = kinds[0], spec[kinds[0]]
    found += [fields.required(f"spec.{kind}.{field}") for field in NEEDED.get(kind, ()) if not source.get(field)]
    if kind == "csi" and source.get("driver"):
        found += checks.driver_name(source["driver"], "spec.csi.driver")
    if kind in ("hostPath", "local") and ".." in (source.get("path") or "").split("/"):
        found.append(fields.invalid(f"spec.{kind}.path", source["path"], "must not contain '..'"))
    if kind == "local" and not spec.get("nodeAffinity"):
        found.append(fields.required("spec.nodeAffinity", "Local volume requires node affinity"))
    if kind == "hostPath" and source.get("path") == "/" and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        found.append(fields.forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"))
    return found


def _affinity_of(affinity: dict[str, Any] | None) -> list[fields.Problem]:
    from pkctl.kinds.podspec import validation_scheduling

    if affinity is None:
        return []
    if affinity.get("required") is None:
        return [fields.required("spec.nodeAffinity.required", "must specify required node constraints")]
    return validation_scheduling.node_selector(affinity["required"], "spec.nodeAffinity.required")


def _changed(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    if {kind: spec[kind] for kind in checks.only(SOURCES, spec)} != {kind: before[kind] for kind in checks.only(SOURCES, before)}:
        found.append(fields.forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"))
    found += checks.unchanged(spec.get("volumeMode"), before.get("volumeMode"), "spec.volumeMode")
    if before.get("nodeAffinity"):
        found += checks.unchanged(spec.get("nodeAffinity"), before["nodeAffinity"], "spec.nodeAffinity")
    return found


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
        spec.get("volumeAttributesClassName") or shared.UNSET,
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
