"""IPAddress: the address of a Service, as the allocator records it. Follows pkg/apis/networking/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("ParentRef", description="ParentRef references the resource that an IPAddress is attached to."),
)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Whose address it is, which never changes."""
    parent = meta.at(new, "spec", "parentRef")
    if old is not None:
        if gostructs.same("ParentReference", parent or {}, meta.at(old, "spec", "parentRef", default={})):
            return []
        return [checks.struct("spec.parentRef", gostructs.shown("ParentReference", parent or {}), checks.IMMUTABLE)]
    if parent is None:
        return [fields.required("spec.parentRef")]
    found = checks.worded(names.dns_subdomain, parent["group"], "spec.parentRef.group") if parent.get("group") else []
    for part in ("resource", "name"):
        found += checks.named(names.path_segment, parent.get(part) or "", f"spec.parentRef.{part}")
    return found + checks.worded(names.path_segment, parent.get("namespace") or "", "spec.parentRef.namespace")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _parent(meta.at(obj, "spec", "parentRef"))]


def _parent(found: dict[str, Any] | None) -> str:
    if not found:
        return shared.NONE
    group = f".{found['group']}" if found.get("group") else ""
    place = f"{found['namespace']}/" if found.get("namespace") else ""
    return f"{found.get('resource', '')}{group}/{place}{found.get('name', '')}"


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Whose address it is."""
    page = describing.begin(obj, namespace=False)
    parent = meta.at(obj, "spec", "parentRef")
    if parent:
        page.line("Parent Reference:")
        for label in ("Group", "Resource", "Namespace", "Name"):
            page.field(label, parent.get(label.lower(), ""), 1)
    return describing.end(page, obj, reader)
