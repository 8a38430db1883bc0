"""`explain`: what a kind's fields are, from the texts in kinds/data or a custom kind's own schema.

Upstream: kubectl's cmd/explain and pkg/explain/v2.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.kinds import table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Schema = dict[str, Any]

WIDTH = 80
TEXTS = "texts-1.36"
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "string": "string", "object": "Object"}


def run(ctx: Context) -> int:
    """Explain one kind or one field."""
    if not ctx.args:
        raise errors.CommandError(
            f'You must specify the type of resource to explain. Use "{ctx.io.program} api-resources" for a complete list of supported '
            "resources."
        )
    if len(ctx.args) > 1:
        raise errors.CommandError("We accept only this format: explain RESOURCE\n")
    if ctx.flags["output"] not in ("plaintext", "plaintext-openapiv2"):
        raise errors.CommandError(f"unrecognized format: {ctx.flags['output']}")
    word, *fields = ctx.args[0].split(".")
    row = _row(ctx, word)
    schema = _Schemas(row)
    ctx.io.out((f"GROUP:      {row.group}\n" if row.group else "") + f"KIND:       {row.kind}\nVERSION:    {row.version}\n\n")
    ctx.io.out(_Page(schema, bool(ctx.flags["recursive"]), int(ctx.flags["max-depth"])).text(fields))
    return 0


def fields(ctx: Context, path: str) -> list[str]:
    """The names of the fields that a kind, or a field of it, has."""
    word, *names = path.split(".")
    schemas = _Schemas(_row(ctx, word))
    schema = schemas.root
    for name in names:
        schema = schemas.fields(schema)[0].get(name) or {}
    return sorted(schemas.fields(schema)[0])


def _row(ctx: Context, word: str) -> table.Row:
    wanted = str(ctx.flags["api-version"])
    kinds = ctx.kinds()
    found = kinds.find(word)
    if found is not None and wanted:
        found = kinds.by_gvk(wanted, found.kind)
        if found is None:
            raise errors.CommandError(f'couldn\'t find resource for "{wanted}, Resource={word}"')
    if found is None:
        error = errors.CommandError(f'the server doesn\'t have a resource type "{word}"')
        error.bare = True  # type: ignore[attr-defined]
        raise error
    return found


class _Schemas:
    """A kind's OpenAPI schema and those that it refers to."""

    def __init__(self, row: table.Row) -> None:
        self._known: dict[str, Schema] = {}
        self._lines = self._read()
        self.root = self._custom(row) if row.schema is not None else self._built_in(row)

    def _custom(self, row: table.Row) -> Schema:
        from pkctl.kinds import custom

        return custom.published(row)

    def _read(self) -> dict[bytes, bytes]:
        """The text of each definition by its name; few of them are wanted, so none is decoded yet."""
        with open(f"{table.__file__.rpartition('/')[0]}/data/{TEXTS}", "rb") as file:
            return {name: text for name, _, text in (line.partition(b"\t") for line in file)}

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

    def type(self, schema: Schema) -> str:
        """`string`, `[]Container`, `map[string]string`, `PodSpec`."""
        reference = schema.get("$ref")
        if reference:
            name = str(reference).rpartition(".")[2]
            target = self.resolve(schema)
            plain = _kind(target) not in ("", "object") and not target.get("properties")
            return TYPES.get(_kind(target), name) if plain else name
        kind = _kind(schema)
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


class _Page:
    """The text about one field of a kind."""

    def __init__(self, schemas: _Schemas, recursive: bool, depth: int) -> None:
        self._schemas, self._recursive, self._depth = schemas, recursive, depth

    def text(self, path: list[str]) -> str:
        schema = self._schemas.root
        head = ""
        for number, name in enumerate(path):
            fields = self._schemas.fields(schema)[0]
            if name not in fields:
                raise errors.CommandError(f'field "{name}" does not exist')
            schema = fields[name]
            if number == len(path) - 1:
                head = f"FIELD: {name} <{self._schemas.type(schema)}>\n{self._enum(schema, '    ')}\n"
        resolved = self._schemas.resolve(schema)
        text = f"{head}DESCRIPTION:\n{_wrapped(self._description(schema, resolved), '    ')}"
        if not self._schemas.fields(schema)[0]:
            return f"{text}\n\n"
        return f"{text}\nFIELDS:\n{self._fields(schema, frozenset(), 1)}\n"

    def _description(self, schema: Schema, resolved: Schema) -> str:
        text = str(schema.get("description") or resolved.get("description") or "")
        inner = schema.get("items") or schema.get("additionalProperties")
        if isinstance(inner, dict):
            more = str(self._schemas.resolve(inner).get("description") or "")
            text = f"{text}\n{more}" if more and more != text else text
        return text or "<empty>"

    def _enum(self, schema: Schema, indent: str) -> str:
        values = schema.get("enum")
        return f"{indent}enum: {', '.join(map(str, values))}\n" if values else ""

    def _fields(self, holder: Schema, above: frozenset[str], level: int) -> str:
        fields, required, met = self._schemas.fields(holder, above)
        indent = "  " * level
        out = []
        for name in sorted(fields):
            schema = fields[name]
            mark = " -required-" if name in required else ""
            fixed = "" if name in ("apiVersion", "kind") else self._enum(schema, indent)
            out.append(f"{indent}{name}\t<{self._schemas.type(schema)}>{mark}\n{fixed}")
            if self._recursive:
                if not self._depth or level < self._depth:
                    out.append(self._fields(schema, met, level + 1))
            else:
                resolved = self._schemas.resolve(schema)
                description = str(schema.get("description") or resolved.get("description") or "<empty>")
                out.append(f"{_wrapped(description, '    ')}\n")
        return "".join(out)


def _wrapped(text: str, indent: str) -> str:
    lines = [line for paragraph in text.split("\n") for line in _lines(paragraph.strip().expandtabs(), WIDTH - len(indent))]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


def _lines(paragraph: str, width: int) -> list[str]:
    """As `textwrap.wrap` without breaking words; importing that, and `re` with it, took longer than the whole page."""
    lines, line = [], ""
    for word in paragraph.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
