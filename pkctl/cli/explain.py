"""`explain`: what a kind's fields are, from the texts in kinds/data or a custom kind's own schema.

Upstream: kubectl's cmd/explain and pkg/explain/v2. Not here: how the text is laid out (`explain_pages`).
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
    row, fields = _named(ctx, ctx.args[0])
    if ctx.flags["output"] not in ("plaintext", "plaintext-openapiv2"):
        raise errors.CommandError(f"unrecognized format: {ctx.flags['output']}")
    ctx.io.out(_text(ctx, row, fields))
    return 0


def _text(ctx: Context, row: table.Row, fields: list[str]) -> str:
    from pkctl.cli import explain_pages

    schemas, recursive = Schemas(row), bool(ctx.flags["recursive"])
    if ctx.flags["output"] == "plaintext-openapiv2":
        return f"KIND:     {row.kind}\nVERSION:  {row.api_version}\n\n{explain_pages.OldPage(schemas, recursive=recursive).text(fields)}"
    head = (f"GROUP:      {row.group}\n" if row.group else "") + f"KIND:       {row.kind}\nVERSION:    {row.version}\n\n"
    return head + explain_pages.Page(schemas, recursive=recursive).text(fields)


def fields(ctx: Context, path: str) -> list[str]:
    """The names of the fields that a kind, or a field of it, has."""
    row, names = _named(ctx, path)
    schemas = Schemas(row)
    schema = schemas.root
    for name in names:
        schema = schemas.fields(schema)[0].get(name) or {}
    return sorted(schemas.fields(schema)[0])


def _named(ctx: Context, text: str) -> tuple[table.Row, list[str]]:
    """The kind and the fields of `TYPE.FIELD…` or `TYPE.GROUP.FIELD…`."""
    steps = _steps(text)
    if steps[0][0] != "field":
        raise errors.CommandError("invalid jsonpath syntax, first node must be field node")
    word, names = steps[0][1], steps[1:]
    path = text.removesuffix(".").removeprefix(f"{word}.")
    for row in ctx.kinds():
        if row.plural == word and row.group and f"{path}.".startswith(f"{row.group}."):
            word, names = f"{word}.{row.group}", names[row.group.count(".") + 1 :]
            break
    row = _row(ctx, word)
    if any(step[0] != "field" for step in names):
        which = "all nodes" if ctx.flags["api-version"] else "first node"
        raise errors.CommandError(f"invalid jsonpath syntax, {which} must be field node{'s' if which == 'all nodes' else ''}")
    return row, [step[1] for step in names]


def _steps(text: str) -> list[tuple[str, str]]:
    """A path's steps, as JSONPath reads it."""
    from pkctl.objects import jsonpath_parsing

    try:
        parts = jsonpath_parsing.template(f"{{.{text.removesuffix('.')}}}")
    except jsonpath_parsing.Unreadable as error:
        raise errors.CommandError(str(error)) from None
    if len(parts) != 1:
        raise errors.CommandError("must pass in 1 jsonpath string")
    steps: list[tuple[str, str]] = parts[0][1]
    return steps


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


class Schemas:
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
