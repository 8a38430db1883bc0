"""`--overrides`: inline JSON laid over a made object, as a merge, a strategic merge or a JSON patch."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

FORMS = ("json", "merge", "strategic")


def merged(ctx: Context, obj: Object) -> Object:
    """The object with `--overrides` applied."""
    text, form = str(ctx.flags["overrides"]), str(ctx.flags["override-type"])
    if form not in FORMS:
        raise errors.CommandError(f"invalid argument: {form}, valid override types are: {', '.join(FORMS)}")
    if not text:
        return obj
    import json

    from pkctl.kinds import schema, table
    from pkctl.objects import patches

    try:
        patch = json.loads(text)
    except ValueError:
        raise errors.CommandError("Invalid JSON Patch") from None
    try:
        if form == "json":
            return dict(patches.apply_json(obj, patch))
        if form == "merge":
            return dict(patches.merge(obj, patch))
        row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
        assert row is not None
        return dict(patches.strategic(obj, patch, schema.shape(row)))
    except patches.PatchError as error:
        raise errors.CommandError(f"Invalid JSON Patch: {error}" if form == "json" else f"unable to merge overrides: {error}") from None
