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
    found: list[fields.Problem] = []
    for number, finalizer in enumerate(meta.at(new, "spec", "finalizers", default=())):
        found += [fields.invalid(f"spec.finalizers[{number}]", finalizer, text) for text in names.qualified_name(finalizer)]
    return found


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
