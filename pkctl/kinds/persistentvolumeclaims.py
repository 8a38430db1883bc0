"""PersistentVolumeClaim. Follows pkg/registry/core/persistentvolumeclaim and pkg/apis/core/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
RESIZES = ("ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending")
VOLUME_MODES = ("Block", "Filesystem")
FROZEN = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
COLUMNS = (
    shared.NAME,
    columns.Column("Status", description="phase represents the current phase of PersistentVolumeClaim."),
    columns.Column("Volume", description="volumeName is the binding reference to the PersistentVolume backing this claim."),
    columns.Column("Capacity", description="capacity represents the actual resources of the underlying volume."),
    columns.Column("Access Modes", description="accessModes contains the actual access modes the volume backing the PVC has."),
    columns.Column("StorageClass", description="StorageClass of the pvc"),
    columns.Column("VolumeAttributesClass", description="VolumeAttributesClass of the pvc"),
    shared.AGE,
    columns.Column("VolumeMode", priority=1, description="volumeMode defines what type of volume is required by the claim."),
)


def default(obj: meta.Object) -> None:
    """A file system, pending; the two data source fields mirror each other."""
    spec = obj["spec"] = obj.get("spec") or {}
    spec["volumeMode"] = spec.get("volumeMode") or "Filesystem"
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    if source and not reference:
        spec["dataSourceRef"] = meta.clone(source)
    elif reference and not source and not reference.get("namespace"):
        spec["dataSource"] = meta.clone(reference)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """A new claim is Pending; afterwards status has its own subresource."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {"phase": "Pending"}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The spec; an update may only bind, grow or reclass it."""
    found = claim_spec(new.get("spec") or {}, "spec")
    return found + _changed(new, old) if old else found


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """ValidatePersistentVolumeClaimStatusUpdate: amounts, and how a resize stands."""
    status, found = new.get("status") or {}, [] if meta.at(new, "spec", "accessModes") else [fields.required("Spec.accessModes")]
    for name, amount in sorted((status.get("capacity") or {}).items()):
        found += _basic(amount, f"status.capacity[{name}]")
    for name, standing in sorted((status.get("allocatedResourceStatuses") or {}).items()):
        at = "status.allocatedResourceStatus"
        found += _resource(name, at) + ([] if standing in RESIZES else [fields.unsupported(at, name, RESIZES)])
    for name, amount in sorted((status.get("allocatedResources") or {}).items()):
        at = f"status.allocatedResources[{name}]"
        found += _resource(name, "status.allocatedResources") or _basic(amount, at) or checks.quantity(amount, at)
    return found


def _basic(amount: Any, at: str) -> list[fields.Problem]:
    whole = int(-(-quantities.parse(amount) // 1))
    return [fields.invalid(at, whole, "must be a valid resource quantity")] if whole < 0 else []


def _resource(name: str, at: str) -> list[fields.Problem]:
    wrong = checks.worded(names.qualified_name, name, at)
    if wrong or name == "storage" or ("/" in name and "kubernetes.io/" not in name):
        return wrong
    return [fields.unsupported(at, name, ("storage",))]


def claim_spec(spec: dict[str, Any], field: str) -> list[fields.Problem]:
    """ValidatePersistentVolumeClaimSpec, also of a claim template."""
    found = checks.selector(spec.get("selector"), f"{field}.selector")
    modes = spec.get("accessModes") or []
    if not modes:
        found.append(fields.required(f"{field}.accessModes", "at least 1 access mode is required"))
    found += [fields.unsupported(f"{field}.accessModes", mode, MODES) for mode in modes if mode not in MODES]
    if "ReadWriteOncePod" in modes and len(set(modes)) > 1:
        found.append(fields.forbidden(f"{field}.accessModes", "may not use ReadWriteOncePod with other access modes"))
    size = meta.at(spec, "resources", "requests", "storage")
    if size is None:
        found.append(fields.required(f"{field}.resources[storage]"))
    else:
        found += checks.quantity(size, f"{field}.resources[storage]", positive=True)
    for name in ("storageClassName", "volumeAttributesClassName"):
        if spec.get(name):
            found += checks.worded(names.dns_subdomain, spec[name], f"{field}.{name}")
    if spec.get("volumeMode") and spec["volumeMode"] not in VOLUME_MODES:
        found.append(fields.unsupported(f"{field}.volumeMode", spec["volumeMode"], VOLUME_MODES))
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    for part, each in (("dataSource", source), ("dataSourceRef", reference)):
        found += _data_source(each, f"{field}.{part}") if each else []
    if source and reference and any(source.get(part) != reference.get(part) for part in ("kind", "name")):
        found.append(fields.invalid(field, f"{field}.dataSource", "must match dataSourceRef"))
    return found


def _data_source(source: dict[str, Any], at: str) -> list[fields.Problem]:
    group, kind = source.get("apiGroup") or "", source.get("kind") or ""
    found = [fields.required(f"{at}.{part}") for part in ("name", "kind") if not source.get(part)]
    if not group and kind != "PersistentVolumeClaim":
        found.append(fields.invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
    return found + (checks.worded(names.dns_subdomain, group, f"{at}.apiGroup") if group else [])


def _changed(new: meta.Object, old: meta.Object) -> list[fields.Problem]:
    ours, theirs = meta.clone(new.get("spec") or {}), meta.clone(old.get("spec") or {})
    found: list[fields.Problem] = []
    if not theirs.get("volumeName"):
        theirs["volumeName"] = ours.get("volumeName")
    # A claim that waited for a default class may be given one later.
    if theirs.get("storageClassName") is None:
        theirs["storageClassName"] = ours.get("storageClassName")
    size, before = _size(ours), _size(theirs)
    if meta.at(new, "status", "phase") == "Bound":
        if meta.at(ours, "resources", "requests") is not None:
            ours["resources"]["requests"]["storage"] = before
        ours["volumeAttributesClassName"] = theirs.get("volumeAttributesClassName")
    if _bare(ours) != _bare(theirs):
        found.append(fields.forbidden("spec", FROZEN))
    if size and before and quantities.compare(size, before) < 0:
        actual = meta.at(old, "status", "capacity", "storage")
        if actual and quantities.compare(size, actual) <= 0:
            found.append(fields.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"))
    given = meta.at(new, "spec", "volumeAttributesClassName")
    if meta.at(old, "status", "currentVolumeAttributesClassName") is not None and not given:
        told = "nil" if given is None else "an empty string"
        found.append(fields.forbidden("spec.volumeAttributesClassName", f"update from non-nil value to {told} is forbidden"))
    return found + checks.unchanged(ours.get("volumeMode"), theirs.get("volumeMode"), "spec.volumeMode")


def _size(spec: dict[str, Any]) -> Any:
    return meta.at(spec, "resources", "requests", "storage")


def _bare(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if value is not None}


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    bound = bool(spec.get("volumeName"))
    return [
        meta.name(obj),
        "Terminating" if meta.is_deleting(obj) else status.get("phase", ""),
        spec.get("volumeName", ""),
        describing.quantity(meta.at(status, "capacity", "storage")) if bound else "",
        shared.access_modes(status.get("accessModes") or ()) if bound else "",
        shared.storage_class(obj),
        spec.get("volumeAttributesClassName", shared.UNSET),
        shared.age(obj, now),
        spec.get("volumeMode") or shared.UNSET,
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With the pods that use it."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    describe_claim(page, obj, now=reader.now)
    describing.column(page, "Used By", sorted(_users(obj, reader)))
    titles = ("Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
    describing.conditions(page, obj, titles, gap=titles[:5], rules=("----", "------", "-" * 17, "-" * 18, "------", "-------"))
    return describing.end(page, obj, reader)


def describe_claim(page: describing.Page, obj: meta.Object, *, now: float | None = None) -> None:
    """What a claim and an ephemeral volume's template have in common; without `now` it is a template."""
    spec = obj.get("spec") or {}
    page.field("StorageClass", shared.storage_class(obj))
    if now is not None:
        describing.phase(page, obj, now)
    page.field("Volume", spec.get("volumeName", ""))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    if now is not None:
        page.field("Finalizers", describing.go(meta.at(obj, "metadata", "finalizers", default=[])))
    bound = bool(spec.get("volumeName"))
    page.field("Capacity", describing.quantity(meta.at(obj, "status", "capacity", "storage")) if bound else "")
    page.field("Access Modes", shared.access_modes(meta.at(obj, "status", "accessModes", default=())) if bound else "")
    if spec.get("volumeMode"):
        page.field("VolumeMode", spec["volumeMode"])
    source = spec.get("dataSource")
    if source:
        page.line("DataSource:")
        for label, part in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if part != "apiGroup" or source.get(part) is not None:
                page.field(label, source.get(part, ""), 1)


def _users(obj: meta.Object, reader: describing.Reader) -> list[str]:
    owners = {owner.get("uid") for owner in meta.at(obj, "metadata", "ownerReferences", default=()) if owner.get("kind") == "Pod"}
    return [
        meta.name(pod)
        for pod in reader.list("pods", meta.namespace(obj))
        if meta.uid(pod) in owners
        or any(
            meta.at(volume, "persistentVolumeClaim", "claimName") == meta.name(obj)
            for volume in meta.at(pod, "spec", "volumes", default=())
        )
    ]
