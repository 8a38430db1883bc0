"""`patch`: a strategic, merge or JSON patch of one or more objects. Upstream: kubectl's cmd/patch/patch.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import manifests, printing, resources, templates, visiting, writes
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

FORMS = ("json", "merge", "strategic")
MEDIA_TYPES = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
}

LOCAL_FAULTS = {"merge": "Invalid JSON Patch", "strategic": "invalid JSON document"}
"""What is told of a patch that is no JSON when it is applied here."""


def run(ctx: Context) -> int:
    """Patch what the arguments name."""
    form, patch = _complete(ctx)
    printer = printing.select(ctx)
    local = bool(ctx.flags["local"])
    return resources.each(
        ctx, ctx.args, lambda visit: _patch(ctx, printer, visit, form, patch),
        local=local, latest=False, nothing="no objects passed to patch",
    )  # fmt: skip


def _complete(ctx: Context) -> tuple[str, Any]:
    flags = ctx.flags
    if flags["patch"] and flags["patch-file"]:
        raise errors.CommandError("cannot specify --patch and --patch-file together")
    if not flags["patch"] and not flags["patch-file"]:
        raise errors.CommandError("must specify --patch or --patch-file containing the contents of the patch")
    if flags["local"] and ctx.args:
        raise errors.CommandError("cannot specify --local and server resources")
    templates.judge_local(ctx)
    form = str(flags["type"]).lower() or "strategic"
    if form not in FORMS:
        raise errors.CommandError(f'--type must be one of [{" ".join(FORMS)}], not "{flags["type"]}"')
    return form, _parse(ctx, _text(ctx))


def _text(ctx: Context) -> str:
    name = str(ctx.flags["patch-file"])
    if not name:
        return str(ctx.flags["patch"])
    try:
        with open(name, encoding="utf-8") as stream:
            return stream.read()
    except OSError as error:
        raise errors.CommandError(f"unable to read patch file: open {name}: {(error.strerror or '').lower()}") from None


def _parse(ctx: Context, text: str) -> Any:
    """The patch that a text is; of what begins as JSON and is none, what a server that gets it as it is has against it."""
    if text.lstrip().startswith("{"):
        return _json(text)
    from pkctl.objects import yamls

    try:
        found = yamls.load_all(text)
    except yamls.YamlError as error:
        told = str(error).removeprefix("error converting YAML to JSON: ")
        raise errors.CommandError(f"unable to parse {texts.quoted(str(ctx.flags['patch']))}: {told}") from None
    return found[0] if found else None


def _json(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError:
        from pkctl.objects import jsonfaults

        return errors.BadRequest(jsonfaults.whole(text))


def _patch(ctx: Context, printer: printing.Printer, visit: visiting.Visit, form: str, patch: Any) -> None:
    old = visit.obj or {}
    if ctx.flags["local"] or ctx.dry_run == "client":
        new = apply(visit, old, form, patch)
    else:
        new = _sent(ctx, visit, form, patch)
    said = "patched" + ("" if new != old else " (no change)")
    if not (ctx.flags["local"] or ctx.dry_run == "client"):
        new = writes.record(ctx, visit, new)
    # What a subresource answers is of a kind of its own, and a patch made here can make one of another.
    is_other = bool(ctx.flags["subresource"]) or new.get("kind") != visit.row.kind
    printer.show(new, None if is_other else visit.row, said)
    printer.restart()


def _sent(ctx: Context, visit: visiting.Visit, form: str, patch: Any) -> Object:
    visit.need_path("patch")
    if isinstance(patch, errors.BadRequest):
        raise patch if form == "strategic" else errors.BadRequest(f"error decoding patch: {patch}")
    try:
        return ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, writes.options(ctx))
    except errors.UnsupportedMediaType as error:
        kind = f"{visit.row.api_version}, Kind={visit.row.kind}"
        raise errors.CommandError(f"{MEDIA_TYPES[form]} is not supported by {kind}: {error.message}") from None


def apply(visit: visiting.Visit, obj: Object, form: str, patch: Any) -> Object:
    """The patched object, made here."""
    from pkctl.objects import patches

    if isinstance(patch, errors.BadRequest):
        raise errors.CommandError(LOCAL_FAULTS.get(form) or str(patch))
    if form == "merge" and not isinstance(patch, (dict, list)):
        raise errors.CommandError("Invalid JSON Patch")
    if patch is None:
        return obj
    try:
        new = _applied(visit, obj, form, patch)
    except patches.PatchError as error:
        raise errors.CommandError(str(error)) from None
    if wrong := manifests.no_object(new):
        raise errors.CommandError(wrong)
    return dict(new)


def _applied(visit: visiting.Visit, obj: Object, form: str, patch: Any) -> Any:
    from pkctl.kinds import schema
    from pkctl.objects import patches

    if form == "json":
        return patches.apply_json(obj, patch)
    if form == "merge":
        return patches.merge(obj, patch)
    shape = None if visit.row.schema is not None else schema.shape(visit.row)
    if shape is None:
        kind = f"{visit.row.api_version}, Kind={visit.row.kind}"
        raise errors.CommandError(f"strategic merge patch is not supported for {kind} locally, try --type merge")
    return patches.strategic(obj, patch, shape)
