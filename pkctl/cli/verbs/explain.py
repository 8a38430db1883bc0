"""`explain`: what a kind's fields are, from the texts in kinds/data or a custom kind's own schema.

Upstream: kubectl's cmd/explain and pkg/explain/v2. Not here: the schemas (`explain_schemas`), how the text is laid out (`explain_pages`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.verbs import explain_schemas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context
    from pkctl.kinds import table


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
    from pkctl.cli.verbs import explain_pages

    schemas, recursive = explain_schemas.Schemas(row), bool(ctx.flags["recursive"])
    if ctx.flags["output"] == "plaintext-openapiv2":
        return f"KIND:     {row.kind}\nVERSION:  {row.api_version}\n\n{explain_pages.OldPage(schemas, recursive=recursive).text(fields)}"
    head = (f"GROUP:      {row.group}\n" if row.group else "") + f"KIND:       {row.kind}\nVERSION:    {row.version}\n\n"
    return head + explain_pages.Page(schemas, recursive=recursive).text(fields)


def fields(ctx: Context, path: str) -> list[str]:
    """The names of the fields that a kind, or a field of it, has."""
    row, names = _named(ctx, path)
    schemas = explain_schemas.Schemas(row)
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
        if wanted.count("/") > 1:
            raise errors.CommandError(f"unexpected GroupVersion string: {wanted}")
        plural, found = found.plural, kinds.by_gvk(wanted, found.kind)
        if found is None:
            raise errors.CommandError(_unknown(ctx, wanted, plural))
    if found is None:
        raise errors.BareError(f'the server doesn\'t have a resource type "{word}"')
    return found


def _unknown(ctx: Context, wanted: str, plural: str) -> str:
    """What kubectl says of a version that has no such resource, or that there is not."""
    place = f"{wanted if '/' in wanted else '/' + wanted}, Resource={plural}"
    if any(row.api_version == wanted for row in ctx.kinds()):
        return f"GVR ({place}) not found in OpenAPI schema"
    return f'couldn\'t find resource for "{place}"'
