"""What a schema takes out of a custom object and what it fills in: unknown fields, nulls, defaults. Everything works in place.

Follows apiextensions-apiserver's pkg/apiserver/schema/{pruning,defaulting}.
"""

from __future__ import annotations

from pkctl.kinds import customnodes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.customnodes import Node


def prune(node: Node, obj: dict[str, Any]) -> list[str]:
    """Drop what the schema doesn't know of an object; the dropped fields' paths, sorted."""
    dropped: list[str] = []
    _prune_object(node, obj, "", dropped, is_root=True)
    return sorted(dropped)


def _prune(node: Node | None, value: Any, path: str, dropped: list[str]) -> None:
    if isinstance(value, dict):
        _prune_object(node, value, path, dropped, is_root=node is not None and node.is_embedded)
    elif isinstance(value, list):
        below = node.items if node else None
        if below is None and node is not None and node.is_free:
            return
        for number, item in enumerate(value):
            _prune(below, item, f"{path}[{number}]", dropped)


def _prune_object(node: Node | None, value: dict[str, Any], path: str, dropped: list[str], *, is_root: bool) -> None:
    for name in list(value):
        if is_root and name in customnodes.ROOT_FIELDS:
            if name == "metadata" and path and isinstance(value[name], dict):
                _prune_meta(value[name], f"{path}.metadata", dropped)
            continue
        part = node.field(name) if node else None
        place = f"{path}.{name}" if path else name
        if part is not None:
            _prune(part, value[name], place, dropped)
        elif node is None or not (node.is_free or node.takes_any_key):
            dropped.append(place)
            del value[name]


def _prune_meta(metadata: dict[str, Any], path: str, dropped: list[str]) -> None:
    """Drop what is no field of ObjectMeta from the metadata of an object inside another."""
    from pkctl.kinds import schema

    for name in metadata.keys() - schema.metadata().fields.keys():
        dropped.append(f"{path}.{name}")
        del metadata[name]


def fill(node: Node, value: Any) -> None:
    """Set the defaults of what is missing or null, then drop the nulls that stay without one."""
    _default(node, value)
    drop_nulls(node, value)


def _default(node: Node | None, value: Any) -> None:
    if node is None:
        return
    if isinstance(value, dict):
        for name in node.defaults:
            part = node.field(name)
            if part is not None and (name not in value or (value[name] is None and not part.nullable)):
                value[name] = meta.clone(part.schema["default"])
        for name, item in value.items():
            part = node.field(name)
            if item is None and part is not None and part.has_default and not part.nullable:
                value[name] = item = meta.clone(part.schema["default"])
            if isinstance(item, (dict, list)):
                _default(part, item)
    elif isinstance(value, list):
        below = node.items
        for number, item in enumerate(value):
            if item is None and below is not None and below.has_default and not below.nullable:
                value[number] = item = meta.clone(below.schema["default"])
            _default(below, item)


def drop_nulls(node: Node | None, value: Any) -> None:
    """Drop the nulls that a schema neither allows nor has a default for."""
    if node is None:
        return
    if isinstance(value, list):
        for item in value:
            drop_nulls(node.items, item)
        return
    if not isinstance(value, dict):
        return
    for name, item in list(value.items()):
        part = node.field(name)
        if item is None and part is not None and not part.nullable and name in (node.schema.get("properties") or ()):
            del value[name]
        elif isinstance(item, (dict, list)):
            drop_nulls(part, item)
