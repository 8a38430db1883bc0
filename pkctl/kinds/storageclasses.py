"""StorageClass. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class"
BETA_ANNOTATION = "storageclass.beta.kubernetes.io/is-default-class"
RECLAIM = ("Delete", "Retain")
BINDING = ("Immediate", "WaitForFirstConsumer")
COLUMNS = (
    shared.NAME,
    columns.Column("Provisioner", description="provisioner indicates the type of the provisioner."),
    columns.Column("ReclaimPolicy", description="reclaimPolicy of dynamically provisioned PersistentVolumes of this storage class."),
    columns.Column("VolumeBindingMode", description="How PersistentVolumeClaims should be provisioned and bound."),
    columns.Column("AllowVolumeExpansion", description="Whether the storage class allows volume expand."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """Deleted with its claim, bound at once."""
    obj["reclaimPolicy"] = obj.get("reclaimPolicy") or "Delete"
    obj["volumeBindingMode"] = obj.get("volumeBindingMode") or "Immediate"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A provisioner; and nothing that matters to existing volumes changes."""
    found: list[fields.Problem] = []
    provisioner = new.get("provisioner") or ""
    if provisioner:
        found += checks.worded(names.qualified_name, provisioner.lower(), "provisioner")
    else:
        found.append(fields.required("provisioner"))
    found += [fields.invalid("parameters", key, "field must not be empty.") for key in new.get("parameters") or () if not key]
    found += checks.chosen(new.get("reclaimPolicy"), RECLAIM, "reclaimPolicy")
    found += checks.chosen(new.get("volumeBindingMode"), BINDING, "volumeBindingMode")
    if old:
        for field in ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"):
            found += checks.unchanged(new.get(field), old.get(field), field)
    return found


def is_default(obj: meta.Object) -> bool:
    """Whether claims without a class get this one."""
    notes = meta.annotations(obj)
    return notes.get(DEFAULT_ANNOTATION) == "true" or notes.get(BETA_ANNOTATION) == "true"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj) + (" (default)" if is_default(obj) else ""),
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy") or "Delete",
        obj.get("volumeBindingMode") or "Immediate",
        bool(obj.get("allowVolumeExpansion")),
        shared.age(obj, now),
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """All its settings."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("IsDefaultClass", "Yes" if is_default(obj) else "No")
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    page.field("Provisioner", obj.get("provisioner", ""))
    page.field("Parameters", describing.joined(obj.get("parameters")))
    page.field("AllowVolumeExpansion", describing.truth(obj.get("allowVolumeExpansion")))
    options = obj.get("mountOptions") or ()
    page.line("MountOptions:", *(() if options else (describing.NONE,)))
    for option in options:
        page.line(option, level=1)
    for label, field in (("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")):
        if obj.get(field):
            page.field(label, obj[field])
    if obj.get("allowedTopologies") is not None:
        _topologies(page, obj["allowedTopologies"])
    return describing.end(page, obj, reader)


def _topologies(page: describing.Page, terms: list[dict[str, Any]]) -> None:
    page.line("AllowedTopologies:", "" if terms else describing.NONE)
    for number, term in enumerate(terms):
        lines = []
        for each in term.get("matchLabelExpressions") or ():
            values = f" [{', '.join(each['values'])}]" if each.get("values") else ""
            lines.append(f"{each.get('key', '')} in{values}")
        describing.column(page, f"  Term {number}", lines, "  ")
