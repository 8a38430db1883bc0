"""Namespace. Emptying one that is deleted is a controller's and the API's matter, not this room's.

Follows pkg/registry/core/namespace and pkg/apis/core/validation of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing, limitranges, resourcequotas
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STANDARD = ("foregroundDeletion", "kubernetes", "orphan")
NAME_LABEL = "kubernetes.io/metadata.name"
FIELDS = {"status.phase": lambda obj: meta.at(obj, "status", "phase", default="")}
COLUMNS = (shared.NAME, columns.Column("Status", description="The status of the namespace"), shared.AGE)


def default(obj: meta.Object) -> None:
    """Label the namespace with its own name."""
    name = meta.name(obj)
    if name:
        metadata = obj["metadata"]
        metadata["labels"] = {**(metadata.get("labels") or {}), NAME_LABEL: name}


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Start Active with the `kubernetes` finalizer; afterwards finalizers and status have their own subresources."""
    default(new)
    if old is None:
        spec = new["spec"] = new.get("spec") or {}
        if "kubernetes" not in spec.setdefault("finalizers", []):
            spec["finalizers"] = [*spec["finalizers"], "kubernetes"]
        new["status"] = {"phase": "Active"}
        return
    for part in ("spec", "status"):
        new[part] = meta.clone(old.get(part, {}))


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Finalizers must be qualified names."""
    finalizers = meta.at(new, "spec", "finalizers", default=())
    return [problem for each in finalizers for problem in _finalizer(each, "spec.finalizers")]


def validate_finalize(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The finalizers that are left."""
    finalizers = meta.at(new, "spec", "finalizers", default=())
    return [problem for number, each in enumerate(finalizers) for problem in _finalizer(each, f"spec.finalizers[{number}]")]


def _finalizer(name: str, at: str) -> list[fields.Problem]:
    found = [fields.invalid(at, name, text) for text in names.qualified_name(name)]
    if found or "/" in name or name in STANDARD:
        return found
    return [fields.invalid(at, name, "name is neither a standard finalizer name nor is it fully qualified")]


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Active until it is deleted, Terminating from then on."""
    phase, is_deleting = meta.at(new, "status", "phase", default=""), meta.is_deleting(new)
    wanted, told = ("Terminating", "is not") if is_deleting else ("Active", "is")
    if phase == wanted:
        return []
    return [fields.invalid("status.Phase", phase, f"may only be '{wanted}' if `deletionTimestamp` {told} empty")]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "status", "phase", default=""), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With the quotas and limits that rule in it."""
    page = describing.begin(obj, namespace=False)
    page.field("Status", meta.at(obj, "status", "phase", default=""))
    describing.conditions(page, obj, ("Type", "Status", "LastTransitionTime", "Reason", "Message"), gap=())
    page.line("")
    resourcequotas.describe_all(page, reader.list("resourcequotas", meta.name(obj)))
    page.line("")
    limitranges.describe_all(page, reader.list("limitranges", meta.name(obj)))
    return page.text()
