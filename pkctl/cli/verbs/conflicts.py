"""`apply --overwrite=false`: a patch that would undo what somebody else changed since is refused.

Upstream: apimachinery's strategicpatch (MergingMapsHaveConflicts). apply's own annotation, which every apply changes, does not count.
"""

from __future__ import annotations

from pkctl.cli import writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.visiting import Visit
    from pkctl.objects.shapes import Shape

    Object = dict[str, Any]


WRITTEN = ("annotations", "labels", "finalizers", "ownerReferences", "name", "namespace")


def clash(visit: Visit, live: Object, patch: Object) -> str:
    """What the patch and somebody else have both changed since the last apply, in kubectl's words; "" for nothing."""
    import json

    from pkctl.kinds import schema
    from pkctl.objects import patches
    from pkctl.printers import yamls

    shape = schema.shape(visit.row)
    original = json.loads(writes.last_applied(live) or "{}")
    changed = _bare(patches.create_strategic(original, live, shape))
    mine = _bare(patch)
    if not overlap(mine, changed, shape):
        return ""
    return f"conflict: patch:\n{yamls.dump(mine)}\nconflicts with changes made from original to current:\n{yamls.dump(changed)}\n"


def overlap(one: Any, other: Any, shape: Shape | None) -> bool:
    """Whether two patches give one field different values; items of merging lists are matched by their key."""
    if isinstance(one, dict) and isinstance(other, dict):
        return any(overlap(one[name], other[name], shape.field(name) if shape else None)
                   for name in one.keys() & other.keys() if not name.startswith("$"))  # fmt: skip
    if not isinstance(one, list) or not isinstance(other, list):
        return bool(one != other)
    if shape is None or "merge" not in shape.patch_strategy:
        return one != other
    if not shape.merge_key:
        return False
    theirs = {each.get(shape.merge_key): each for each in other}
    inner = shape.items()
    return any(overlap(each, theirs[each.get(shape.merge_key)], inner) for each in one if each.get(shape.merge_key) in theirs)


def _bare(patch: Object) -> Object:
    """The patch without what only servers write."""
    metadata = {name: value for name, value in (patch.get("metadata") or {}).items() if name in WRITTEN}
    notes = {name: value for name, value in (metadata.pop("annotations", None) or {}).items() if name != writes.LAST_APPLIED}
    if notes:
        metadata["annotations"] = notes
    rest = {name: value for name, value in patch.items() if name not in ("metadata", "status")}
    return {**rest, "metadata": metadata} if metadata else rest
