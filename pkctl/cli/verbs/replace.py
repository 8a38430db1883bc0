"""`replace`: objects replaced whole by files; `--force` deletes and creates them. Upstream: kubectl's cmd/replace."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, waiting, writes
from pkctl.cli.verbs import create, delete

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.cli.context import Context
    from pkctl.objects.meta import Object


def run(ctx: Context) -> int:
    """Replace what the files hold."""
    flags = ctx.flags
    if flags["raw"] and (flags["filename"] or flags["kustomize"]):
        from pkctl.cli import raws

        return raws.run(ctx)
    printer = printing.select(ctx, "replaced")
    delete.propagation_of(ctx)
    if not flags["filename"] and not flags["kustomize"]:
        raise errors.CommandError("must specify one of -f and -k")
    if ctx.args:
        raise ctx.usage(f"Unexpected args: {writes.go_list(ctx.args)}")
    if flags["grace-period"] >= 0 and not flags["force"]:
        raise errors.CommandError("--grace-period must have --force specified")
    if flags["timeout"] and not flags["force"]:
        raise errors.CommandError("--timeout must have --force specified")
    if ctx.dry_run != "none" and flags["force"]:
        raise errors.CommandError("--dry-run can not be used when --force is set")
    if flags["force"]:
        return _force(ctx, printer)
    visits, gathered = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))
    if not visits and not gathered:
        raise errors.CommandError("no objects passed to replace")
    return _go(visits, gathered, "replacing", lambda visit: _replace(ctx, printer, visit))


def _go(visits: list[visiting.Visit], gathered: list[errors.PkctlError], verb: str, do: Callable[[visiting.Visit], None]) -> int:
    """Do something to every visit, go on after errors, and raise them all at the end: those of a `verb` tell it and the file."""
    failed: list[errors.PkctlError] = []
    for visit in visits:
        try:
            do(visit)
        except errors.PkctlError as error:
            failed.append(report.prefixed(error, verb, visit.source) if verb else error)
    report.raise_all([*failed, *report.together(gathered)])
    return 0


def _replace(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    visit.need_path("put")
    obj = create.prepared(ctx, visit)
    if ctx.dry_run != "client":
        obj = ctx.client.update(visit.row, visit.namespace, visit.name, _versioned(ctx, visit, obj), writes.options(ctx))
    # What a subresource answers is of a kind of its own.
    printer.show(obj, None if ctx.flags["subresource"] else visit.row)


def _versioned(ctx: Context, visit: visiting.Visit, obj: Object) -> Object:
    """The object as a replacement of what is there now: many kinds must say which version they replace."""
    if obj["metadata"].get("resourceVersion"):
        return obj
    try:
        current = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        return obj
    return {**obj, "metadata": {**obj["metadata"], "resourceVersion": current["metadata"]["resourceVersion"]}}


def _force(ctx: Context, printer: printing.Printer) -> int:
    """Delete everything, wait until it is gone, create it anew; what can't be deleted lets nothing be created."""
    visits, gathered = resources.gather(ctx, [], fetch=False)
    if not visits and not gathered:
        raise errors.CommandError("no objects passed to replace")
    _go(visits, gathered, "deleting", lambda visit: _delete(ctx, visit))
    for visit in visits:
        waiting.gone(ctx, visit, float(ctx.flags["timeout"]))
    if "-" not in ctx.flags["filename"]:
        visits, gathered = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))
    return _go(visits, gathered, "", lambda visit: _create(ctx, printer, visit))


def _delete(ctx: Context, visit: visiting.Visit) -> None:
    grace = int(ctx.flags["grace-period"])
    options = writes.options(ctx, grace=grace if grace >= 0 else None, propagation=delete.propagation_of(ctx), subresource="")
    try:
        visit.need_path("delete")
        ctx.client.delete(visit.row, visit.namespace, visit.name, options)
    except errors.NotFound:
        return
    place = f" from {visit.namespace} namespace" if visit.row.namespaced else ""
    ctx.io.out(f'{visiting.shown_kind(visit.row)} "{visit.name}" deleted{place}\n')


def _create(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    obj = writes.unversioned(create.prepared(ctx, visit))
    made = ctx.client.create(visit.row, visit.namespace, obj, writes.options(ctx, subresource=""))
    printer.show(made, visit.row)
