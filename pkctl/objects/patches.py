"""Patches in three forms: JSON Patch, JSON merge patch, and the client's side of `kubectl apply`.

Strategic merge patches are `strategic`. Every function returns a new value and leaves its arguments alone.
Follows RFC 6902, RFC 7386, and apimachinery/pkg/util/jsonmergepatch.
"""

from __future__ import annotations

from pkctl.objects import json_patch, meta, strategic_diff, strategic_merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.shapes import Shape


class PatchError(ValueError):
    """A patch that can't be read or does not fit; the text is the API server's."""


def merge(doc: Any, patch: Any) -> Any:
    """A JSON merge patch applied: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return meta.clone(patch)
    made = dict(doc) if isinstance(doc, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merge(made.get(name), value)
    return made


def create_merge(old: Any, new: Any) -> Any:
    """The JSON merge patch that makes `new` of `old`."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return meta.clone(new)
    patch: dict[str, Any] = {name: None for name in old if name not in new}
    for name, value in new.items():
        if name not in old:
            patch[name] = meta.clone(value)
        elif not json_patch.same(old[name], value):
            patch[name] = create_merge(old[name], value)
    return patch


def apply_json(doc: Any, ops: Any) -> Any:
    """A JSON Patch applied, operation by operation; PatchError.

    The jsonpatch library applies; `json_patch` follows the API server where that goes its own way: its tests, what the library refuses.
    """
    import jsonpatch

    try:
        if json_patch.is_plain(ops):
            return jsonpatch.apply_patch(doc, ops)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError, KeyError, IndexError, ValueError):
        pass  # what is wrong is said below, in the server's words
    try:
        return json_patch.apply(doc, ops)
    except json_patch.Unfit as error:
        raise PatchError(str(error)) from None


def strategic(doc: Any, patch: Any, shape: Shape | None) -> Any:
    """A strategic merge patch applied, lists merging by the schema's keys; PatchError."""
    try:
        return strategic_merge.apply(doc, patch, shape)
    except strategic_merge.Unfit as error:
        raise PatchError(str(error)) from None


def create_strategic(old: Any, new: Any, shape: Shape | None) -> dict[str, Any]:
    """The strategic merge patch that makes `new` of `old`."""
    return strategic_diff.between(old, new, shape)


def three_way(original: Any, modified: Any, current: Any, shape: Shape | None) -> dict[str, Any]:
    """kubectl apply's patch: what `modified` adds or changes over `current`, and what it drops that `original` had.

    What others have put into `current` since stays.
    """
    return strategic_diff.three_way(original or {}, modified, current, shape)


def three_way_merge(original: Any, modified: Any, current: Any) -> dict[str, Any]:
    """As `three_way`, for kinds without merge keys: a JSON merge patch."""
    added: dict[str, Any] = _without_nulls(create_merge(current, modified))
    dropped: dict[str, Any] = _only_nulls(create_merge(original or {}, modified), current)
    made: dict[str, Any] = _overlay(added, dropped)
    return made


def _without_nulls(patch: Any) -> Any:
    """A patch without its removals; what becomes empty by that goes too."""
    if not isinstance(patch, dict):
        return patch
    made = {}
    for name, value in patch.items():
        if value is None:
            continue
        kept = _without_nulls(value)
        if kept != {} or value == {}:
            made[name] = kept
    return made


def _only_nulls(patch: Any, current: Any) -> Any:
    """Only a patch's removals, of what is there to remove."""
    made: dict[str, Any] = {}
    for name, value in patch.items() if isinstance(patch, dict) else ():
        there = current.get(name) if isinstance(current, dict) else None
        if value is None and isinstance(current, dict) and name in current:
            made[name] = None
        elif isinstance(value, dict) and (kept := _only_nulls(value, there)):
            made[name] = kept
    return made


def _overlay(one: Any, other: Any) -> Any:
    made = dict(one)
    for name, value in other.items():
        made[name] = _overlay(made[name], value) if isinstance(value, dict) and isinstance(made.get(name), dict) else value
    return made
