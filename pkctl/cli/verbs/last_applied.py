"""`apply view-last-applied`, `set-last-applied`, `edit-last-applied`. Upstream: kubectl's cmd/apply."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """One of the three."""
    return {"view-last-applied": _view, "set-last-applied": _set, "edit-last-applied": _edit}[ctx.path.split()[1]](ctx)


def _view(ctx: Context) -> int:
    import json

    form = str(ctx.flags["output"])
    visits, failed = resources.gather(ctx, ctx.args)
    if form not in ("yaml", "json"):
        raise ctx.usage(f"Unexpected -o output mode: {form}, the flag 'output' must be one of yaml|json")
    render = printing.renderer(ctx, form, None)
    assert render is not None
    notes = [_note(visit) for visit in visits]
    if failed:
        raise failed[0]
    for number, note in enumerate(filter(None, notes)):
        ctx.io.out("---\n" if number and form == "yaml" else "")
        ctx.io.out(render(json.loads(note)))
    return 0


def _note(visit: visiting.Visit) -> str:
    """The note of what is there; without one an error for what a file names, and nothing at all for what words name, as with kubectl."""
    note = writes.last_applied(visit.obj or {})
    if not note and visit.source:
        text = f"no last-applied-configuration annotation found on resource: {visit.name}\n"
        raise errors.CommandError(f'error when {text} "{visit.source}": <nil>')
    return note


def _set(ctx: Context) -> int:
    """Judge everything, then write; the first error ends it."""
    _ = ctx.dry_run
    printer = printing.select(ctx, "configured")
    if not ctx.flags["filename"]:
        raise errors.CommandError(resources.NOTHING)
    visits, failed = resources.gather(ctx, [], fetch=False)
    if failed:
        raise failed[0]
    changed = [visit for visit in visits if _differs(ctx, visit)]
    for visit in changed:
        if ctx.dry_run != "client":
            patch = {"metadata": {"annotations": {writes.LAST_APPLIED: _text(visit.obj or {})}}}
            visit.obj = ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, writes.options(ctx))
        else:
            visit.fetch(ctx)
        printer.show(visit.obj or {}, visit.row)
    return 0


def _text(obj: Object) -> str:
    """An object's note as these two write it: unlike apply they add no empty map of annotations."""
    meta = obj.get("metadata") or {}
    marks = writes.without_note(obj)["metadata"]["annotations"]
    bare = {name: value for name, value in meta.items() if name != "annotations"}
    return writes.note(writes.json_sorted({**obj, "metadata": {**bare, "annotations": marks} if marks else bare}))


def _differs(ctx: Context, visit: visiting.Visit) -> bool:
    """Whether the note of what is there is another than the file's; CommandError where there is none."""
    old = writes.last_applied(ctx.client.get(visit.row, visit.namespace, visit.name))
    if not old and not ctx.flags["create-annotation"]:
        raise errors.CommandError(
            f"no last-applied-configuration annotation found on resource: {visit.name}, to create the annotation, run the command with "
            "--create-annotation"
        )
    if old.strip() != _text(visit.obj or {}).strip():
        return True
    ctx.io.out(f"set-last-applied {visit.name}: no changes required.\n")
    return False


def _edit(ctx: Context) -> int:
    import json

    from pkctl.cli import editing

    visits, failed = resources.gather(ctx, ctx.args)
    report.raise_all(failed)
    found = [(visit, writes.last_applied(visit.obj or {})) for visit in visits]
    known = [visiting.Visit(visit.row, visit.namespace, visit.name, json.loads(note)) for visit, note in found if note]
    if not known:
        raise errors.CommandError(
            "no last-applied-configuration annotation found on resources, to create the annotation, use command "
            f"`{ctx.io.program} apply set-last-applied --create-annotation`"
        )

    def send(visit: visiting.Visit, obj: Object) -> Object:
        patch = {"metadata": {"annotations": {writes.LAST_APPLIED: _text(writes.recorded(ctx, obj))}}}
        return ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, writes.options(ctx))

    return editing.run(ctx, known, send, editing.APPLIED)
