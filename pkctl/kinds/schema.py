"""Field types of every built-in kind, from generated data; of custom kinds, from their CRD.

`scripts/schema` writes the data and explains its form. Definitions are parsed when first walked into, so a command pays for the
kinds it touches. Not here: reading an object against these types (`decoding`), defaults and rules (the rooms).
"""

from __future__ import annotations

from pkctl.objects import shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pkctl.kinds.table import Row

VERSION = "1.36"
"""The Kubernetes version whose types these are."""

TYPES = {
    "s": "string", "b": "boolean", "i": "integer", "l": "integer", "n": "number", "t": "string", "u": "string", "y": "string",
    "q": "string", "x": "string", "*": "", "@": "object", "[": "array", "{": "map",
}  # fmt: skip
LIST_KEY_DEFAULTS = {("core.v1.ContainerPort", "protocol"): "TCP", ("core.v1.ServicePort", "protocol"): "TCP"}
EMBEDDED = ("apiVersion", "kind", "metadata")
EMPTY: Mapping[str, Node] = {}


class Node:
    """One built-in type: a `shapes.Shape` that also knows its exact scalar `code` and whether it is required."""

    __slots__ = ("_fields", "code", "item", "list_keys", "list_type", "map_type", "merge_key", "name", "patch_strategy", "required", "type")

    def __init__(self, text: str) -> None:
        kind, *notes = text.split("|")
        self.code = kind[0]
        self.type = TYPES[self.code]
        self.name = kind[1:] if self.code == "@" else ""
        self.item = Node(kind[1:]) if self.code in "[{" else None
        said = {note[0]: note[2:] for note in notes}
        self.required = "!" in said
        self.list_type, self.merge_key = said.get("L", ""), said.get("M", "")
        self.list_keys: tuple[str, ...] = tuple(said["K"].split(",")) if "K" in said else ()
        self.patch_strategy: tuple[str, ...] = tuple(said["P"].split(",")) if "P" in said else ()
        self.map_type = "atomic" if "A" in said or (self.name and flags(self.name) == "a") else ""
        self._fields: Mapping[str, Node] | None = None

    @property
    def fields(self) -> Mapping[str, Node]:
        """The properties of an object, {} of anything else."""
        if self._fields is None:
            self._fields = fields(self.name) if self.name else EMPTY
        return self._fields

    def field(self, name: str) -> Node | None:
        """See `shapes.Shape.field`."""
        if self.code == "{":
            return self.item
        return (self.fields if self._fields is None else self._fields).get(name)

    def items(self) -> Node | None:
        """See `shapes.Shape.items`."""
        return self.item if self.code == "[" else None

    def default(self, name: str) -> object:
        """See `shapes.Shape.default`."""
        return LIST_KEY_DEFAULTS.get((self.name, name))


class Custom:
    """A shape over a CRD's openAPIV3Schema, which has no patch strategies."""

    __slots__ = ("list_keys", "list_type", "map_type", "merge_key", "patch_strategy", "schema", "type")

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        is_map = "additionalProperties" in schema
        self.type = "map" if is_map else str(schema.get("type", ""))
        self.list_type = str(schema.get("x-kubernetes-list-type", ""))
        self.list_keys: tuple[str, ...] = tuple(schema.get("x-kubernetes-list-map-keys", ()))
        self.map_type = str(schema.get("x-kubernetes-map-type", ""))
        self.merge_key = ""
        self.patch_strategy: tuple[str, ...] = ()

    def field(self, name: str) -> shapes.Shape | None:
        """See `shapes.Shape.field`; an object within has its kind and metadata like any other."""
        if name in EMBEDDED and self.schema.get("x-kubernetes-embedded-resource"):
            return metadata() if name == "metadata" else Custom({"type": "string"})
        found = self.schema.get("properties", {}).get(name)
        if found is None:
            found = self.schema.get("additionalProperties")
        return Custom(found) if isinstance(found, dict) else None

    def items(self) -> shapes.Shape | None:
        """See `shapes.Shape.items`."""
        found = self.schema.get("items")
        return Custom(found) if isinstance(found, dict) else None

    def default(self, name: str) -> object:
        """See `shapes.Shape.default`."""
        return self.schema.get("properties", {}).get(name, {}).get("default")


class CustomObject(Custom):
    """The shape of a whole custom resource, whose metadata is ObjectMeta whatever its schema says."""

    __slots__ = ()

    def field(self, name: str) -> shapes.Shape | None:
        """See `shapes.Shape.field`."""
        return metadata() if name == "metadata" else super().field(name)


class _Library:
    """The data file, read once: a line per definition and a name per kind."""

    __slots__ = ("kinds", "lines", "parsed")

    def __init__(self) -> None:
        import zlib

        path = __file__.rpartition("/")[0] + f"/data/types-{VERSION}.z"
        with open(path, "rb") as file:
            text = zlib.decompress(file.read()).decode()
        self.lines: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.parsed: dict[str, dict[str, Node]] = {}
        for line in text.split("\n"):
            name, kind, rest = line.split("\t", 2)
            self.lines[name] = rest
            if kind:
                self.kinds[kind] = name


_cache: list[_Library] = []


def _library() -> _Library:
    if not _cache:
        _cache.append(_Library())
    return _cache[0]


def flags(name: str) -> str:
    """`a` when the definition is an atomic object."""
    return _library().lines[name].partition("\t")[0]


def fields(name: str) -> dict[str, Node]:
    """The properties of a definition (`core.v1.PodSpec`); KeyError for an unknown name."""
    library = _library()
    known = library.parsed.get(name)
    if known is None:
        text = library.lines[name].partition("\t")[2]
        pairs = (part.partition("=") for part in text.split(" ")) if text else ()
        known = library.parsed[name] = {field: Node(kind) for field, _, kind in pairs}
    return known


def node(name: str) -> Node:
    """The type of a definition by its short name; KeyError for an unknown one."""
    return Node(f"@{name}")


def metadata() -> Node:
    """ObjectMeta."""
    return node("meta.v1.ObjectMeta")


def built_in(api_version: str, kind: str) -> Node | None:
    """The type of a built-in kind; apiVersion as objects carry it."""
    group, _, version = api_version.rpartition("/")
    name = _library().kinds.get(f"{group}/{version}/{kind}")
    return node(name) if name else None


def shape(row: Row) -> shapes.Shape | None:
    """What patches and merges must know of a kind's fields; None for a custom kind without a schema."""
    if row.schema is not None:
        return CustomObject(row.schema)
    return built_in(row.api_version, row.kind)
