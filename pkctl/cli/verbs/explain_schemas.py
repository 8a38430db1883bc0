"""The schemas that `explain` tells of: those in kinds/data or a custom kind's own, with what they refer to. Not here: any layout."""

from __future__ import annotations

from pkctl import errors
from pkctl.kinds import published
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds import table

    Schema = dict[str, Any]

TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "string": "string", "object": "Object"}


class Schemas:
    """A kind's OpenAPI schema and those that it refers to."""

    def __init__(self, row: table.Row) -> None:
        self._known: dict[str, Schema] = {}
        self._lines = published.read()
        self.root = self._custom(row) if row.schema is not None else self._built_in(row)

    def _custom(self, row: table.Row) -> Schema:
        from pkctl.kinds import custom

        return custom.published(row)

    def _built_in(self, row: table.Row) -> Schema:
        kind = f'"kind":"{row.group}/{row.version}/{row.kind}"'.encode()
        for name, text in self._lines.items():
            if kind in text:
                return self._definition(name.decode())
        raise errors.CommandError(f"Couldn't find resource for {row.api_version}, Kind={row.kind}")

    def _definition(self, name: str) -> Schema:
        """One definition, read when it is first asked for; {} for an unknown one."""
        if name not in self._known:
            self._known[name] = texts.loads(self._lines.get(name.encode(), b"{}").decode().rstrip())
        return self._known[name]

    def resolve(self, schema: Schema) -> Schema:
        """The schema that a reference leads to, with the place's own description."""
        reference = schema.get("$ref")
        if not reference:
            return schema
        found = self._definition(str(reference).rpartition("/")[2])
        return {**found, "description": schema.get("description") or found.get("description", "")}

    def referred(self, schema: Schema) -> Schema:
        """The definition that a reference leads to."""
        return self._definition(str(schema["$ref"]).rpartition("/")[2])

    def type(self, schema: Schema) -> str:
        """`string`, `[]Container`, `map[string]string`, `PodSpec`."""
        reference = schema.get("$ref")
        if reference:
            name = str(reference).rpartition(".")[2]
            target = self.resolve(schema)
            plain = _kind(target) not in ("", "object") and not target.get("properties")
            return TYPES.get(_kind(target), name) if plain else name
        kind = _kind(schema)
        if kind == "array" and not schema.get("items"):
            return "array"
        if kind == "array":
            return f"[]{self.type(schema.get('items') or {})}"
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"map[string]{self.type(schema['additionalProperties'])}"
        return TYPES.get(kind, "Object")

    def fields(self, schema: Schema, above: frozenset[str] = frozenset()) -> tuple[dict[str, Schema], list[str], frozenset[str]]:
        """What a schema holds, lists and maps looked through: properties, required names, and the references met here and `above`.

        Nothing where a reference leads back to one above.
        """
        while True:
            reference = str(schema.get("$ref", ""))
            if reference in above:
                return {}, [], above
            above = above | {reference} if reference else above
            schema = self.resolve(schema)
            inner = schema.get("items") or schema.get("additionalProperties")
            if not isinstance(inner, dict) or schema.get("properties"):
                return schema.get("properties") or {}, schema.get("required") or [], above
            schema = inner


def _kind(schema: Schema) -> str:
    """A schema's type; `["string", "null"]` is a string."""
    found = schema.get("type") or ""
    return str(found) if isinstance(found, str) else next((str(each) for each in found if each != "null"), "")
