"""What an update may not touch by the way it came: the spec through `status`, the status through the main resource.

Follows the strategies' PrepareForUpdate and their status twins.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

LABELS_KEPT = frozenset({"daemonsets.apps", "deployments.apps"})
"""Kinds whose labels a status update can't change."""


def keep(request: Request) -> None:
    """Take from the object as it is whatever this request may not change."""
    row, new, old = request.row, request.new, request.old
    assert old is not None
    if request.subresource == "status":
        _keep_all_but_status(request)
    elif "status" in row.subresources and request.subresource != "approval":
        _take(new, old, "status")


def _keep_all_but_status(request: Request) -> None:
    new, old = request.new, request.old
    assert old is not None
    for field in {*new, *old} - {"status", "metadata", "apiVersion", "kind"}:
        _take(new, old, field)
    if request.row.schema is not None:
        new["metadata"] = {**old["metadata"], "managedFields": new["metadata"].get("managedFields") or []}
        return
    _take(new["metadata"], old["metadata"], "ownerReferences")
    if request.row.id in LABELS_KEPT:
        _take(new["metadata"], old["metadata"], "labels")


def _take(new: dict[str, object], old: dict[str, object], field: str) -> None:
    """The old value stays; it is shared, not copied, since nothing below changes it in place any more."""
    from pkctl.objects import meta

    if field in old:
        new[field] = meta.clone(old[field])
    else:
        new.pop(field, None)
