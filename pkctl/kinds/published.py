"""The schemas that a cluster publishes: every definition of the built-in kinds and of custom ones, in OpenAPI's words.

The words are kinds/data's texts, formats and list types those of `schema`. Not here: paths and whole documents (api/openapi).
"""

from __future__ import annotations

from pkctl.kinds import schema, table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.kinds.schema import Node
    from pkctl.kinds.table import Row

    Schema = dict[str, Any]

FILE = "texts-1.36"
FORMATS = {"i": "int32", "l": "int64", "n": "double", "y": "byte"}
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
OBJECT_META, LIST_META = f"{META}ObjectMeta", f"{META}ListMeta"
EVERYWHERE = (f"{META}DeleteOptions", f"{META}WatchEvent")
"""What belongs to every group and version."""

QUANTITY, INT_OR_STRING = "io.k8s.apimachinery.pkg.api.resource.Quantity", "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
SCALARS: dict[str, dict[str, Schema]] = {
    "v2": {QUANTITY: {"type": "string"}, INT_OR_STRING: {"type": "string", "format": "int-or-string"}},
    "v3": {
        QUANTITY: {"oneOf": [{"type": "string"}, {"type": "number"}]},
        INT_OR_STRING: {"oneOf": [{"type": "integer"}, {"type": "string"}], "format": "int-or-string"},
    },
}
TIMES = {f"{META}{name}": {"format": "date-time"} for name in ("Time", "MicroTime")}
PLACES = {"v2": "#/definitions/", "v3": "#/components/schemas/"}
JUNCTORS = ("allOf", "anyOf", "default", "not", "oneOf")
"""What a schema of a custom kind has that OpenAPI v2 is not told."""


def read() -> dict[bytes, bytes]:
    """The text of each built-in definition by its full name; few of them are wanted at a time, so none is decoded yet."""
    with open(f"{table.__file__.rpartition('/')[0]}/data/{FILE}", "rb") as file:
        return {name: text for name, _, text in (line.partition(b"\t") for line in file)}


class Definitions:
    """The definitions of one cluster as one form of OpenAPI has them, `v2` or `v3`."""

    def __init__(self, form: str, rows: Iterable[Row]) -> None:
        self.form, self.rows = form, tuple(rows)
        self._texts = read()
        self._full = {short(name.decode()): name.decode() for name in self._texts if name.strip()}
        self._custom = {custom_name(row): row for row in self.rows if row.schema is not None}

    def name(self, row: Row) -> str:
        """What a kind's definition is called."""
        return custom_name(row) if row.schema is not None else self.known(row.group, row.version, row.kind)

    def known(self, group: str, version: str, kind: str) -> str:
        """What the definition of a built-in kind is called, which may have no row."""
        found = schema.built_in(f"{group}/{version}" if group else version, kind)
        return self._full[found.name] if found is not None else ""

    def closure(self, names: Iterable[str]) -> dict[str, Schema]:
        """These definitions and those they refer to, by name."""
        found: dict[str, Schema] = {}
        waiting = [name for name in names if name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._definition(name)
                waiting += references(found[name])
        return dict(sorted(found.items()))

    def _definition(self, name: str) -> Schema:
        custom = self._custom.get(name) or self._custom.get(name.removesuffix("List"))
        if custom is not None:
            return self._of_custom(custom, is_list=name not in self._custom)
        text = texts.loads(self._texts[name.encode()].decode().rstrip())
        said = text.pop("kind", "")
        found = self._schema(text, schema.fields(short(name)) if text.get("properties") else {})
        if found.get("properties") and schema.flags(short(name)) == "a":
            found["x-kubernetes-map-type"] = "atomic"
        kinds = [said.split("/")] if said else sorted(self._versions(name)) if name in EVERYWHERE else ()
        if kinds:
            found["x-kubernetes-group-version-kind"] = [_kind(*each) for each in kinds]
        return {**found, **SCALARS[self.form].get(name, TIMES.get(name, {}))}

    def _versions(self, name: str) -> set[tuple[str, str, str]]:
        return {(row.group, row.version, name.rpartition(".")[2]) for row in self.rows}

    def _schema(self, text: Schema, nodes: dict[str, Node]) -> Schema:
        found = {key: each for key, each in text.items() if key in ("description", "required", "type")}
        if text.get("properties"):
            found["properties"] = {name: self._field(_untold(name, each), nodes.get(name)) for name, each in text["properties"].items()}
        return found

    def _field(self, text: Schema, node: Node | None) -> Schema:
        """One property, list item or map value."""
        if "$ref" in text:
            place = {"$ref": PLACES[self.form] + text["$ref"]}
            told = {"description": text["description"]} if text.get("description") else {}
            return {**told, **_notes(node), **(place if self.form == "v2" or not told else {"allOf": [place]})}
        found = {key: each for key, each in text.items() if key in ("description", "enum", "type")}
        for key in ("items", "additionalProperties"):
            if isinstance(text.get(key), dict):
                found[key] = self._field(text[key], node.item if node is not None else None)
        if node is not None and node.code in FORMATS:
            found["format"] = FORMATS[node.code]
        return {**found, **_notes(node)}

    def _of_custom(self, row: Row, *, is_list: bool) -> Schema:
        from pkctl.kinds import custom

        found = _listed(row) if is_list else custom.published(row)
        if self.form == "v2":
            found = _plain(found)
        kind = {"x-kubernetes-group-version-kind": [_kind(row.group, row.version, row.kind + ("List" if is_list else ""))]}
        return {**_placed(found, PLACES[self.form]), **kind}


def short(name: str) -> str:
    """What `schema` calls a definition: the last three parts of its name."""
    return ".".join(name.split(".")[-3:])


def custom_name(row: Row) -> str:
    """The definition of a custom kind has its group's parts in reverse: `com.example.v1.Cup`."""
    return ".".join((*reversed(row.group.split(".")), row.version, row.kind))


def references(found: Any) -> list[str]:
    """The names of the definitions that a schema, or anything with schemas in it, refers to."""
    if isinstance(found, list):
        return [name for each in found for name in references(each)]
    if not isinstance(found, dict):
        return []
    own = found.get("$ref")
    inner = [name for each in found.values() for name in references(each)]
    return [own.rpartition("/")[2], *inner] if isinstance(own, str) else inner


def _untold(name: str, text: Schema) -> Schema:
    """A property without the values that only the data file has: what an object is, is no enum."""
    return {key: each for key, each in text.items() if key != "enum"} if name in ("apiVersion", "kind") else text


def _kind(group: str, version: str, kind: str) -> dict[str, str]:
    return {"group": group, "kind": kind, "version": version}


def _notes(node: Node | None) -> Schema:
    """What a field says of how lists and maps are merged."""
    if node is None:
        return {}
    said = {
        "x-kubernetes-list-type": node.list_type,
        "x-kubernetes-list-map-keys": list(node.list_keys),
        "x-kubernetes-patch-strategy": ",".join(node.patch_strategy),
        "x-kubernetes-patch-merge-key": node.merge_key,
        "x-kubernetes-map-type": node.map_type if not node.name else "",
    }
    return {key: each for key, each in said.items() if each}


def _listed(row: Row) -> Schema:
    """A list of a custom kind."""
    from pkctl.kinds import custom

    items = {"type": "array", "description": f"List of {row.plural}.", "items": {"$ref": PLACES["v2"] + custom_name(row)}}
    own = {name: {"type": "string", "description": custom.DESCRIPTIONS[name]} for name in ("apiVersion", "kind")}
    metadata = {"description": custom.DESCRIPTIONS["metadata"], "$ref": PLACES["v2"] + LIST_META}
    text = f"{row.kind}List is a list of {row.kind}"
    return {"description": text, "type": "object", "required": ["items"], "properties": {**own, "items": items, "metadata": metadata}}


def _plain(found: Any) -> Any:
    """A custom kind's schema in the words that OpenAPI v2 has: what may be null may be anything."""
    if isinstance(found, list):
        return [_plain(each) for each in found]
    if not isinstance(found, dict):
        return found
    left_out = {*JUNCTORS, "nullable", *(("type", "items", "properties") if found.get("nullable") is True else ())}
    return {
        key: {name: _plain(each) for name, each in value.items()} if key == "properties" else _plain(value)
        for key, value in found.items()
        if key not in left_out
    }


def _placed(found: Any, place: str) -> Any:
    """A schema whose references lead to where this form of OpenAPI has its definitions."""
    if isinstance(found, list):
        return [_placed(each, place) for each in found]
    if not isinstance(found, dict):
        return found
    own = found.get("$ref")
    if isinstance(own, str):
        said = {key: each for key, each in found.items() if key != "$ref"}
        target = {"$ref": place + own.rpartition("/")[2]}
        return {**said, "allOf": [target]} if said and place == PLACES["v3"] else {**said, **target}
    return {key: _placed(each, place) for key, each in found.items()}
