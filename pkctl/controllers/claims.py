"""Which objects a controller owns: adopting those its selector matches, letting go of those it no longer matches.

Follows pkg/controller/controller_ref_manager.go.
"""

from __future__ import annotations

from pkctl.controllers import indexes, plan
from pkctl.objects import meta, owners, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object


def claim(view: plan.View, kind: str, owner: Object, selector: Object) -> tuple[list[Object], list[plan.Write]]:
    """The owner's objects, those adopted now included (as they will be), and the writes that adopt and release."""
    wanted = selectors.of(selector)
    mine: list[Object] = []
    writes: list[plan.Write] = []
    for obj in view.owned(kind, owner):
        if wanted.matches(meta.labels(obj)):
            mine.append(obj)
        elif not meta.is_deleting(owner):
            writes.append(plan.Write("update", kind, released(obj, owner)))
    if meta.is_deleting(owner):
        return mine, writes
    for obj in indexes.orphans(view, kind, meta.namespace(owner)):
        if wanted.matches(meta.labels(obj)) and not meta.is_deleting(obj):
            adopted = with_owner(obj, owner)
            mine.append(adopted)
            writes.append(plan.Write("update", kind, adopted))
    return mine, writes


def with_owner(obj: Object, owner: Object) -> Object:
    """A clone that `owner` controls."""
    new: Object = meta.clone(obj)
    new["metadata"].setdefault("ownerReferences", []).append(owners.reference(owner))
    return new


def released(obj: Object, owner: Object) -> Object:
    """A clone that `owner` no longer owns."""
    new: Object = meta.clone(obj)
    references = [reference for reference in new["metadata"]["ownerReferences"] if reference.get("uid") != meta.uid(owner)]
    if references:
        new["metadata"]["ownerReferences"] = references
    else:
        del new["metadata"]["ownerReferences"]
    return new
