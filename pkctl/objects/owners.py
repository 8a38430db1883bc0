"""Owner references: who controls an object."""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object


def controller(obj: Object) -> Object | None:
    """The reference to the owner that controls the object."""
    for reference in meta.at(obj, "metadata", "ownerReferences", default=()):
        if reference.get("controller"):
            found: Object = reference
            return found
    return None


def is_controlled_by(obj: Object, owner: Object) -> bool:
    """Whether `owner`, by uid, controls the object."""
    found = controller(obj)
    return found is not None and found.get("uid") == meta.uid(owner)


def reference(owner: Object, *, controller: bool = True) -> Object:
    """A reference to `owner`; a controlling one also blocks the owner's foreground deletion."""
    made: Object = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta.name(owner), "uid": meta.uid(owner)}
    return {**made, "controller": True, "blockOwnerDeletion": True} if controller else made
