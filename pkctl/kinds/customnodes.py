"""A CRD's openAPIV3Schema as a tree of nodes that say at once what a walk over an object must know.

Follows apiextensions-apiserver's pkg/apiserver/schema. Not here: what is done with it (`custompruning`, `customvalues`, `customrules`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ROOT_FIELDS = frozenset({"apiVersion", "kind", "metadata"})
"""What every object has, whatever its schema says."""


class Node:
    """One place of a schema; its parts are made when first walked into."""

    __slots__ = (
        "_extra", "_fields", "_has_rules", "_items", "compiled", "defaults", "has_default", "is_embedded", "is_free",
        "is_int_or_string", "list_keys", "list_type", "nullable", "rules", "schema", "type",
    )  # fmt: skip

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.type = str(schema.get("type") or "")
        self.nullable = bool(schema.get("nullable"))
        self.is_free = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        self.is_embedded = bool(schema.get("x-kubernetes-embedded-resource"))
        self.is_int_or_string = bool(schema.get("x-kubernetes-int-or-string"))
        self.has_default = schema.get("default") is not None
        self.list_type = str(schema.get("x-kubernetes-list-type") or "")
        self.list_keys: tuple[str, ...] = tuple(schema.get("x-kubernetes-list-map-keys") or ())
        self.rules: list[dict[str, Any]] = schema.get("x-kubernetes-validations") or []
        properties = schema.get("properties") or {}
        self.defaults = tuple(name for name, part in properties.items() if part.get("default") is not None)
        self._fields: dict[str, Node] = {}
        self._extra: Node | None = None
        self._items: Node | None = None
        self._has_rules: bool | None = None
        self.compiled: Any = None

    def field(self, name: str) -> Node | None:
        """The node of a property, or of a map's values; None for a field that the schema doesn't know."""
        found = self._fields.get(name)
        if found is None:
            part = (self.schema.get("properties") or {}).get(name)
            if part is None:
                return self.extra
            found = self._fields[name] = Node(part)
        return found

    @property
    def extra(self) -> Node | None:
        """The node of a map's values, None when this is no map."""
        part = self.schema.get("additionalProperties")
        if self._extra is None and isinstance(part, dict):
            self._extra = Node(part)
        return self._extra

    @property
    def takes_any_key(self) -> bool:
        """Whether this is a map whose values the schema leaves open."""
        return self.schema.get("additionalProperties") is True

    @property
    def items(self) -> Node | None:
        """The node of an array's items."""
        part = self.schema.get("items")
        if self._items is None and isinstance(part, dict):
            self._items = Node(part)
        return self._items

    @property
    def has_rules(self) -> bool:
        """Whether there is a rule here or below."""
        if self._has_rules is None:
            self._has_rules = bool(self.rules) or any(part.has_rules for part in self.parts())
        return self._has_rules

    def parts(self) -> Iterator[Node]:
        """Every node right below."""
        for name in self.schema.get("properties") or ():
            part = self.field(name)
            if part is not None:
                yield part
        for below in (self.extra, self.items):
            if below is not None:
                yield below

    def old_item(self, old: Any, item: Any, missing: Any) -> Any:
        """Which item of the old list is the same one, by its keys; `missing` where items can't be told apart."""
        if self.list_type != "map" or not isinstance(old, list) or not isinstance(item, dict):
            return missing
        key = self.key(item)
        return next((each for each in old if isinstance(each, dict) and self.key(each) == key), missing)

    def key(self, item: dict[str, Any]) -> list[Any]:
        """An item's keys, in the list type's order."""
        return [item.get(name) for name in self.list_keys]
