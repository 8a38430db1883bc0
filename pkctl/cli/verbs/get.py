"""`get`: tables and objects, once or while they change. Upstream: kubectl's cmd/get/get.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NO_TYPE = """You must specify the type of resource to get. Use "{program} api-resources" for a complete list of supported resources.

"""
NO_RESOURCE = """Required resource not specified.
Use "{program} explain <resource>" for a detailed description of that resource (e.g. {program} explain pods)."""


def run(ctx: Context) -> int:
    """One `get`."""
    flags = ctx.flags
    if flags["raw"]:
        from pkctl.cli import raws

        return raws.run(ctx)
    watches = flags["watch"] or flags["watch-only"]
    if not flags["filename"] and not flags["kustomize"] and not ctx.args and not watches:
        ctx.io.err(NO_TYPE.format(program=ctx.io.program))
        raise ctx.usage(NO_RESOURCE.format(program=ctx.io.program))
    form, text = printing.asked(ctx)
    _judge(ctx, form)
    if watches:
        from pkctl.cli import watching

        if flags["sort-by"]:
            ctx.io.err("warning: --watch requested, --sort-by will be ignored for watch events received\n")
        return watching.run(ctx, *_printer(ctx))
    if form in ("", "wide") and text is None:
        from pkctl.cli import tables

        _printer(ctx)
        return tables.show(ctx, wide=form == "wide")
    return _objects(ctx)


def _judge(ctx: Context, form: str) -> None:
    flags = ctx.flags
    if flags["neat"] and (form not in printing.STRUCTURED or flags["watch"] or flags["watch-only"]):
        raise errors.CommandError("--neat can only be used with the output formats json, yaml and kyaml, and not with --watch")
    if flags["show-labels"] and flags["output"] not in ("", "wide"):
        raise errors.CommandError("--show-labels option cannot be used with " + str(flags["output"]) + " printer")
    if flags["output-watch-events"] and not (flags["watch"] or flags["watch-only"]):
        raise errors.CommandError("--output-watch-events option can only be used with --watch or --watch-only")


def _printer(ctx: Context) -> tuple[printing.Printer, Any]:
    """What prints objects, and the custom columns that were asked for."""
    printer = printing.select(ctx, formats=printing.GET_FORMATS)
    return printer, _columns(ctx, printer.form)


def _columns(ctx: Context, form: str) -> Any:
    """The custom columns that were asked for, None for any other format."""
    if not form.startswith("custom-columns"):
        return None
    from pkctl.printers import customs

    text = printing.split(str(ctx.flags["output"]))[1]
    if not text:
        raise errors.CommandError("custom-columns format specified but no custom columns given")
    no_headers = bool(ctx.flags["no-headers"])
    if form == "custom-columns-file":
        return customs.parse_file(printing.file_text(text), no_headers=no_headers)
    return customs.parse(text, no_headers=no_headers)


def gathered(ctx: Context) -> tuple[list[Object], bool, list[errors.PkctlError]]:
    """The objects asked for, whether that is one bare object, and the errors met."""
    visits, failed = resources.gather(ctx, ctx.args, needs_names=False, all_named=not _has_selector(ctx) and len(ctx.args) == 1)
    if ctx.flags["ignore-not-found"]:
        failed = [error for error in failed if not isinstance(error, errors.NotFound)]
    single = len(visits) == 1 and _is_single(ctx)
    return [dict(visit.obj or {}) for visit in visits], single, failed


def _has_selector(ctx: Context) -> bool:
    return bool(ctx.flags["selector"] or ctx.flags["field-selector"])


def _is_single(ctx: Context) -> bool:
    """A lone name or file is printed bare; lists, selectors and several files are a List."""
    if ctx.flags["kustomize"]:
        return True
    if ctx.flags["filename"]:
        from pkctl.cli import manifests

        return not ctx.flags["recursive"] and manifests.is_single(ctx.flags["filename"])
    return resources.read(ctx, ctx.args).is_single


def _objects(ctx: Context) -> int:
    """Get all there is, and only then see how to print it."""
    found, single, failed = gathered(ctx)
    if failed and _is_single(ctx):
        raise failed[0]
    if ctx.flags["neat"]:
        found = [_neat(ctx, obj) for obj in found]
    if not found and ctx.flags["ignore-not-found"]:
        report.raise_all(failed)
        return 0
    printer, columns = _printer(ctx)
    if ctx.flags["sort-by"] and found and not single:
        from pkctl.cli import sorting

        found = sorting.told(ctx, lambda: sorting.objects(found, str(ctx.flags["sort-by"])))
    if columns is not None:
        _dump(ctx, columns, found)
    elif printer.form == "name":
        for obj in found:
            printer.show(obj)
    else:
        printer.show(found[0] if single else printing.as_list(found))
    report.raise_all(failed)
    return 0


def _dump(ctx: Context, columns: Any, found: list[Object]) -> None:
    from pkctl.printers import customs

    try:
        ctx.io.out(columns.dump(printing.as_list(found)))
    except customs.Broken as error:
        ctx.io.out(error.printed)
        raise


def _neat(ctx: Context, obj: Object) -> Object:
    from pkctl.client import neat

    row = ctx.kinds().by_gvk(obj["apiVersion"], obj["kind"])
    return obj if row is None else neat.neat(row, obj)
