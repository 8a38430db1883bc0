"""`get -w`: the table or the objects, then every change, in every format. Upstream: kubectl's cmd/get/get.go, watch()."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options
from pkctl.cli import printing, report, resources, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]

ONE_WATCH = "you may only watch a single resource or type of resource at a time"
ONLY_ONE = "watch is only supported on individual resources and resource collections"


def run(ctx: Context, printer: printing.Printer, columns: Any) -> int:
    """Print until interrupted, or until `--request-timeout` has passed."""
    row, names = _asked(ctx)
    if row is None or len(names) > 1:
        _several(ctx, printer, columns)
    assert row is not None
    namespace = "" if ctx.flags["all-namespaces"] or not row.namespaced else ctx.namespace
    form, name = printer.form, names[0] if names else ""
    if form in ("", "wide"):
        return _tables(ctx, row, namespace, name, wide=form == "wide")
    return _objects(ctx, printer, columns, row, namespace, name)


def _asked(ctx: Context) -> tuple[table.Row | None, list[str]]:
    """The one kind and the names; no kind when files hold several objects."""
    if ctx.flags["filename"] or ctx.flags["kustomize"]:
        visits, failed = resources.gather(ctx, ctx.args)
        report.raise_all(failed[:1])
        return (visits[0].row, [visits[0].name]) if len(visits) == 1 else (None, [visit.name for visit in visits])
    resources.judge(ctx, ctx.args, selected=bool(ctx.flags["selector"] or ctx.flags["field-selector"]))
    if not ctx.args:
        raise errors.CommandError(resources.NOTHING)
    ask = resources.read(ctx, ctx.args)
    resources.check(ctx, ask)
    if len({row.id for row, _ in ask.groups}) > 1 or (len(ctx.args) == 1 and "," in ctx.args[0]):
        raise errors.CommandError(resources.ONE_TYPE)
    return ask.groups[0][0], [name for _, names in ask.groups for name in names]


def _several(ctx: Context, printer: printing.Printer, columns: Any) -> None:
    """Print several objects as they are and refuse to watch them."""
    visits, failed = resources.gather(ctx, ctx.args)
    report.raise_all(failed[:1])
    if printer.form in ("", "wide"):
        from pkctl.cli import tables

        for row, found in tables.gather(ctx)[0]:
            ctx.io.out(tables.text(ctx, row, found, wide=printer.form == "wide", mixed=False))
    else:
        for visit in visits:
            _show(ctx, printer, columns, visit.row, "ADDED", visit.obj or {})
    raise errors.CommandError(ONE_WATCH if ctx.args else f"{ONLY_ONE} - {len(visits)} resources were found")


def _query(ctx: Context, name: str, revision: str) -> options.Query:
    fields = ",".join(filter(None, (str(ctx.flags["field-selector"]), f"metadata.name={name}" if name else "")))
    return options.Query(labels=str(ctx.flags["selector"]), fields=fields, revision=revision)


def _tables(ctx: Context, row: table.Row, namespace: str, name: str, *, wide: bool) -> int:
    from pkctl.cli import tables
    from pkctl.printers import tables as printers

    flags = ctx.flags
    stream = printers.Stream(
        wide=wide, no_headers=bool(flags["no-headers"]), show_labels=bool(flags["show-labels"]),
        label_columns=list(flags["label-columns"]), show_namespace=bool(flags["all-namespaces"]) and row.namespaced,
        show_kind=visiting.shown_kind(row) if flags["show-kind"] else "",
    )  # fmt: skip
    shape = (lambda found: found) if flags["server-print"] else tables.plain
    typed = bool(flags["output-watch-events"])
    paint = _painter(ctx)
    found = ctx.client.table(row, namespace, name, tables.query(ctx))
    revision = str((found.get("metadata") or {}).get("resourceVersion") or "")
    if not flags["watch-only"]:
        _out(ctx, paint(stream.text(shape(found), event="ADDED" if typed else "")))
    query = _query(ctx, name, revision)
    for event in events(ctx, lambda timeout: ctx.client.watch_table(row, namespace, query, timeout=timeout)):
        _out(ctx, paint(stream.text(shape(event["object"]), event=event["type"] if typed else "")))
    return 0


def _painter(ctx: Context) -> Callable[[str], str]:
    """What colours the rows, on a terminal and by the headers."""
    from pkctl.cli import colours

    return colours.Rows().paint if colours.wanted(ctx.io) and not ctx.flags["no-headers"] else str


def events(ctx: Context, watch: Callable[[float | None], Iterator[Object]]) -> Iterator[Object]:
    """The events of a watch that are for the user, while the cluster is kept going; an ERROR raises what it carries."""
    with ctx.ticking():
        for event in watch(ctx.request_timeout):
            if event["type"] == "BOOKMARK":
                continue
            if event["type"] == "ERROR":
                status = event["object"]
                made = next((kind for kind in errors.STATUS_CLASSES if kind.reason == status.get("reason")), errors.InternalError)
                raise made(str(status.get("message", "")), status.get("details"))
            yield event


def _out(ctx: Context, text: str) -> None:
    ctx.io.out(text)
    ctx.io.stdout.flush()


def _objects(ctx: Context, printer: printing.Printer, columns: Any, row: table.Row, namespace: str, name: str) -> int:
    query = _query(ctx, name, "")
    if name:
        found = ctx.client.get(row, namespace, name)
        items, revision = [found], str(found["metadata"].get("resourceVersion") or "")
    else:
        answer = ctx.client.list(row, namespace, query)
        items, revision = answer.get("items") or [], str((answer.get("metadata") or {}).get("resourceVersion") or "")
    if not ctx.flags["watch-only"]:
        for obj in items:
            _show(ctx, printer, columns, row, "ADDED", obj)
    query = _query(ctx, name, revision)
    for event in events(ctx, lambda timeout: ctx.client.watch(row, namespace, query, timeout=timeout)):
        _show(ctx, printer, columns, row, event["type"], event["object"])
    return 0


def _show(ctx: Context, printer: printing.Printer, columns: Any, row: table.Row, kind: str, obj: Object) -> None:
    obj = {"apiVersion": row.api_version, "kind": row.kind, **obj}
    if columns is not None:
        _out(ctx, columns.dump(obj))
        return
    if ctx.flags["output-watch-events"] and printer.form != "name":
        shown = obj if ctx.flags["show-managed-fields"] else printing.without_managed_fields(obj)
        obj = {"type": kind, "object": shown}
    printer.show(obj)
    ctx.io.stdout.flush()
