"""What a patch or a merge must know of a field's type, as the OpenAPI extensions say it.

`kinds.schema` provides shapes for built-in kinds and custom ones; functions here and in `patches` only walk them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class Shape(Protocol):
    """One node of a schema. Strings are empty and tuples () where the schema says nothing."""

    type: str
    """object, map, array, string, integer, number, boolean, or "" when anything goes."""
    patch_strategy: tuple[str, ...]
    """x-kubernetes-patch-strategy: ("merge",), ("retainKeys",), ("merge", "retainKeys"), ("replace",)."""
    merge_key: str
    """x-kubernetes-patch-merge-key, of an array."""
    list_type: str
    """x-kubernetes-list-type: atomic, set, map."""
    list_keys: tuple[str, ...]
    """x-kubernetes-list-map-keys."""
    map_type: str
    """x-kubernetes-map-type: atomic or granular, of an object."""

    def field(self, name: str) -> Shape | None:
        """The shape of a property (for a map: of its values), None when unknown."""

    def items(self) -> Shape | None:
        """The shape of an array's items."""

    def default(self, name: str) -> object:
        """A list key's default (`protocol: TCP`), None when it has none."""
