"""`create -f`: every object of files, made once. Upstream: kubectl's cmd/create/create.go. The generators are a package of their own."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Create what the files hold; go on after an error."""
    flags = ctx.flags
    if flags["raw"] and (flags["filename"] or flags["kustomize"]):
        from pkctl.cli import raws

        return raws.run(ctx)
    writes.no_words(ctx)
    printer = printing.select(ctx, "created")
    writes.need_files(ctx)
    writes.options(ctx)
    if flags["edit"]:
        from pkctl.cli import editing

        return editing.create(ctx)
    visits, failed = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))
    if not visits and not failed:
        raise errors.CommandError("no objects passed to create")
    wrong: list[errors.PkctlError] = []
    made: list[tuple[visiting.Visit, Object]] = []
    if ctx.dry_run == "client":
        made = [(visit, prepared(ctx, visit)) for visit in visits]
    else:
        with ctx.client.batch():
            for visit in visits:
                _create(ctx, visit, made, wrong)
    for visit, obj in made:
        printer.show(obj, visit.row)
    report.raise_all([*wrong, *report.together(failed)])
    return 0


def prepared(ctx: Context, visit: visiting.Visit) -> Object:
    """The object as it is sent, with its note when `--save-config` asks for it."""
    obj = visit.obj or {}
    return writes.recorded(ctx, writes.sent(obj) if ctx.flags.get("save-config") else obj)


def _create(ctx: Context, visit: visiting.Visit, made: list[tuple[visiting.Visit, Object]], failed: list[errors.PkctlError]) -> None:
    try:
        visit.need_path("post")
        obj = writes.unversioned(prepared(ctx, visit))
        made.append((visit, ctx.client.create(visit.row, visit.namespace, obj, writes.options(ctx))))
    except errors.StatusError as error:
        failed.append(report.prefixed(error, "creating", visit.source))
