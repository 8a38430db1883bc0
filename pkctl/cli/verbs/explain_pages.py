"""How `explain` lays a field's text out: as kubectl's plaintext template does, and as the older plaintext-openapiv2 did.

Upstream: kubectl's pkg/explain/v2/templates/plaintext.tmpl and pkg/explain/model_printer.go. Not here: the schemas (`explain_schemas`).
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.verbs.explain_schemas import Schema, Schemas

WIDTH, OLD_WIDTH = 76, 75
SHOWN = 4
"""How many of a field's possible values are shown where it is one of many."""


class Page:
    """The text about one field of a kind."""

    def __init__(self, schemas: Schemas, *, recursive: bool = False) -> None:
        self._schemas, self._recursive = schemas, recursive

    def text(self, path: list[str]) -> str:
        """Everything below the head; CommandError for a field that is none."""
        schema = walked(self._schemas, path)
        head = f"FIELD: {path[-1]} <{self._schemas.type(schema)}>\n{_long_enum(path[-1], schema)}\n\n" if path else ""
        described = indented(wrapped("".join(f"{each}\n" for each in _descriptions(self._schemas, schema)) or "<empty>", WIDTH), 4)
        fields = self._fields(schema, frozenset(), 1)
        return f"{head}DESCRIPTION:\n{described}\n" + (f"FIELDS:\n{fields}" if fields else "") + "\n"

    def _fields(self, holder: Schema, above: frozenset[str], level: int) -> str:
        fields, required, met = self._schemas.fields(holder, above)
        indent = "  " * level
        out = []
        for name in sorted(fields):
            schema = fields[name]
            mark = " -required-" if name in required else ""
            out.append(f"{indent}{name}\t<{self._schemas.type(schema)}>{mark}{_short_enum(name, schema, indent)}\n")
            if not self._recursive:
                text = str(schema.get("description") or "<no description>")
                out.append(indented(wrapped(text, WIDTH), 4) + "\n\n")
            else:
                out.append(self._fields(schema, met, level + 1))
        return "".join(out)


class OldPage:
    """The same in the layout of kubectl before 1.27."""

    def __init__(self, schemas: Schemas, *, recursive: bool = False) -> None:
        self._schemas, self._recursive = schemas, recursive

    def text(self, path: list[str]) -> str:
        """Everything below the head; CommandError for a field that is none."""
        schema = walked(self._schemas, path)
        fields = self._schemas.fields(schema)[0]
        label = "RESOURCE:" if fields else "FIELD:   "
        head = f"{label} {path[-1]} <{self._schemas.type(schema)}>\n\n" if path else ""
        described = [indented(wrapped(each, OLD_WIDTH), 5) for each in _descriptions(self._schemas, schema)] or ["     <empty>"]
        text = f"{head}DESCRIPTION:\n" + "\n\n".join(described) + "\n"
        return text + (f"\nFIELDS:\n{self._fields(schema, frozenset(), 1)}" if fields else "")

    def _fields(self, holder: Schema, above: frozenset[str], level: int) -> str:
        fields, required, met = self._schemas.fields(holder, above)
        out = []
        for name in sorted(fields):
            mark = " -required-" if name in required else ""
            out.append(f"{'   ' * level}{name}\t<{self._schemas.type(fields[name])}>{mark}\n")
            if self._recursive:
                out.append(self._fields(fields[name], met, level + 1))
            else:
                out.append(indented(wrapped(str(fields[name].get("description") or ""), OLD_WIDTH), 5).rstrip(" ") + "\n\n")
        return "".join(out)


def walked(schemas: Schemas, path: list[str]) -> Schema:
    """The schema that a path of fields leads to; kubectl names the last word, whichever was wrong."""
    schema = schemas.root
    for name in path:
        fields = schemas.fields(schema)[0]
        if name not in fields:
            raise errors.CommandError(f'field "{path[-1]}" does not exist')
        schema = fields[name]
    return schema


def _descriptions(schemas: Schemas, schema: Schema) -> Iterator[str]:
    """What is said of a field, then of what it refers to, then of what a list or map of it holds."""
    if schema.get("description"):
        yield str(schema["description"])
    if schema.get("$ref"):
        yield from _descriptions(schemas, schemas.referred(schema))
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _descriptions(schemas, inner)


def _values(name: str, schema: Schema) -> list[str]:
    """A field's possible values; `kind` and `apiVersion` say what the object is, which is no choice."""
    found = [] if name in ("apiVersion", "kind") else schema.get("enum") or []
    return ['""' if each == "" else str(each) for each in found]


def _long_enum(name: str, schema: Schema) -> str:
    return "".join(("ENUM:", *(f"\n    {each}" for each in values))) if (values := _values(name, schema)) else ""


def _short_enum(name: str, schema: Schema, indent: str) -> str:
    values = _values(name, schema)
    return f"\n{indent}enum: {', '.join(values[:SHOWN])}{', ....' if len(values) > SHOWN else ''}" if values else ""


def indented(text: str, amount: int) -> str:
    """Every line moved in, empty ones too."""
    pad = " " * amount
    return pad + text.replace("\n", f"\n{pad}")


def wrapped(text: str, width: int) -> str:
    """Lines broken at spaces as go-wordwrap does: runs of spaces stay, a word longer than a line begins where it stands."""
    return "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    made, current = "", 0
    place = 0
    while place < len(line):
        end = place
        while end < len(line) and line[end] in " \t":
            end += 1
        space, place = line[place:end], end
        while end < len(line) and line[end] not in " \t":
            end += 1
        word, place = line[place:end], end
        if not word:
            return made + space if current + len(space) <= width else made
        first = max(1, width - current - len(space) + 1)
        if first <= min(len(word), width - 1):
            made, current, space = f"{made}\n", 0, ""
        made += space + word
        current += len(space) + len(word)
    return made
