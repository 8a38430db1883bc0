"""`events`: a table of events, oldest first. Upstream: kubectl's cmd/events."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options
from pkctl.cli import paging, printing, resources, watching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """List events, and go on with `--watch`."""
    if ctx.flags["for"]:
        if "/" not in ctx.flags["for"]:
            raise errors.CommandError("--for must be in resource/name form")
        if ctx.flags["for"].count("/") > 1:
            raise errors.CommandError("arguments in resource/name form may not have more than one slash")
    for kind in ctx.flags["types"]:
        if kind.lower() not in ("normal", "warning"):
            raise errors.CommandError("valid --types are Normal or Warning")
    if ctx.args:
        raise ctx.usage(f"unexpected arguments: [{' '.join(ctx.args)}]")
    printer = printing.select(ctx)
    row = resources.find(ctx, "events")
    namespace = "" if ctx.flags["all-namespaces"] else ctx.namespace
    fields = _fields(ctx)
    answer = paging.whole(lambda portion: ctx.client.list(row, namespace, portion), options.Query(fields=fields), paging.size(ctx))
    found = sorted((each for each in answer.get("items") or [] if _wanted(ctx, each)), key=_moment)
    found = [{"apiVersion": "v1", "kind": "Event", **each} for each in found]
    if printer.form:
        _print(printer, found)
    else:
        _table(ctx, found)
    if ctx.flags["watch"]:
        _watch(ctx, printer, row, namespace, options.Query(fields=fields, revision=str(answer["metadata"].get("resourceVersion") or "")))
    return 0


def _print(printer: printing.Printer, found: list[Object]) -> None:
    if printer.form == "name":
        for each in found:
            printer.show(each)
        return
    printer.show({"apiVersion": "v1", "items": found, "kind": "List", "metadata": {"resourceVersion": ""}})


def _table(ctx: Context, found: list[Object], *, first: bool = True) -> None:
    if not found:
        if first and not ctx.flags["watch"]:
            place = "" if ctx.flags["all-namespaces"] else f" in {ctx.namespace} namespace"
            ctx.io.err(f"No events found{place}.\n")
        return
    from pkctl.printers import tabwriter

    head = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    if ctx.flags["all-namespaces"]:
        head.insert(0, "NAMESPACE")
    lines = [] if ctx.flags["no-headers"] or not first else ["\t".join(head)]
    lines += ["\t".join(_cells(ctx, each)) for each in found]
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))
    ctx.io.stdout.flush()


def _cells(ctx: Context, event: Object) -> list[str]:
    about = event.get("involvedObject") or {}
    place = [str(event["metadata"].get("namespace", ""))] if ctx.flags["all-namespaces"] else []
    message = str(event.get("message") or "").strip()
    return [*place, _seen(ctx, event), str(event.get("type", "")), str(event.get("reason", "")),
            f"{about.get('kind', '')}/{about.get('name', '')}", message]  # fmt: skip


def _seen(ctx: Context, event: Object) -> str:
    from pkctl.objects import times

    now = ctx.io.sources.now()
    series = event.get("series") or {}
    first = event.get("firstTimestamp") or event.get("eventTime")
    if series:
        return f"{times.since(series.get('lastObservedTime'), now)} (x{series.get('count', 0)} over {times.since(first, now)})"
    if int(event.get("count") or 0) > 1:
        return f"{times.since(event.get('lastTimestamp'), now)} (x{event['count']} over {times.since(first, now)})"
    return str(times.since(first, now))


def _moment(event: Object) -> float:
    from pkctl.objects import times

    series = event.get("series") or {}
    text = series.get("lastObservedTime") or event.get("lastTimestamp") or event.get("firstTimestamp") or event.get("eventTime")
    return float(times.parse(text)) if text else 0.0


def _wanted(ctx: Context, event: Object) -> bool:
    kinds = [kind.lower() for kind in ctx.flags["types"]]
    return not kinds or str(event.get("type", "")).lower() in kinds


def _fields(ctx: Context) -> str:
    about = str(ctx.flags["for"])
    if not about:
        return ""
    kind, slash, name = about.partition("/")
    if not slash or not name:
        raise errors.CommandError("--for must be in resource/name form")
    row = resources.find(ctx, kind)
    return f"involvedObject.kind={row.kind},involvedObject.name={name}"


def _watch(ctx: Context, printer: printing.Printer, row: Any, namespace: str, query: options.Query) -> None:
    for event in watching.events(ctx, lambda timeout: ctx.client.watch(row, namespace, query, timeout=timeout)):
        obj = event["object"]
        if event["type"] == "DELETED" or not _wanted(ctx, obj):
            continue
        if printer.form:
            printer.show({"apiVersion": "v1", "kind": "Event", **obj})
        else:
            _table(ctx, [obj], first=False)
