"""Strategic merge as kustomize does it (kyaml's merge2): lists that merge put the patch's items first.

Not here: the API server's strategic merge patch (objects/patches), which keeps the object's order and knows more directives.
"""

from __future__ import annotations

from pkctl.kustomize import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.shapes import Shape

DIRECTIVE = "$patch"


def merge(doc: Any, patch: Any, shape: Shape | None) -> Any:
    """`doc` with the patch merged in; None when the patch deletes it. Both stay as they are."""
    if isinstance(patch, dict):
        return _map(doc if isinstance(doc, dict) else {}, patch, shape)
    if isinstance(patch, list) and isinstance(doc, list) and _merges(shape):
        assert shape is not None
        return _list(doc, patch, shape)
    return _plain(patch)


def _plain(value: Any) -> Any:
    """A value taken over whole: nulls and directives mean nothing in it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if key != DIRECTIVE}
    if isinstance(value, list):
        return [_plain(each) for each in value if not (isinstance(each, dict) and each.get(DIRECTIVE) == "delete")]
    return value


def _map(doc: dict[str, Any], patch: dict[str, Any], shape: Shape | None) -> Any:
    directive = patch.get(DIRECTIVE)
    if directive == "delete":
        return None
    if directive == "replace":
        return _plain(patch)
    if directive not in (None, "merge"):
        raise texts.KustomizeError(f"unknown patch strategy '{directive}'")
    made = dict(doc)
    for key, value in patch.items():
        if key == DIRECTIVE:
            continue
        if value is None:
            made.pop(key, None)
            continue
        merged = merge(doc.get(key), value, shape.field(key) if shape is not None else None)
        if merged is None:
            made.pop(key, None)
        else:
            made[key] = merged
    return made


def _merges(shape: Shape | None) -> bool:
    return shape is not None and "merge" in shape.patch_strategy


def _list(doc: list[Any], patch: list[Any], shape: Shape) -> Any:
    if any(isinstance(each, dict) and each.get(DIRECTIVE) == "replace" for each in patch):
        return [_plain(each) for each in patch if not (isinstance(each, dict) and each.get(DIRECTIVE) == "replace")]
    if any(isinstance(each, dict) and each == {DIRECTIVE: "delete"} for each in patch):
        return None
    if not shape.merge_key:
        return [*patch, *(each for each in doc if each not in patch)]
    keys = shape.list_keys if len(shape.list_keys) > 1 else (shape.merge_key,)
    made = _by_two_keys(doc, patch, keys, shape) if len(keys) > 1 and _uses(patch, doc, keys) else _by_key(doc, patch, keys[:1], shape)
    return made or None


def _uses(patch: list[Any], doc: list[Any], keys: tuple[str, ...]) -> bool:
    """Whether any item has more than the first of the keys."""
    return any(isinstance(each, dict) and keys[1] in each for each in (*patch, *doc))


def _by_key(doc: list[Any], patch: list[Any], keys: tuple[str, ...], shape: Shape) -> list[Any]:
    """The patch's items first, then what the object has besides."""
    rest = list(doc)
    made = []
    for each in patch:
        at = _place(rest, each, keys)
        merged = merge(rest.pop(at) if at is not None else None, each, shape.items())
        if merged:
            made.append(merged)
    return [*made, *rest]


def _by_two_keys(doc: list[Any], patch: list[Any], keys: tuple[str, ...], shape: Shape) -> list[Any]:
    """New items first, then the object's in their own order: kustomize treats lists with several keys differently."""
    kept, new = list(doc), []
    for each in patch:
        at = _place(kept, each, keys)
        merged = merge(kept[at] if at is not None else None, each, shape.items())
        if at is None:
            new += [merged] if merged else []
        else:
            kept[at] = merged
    return [*new, *(each for each in kept if each)]


def _place(items: list[Any], wanted: Any, keys: tuple[str, ...]) -> int | None:
    """Where the item is that has the same keys; a key that one of the two lacks does not part them, save the first."""
    if not isinstance(wanted, dict) or wanted.get(keys[0]) is None:
        return None
    for at, item in enumerate(items):
        if isinstance(item, dict) and item.get(keys[0]) == wanted[keys[0]] and all(
            item.get(key) is None or wanted.get(key) is None or item[key] == wanted[key] for key in keys[1:]
        ):  # fmt: skip
            return at
    return None
