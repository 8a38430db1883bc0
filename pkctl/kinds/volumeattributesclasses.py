"""VolumeAttributesClass: pkctl stores it and does not act upon it. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing, storageclasses
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_ANNOTATION = "volumeattributesclass.alpha.kubernetes.io/is-default-class"
COLUMNS = (
    shared.NAME,
    columns.Column("DriverName", description="Name of the CSI driver"),
    shared.AGE,
)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A driver and what to tell it, neither of which ever changes."""
    found = [
        fields.forbidden(name, f"updates to {name} are forbidden.")
        for name in ("driverName", "parameters")
        if old is not None and (new.get(name) or None) != (old.get(name) or None)
    ]
    found += storageclasses.provisioner(new.get("driverName") or "", "driverName")
    found += storageclasses.parameters(new.get("parameters") or {})
    if not new.get("parameters"):
        found.append(fields.required("parameters", "must contain at least one key/value pair"))
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    is_default = meta.annotations(obj).get(DEFAULT_ANNOTATION) == "true"
    return [meta.name(obj) + (" (default)" if is_default else ""), obj.get("driverName", ""), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Driver and parameters."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    page.field("DriverName", obj.get("driverName", ""))
    page.field("Parameters", describing.joined(obj.get("parameters")))
    return describing.end(page, obj, reader)
