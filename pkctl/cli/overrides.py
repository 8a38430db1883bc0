"""`--overrides`: inline JSON laid over a made object, as a merge, a strategic merge or a JSON patch.

What comes of it is read as an object of whatever kind it says it is, so that fields which that kind has not are gone. Upstream: kubectl's
cmd/util/override_options.go.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

FORMS = ("json", "merge", "strategic")
NO_JSON = {"merge": "Invalid JSON Patch", "strategic": "invalid JSON document"}


def merged(ctx: Context, obj: Object) -> Object:
    """The object with `--overrides` applied; CommandError in kubectl's words."""
    text, form = str(ctx.flags["overrides"]), str(ctx.flags["override-type"])
    if not text:
        return obj
    if form not in FORMS:
        raise errors.CommandError(f"invalid override type: {form}")
    import json

    from pkctl.cli import typed
    from pkctl.objects import jsonfaults

    try:
        patch = json.loads(text)
    except ValueError:
        raise errors.CommandError(NO_JSON.get(form) or jsonfaults.whole(text)) from None
    return typed.read(_laid(form, obj, patch))


def _laid(form: str, obj: Object, patch: Any) -> Any:
    """The object with a patch of that form laid over; null is a patch without operations and fields, but no merge patch."""
    from pkctl.kinds import schema, table
    from pkctl.objects import patches

    if form == "merge":
        if not isinstance(patch, (dict, list)):
            raise errors.CommandError(NO_JSON[form])
        return patches.merge(obj, patch)
    try:
        if form == "json":
            return patches.apply_json(obj, [] if patch is None else patch)
        row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
        assert row is not None
        return patches.strategic(obj, {} if patch is None else patch, schema.shape(row))
    except patches.PatchError as error:
        raise errors.CommandError(str(error)) from None
