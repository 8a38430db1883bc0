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
    for number, visit in enumerate(visits):
        text = writes.last_applied(visit.obj or {})
        if not text:
            failed.append(errors.CommandError(f"no last-applied-configuration annotation found on resource: {visit.name}"))
            continue
        render = printing.renderer(ctx, form, None)
        assert render is not None
        shown = render(json.loads(text))
        ctx.io.out("---\n" if number and form == "yaml" else "")
        ctx.io.out(shown)
    report.raise_all(failed)
    return 0


def _set(ctx: Context) -> int:
    _ = ctx.dry_run
    printer = printing.select(ctx, "configured")
    if not ctx.flags["filename"]:
        raise errors.CommandError(resources.NOTHING)
    return resources.each(ctx, [], lambda visit: _set_one(ctx, printer, visit), fetch=False)


def _set_one(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    live = ctx.client.get(visit.row, visit.namespace, visit.name)
    old = writes.last_applied(live)
    if not old and not ctx.flags["create-annotation"]:
        raise errors.CommandError(
            f"no last-applied-configuration annotation found on resource: {visit.name}, to create the annotation, run the command with "
            "--create-annotation"
        )
    new = writes.last_applied(writes.sent(visit.obj or {}))
    if new != old and ctx.dry_run != "client":
        patch = {"metadata": {"annotations": {writes.LAST_APPLIED: new}}}
        live = ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, writes.options(ctx))
    printer.show(live, visit.row)


def _edit(ctx: Context) -> int:
    import json

    from pkctl.cli import editing

    visits, failed = resources.gather(ctx, ctx.args)
    report.raise_all(failed)
    notes = []
    for visit in visits:
        text = writes.last_applied(visit.obj or {})
        if not text:
            raise errors.CommandError(f"no last-applied-configuration annotation found on resource: {visit.name}")
        notes.append(visiting.Visit(visit.row, visit.namespace, visit.name, json.loads(text)))

    def send(visit: visiting.Visit, obj: Object) -> Object:
        patch = {"metadata": {"annotations": {writes.LAST_APPLIED: writes.last_applied(writes.sent(obj))}}}
        return ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, writes.options(ctx))

    return editing.run(ctx, notes, send, editing.APPLIED)
