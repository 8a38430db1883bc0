"""`events`: a table of events, oldest first. Upstream: kubectl's cmd/events."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options
from pkctl.cli import paging, printing, resources, watching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """List events, and go on with `--watch`."""
    fields = _fields(ctx)
    printer = printing.select(ctx, ordered=True)
    for kind in ctx.flags["types"]:
        if kind.lower() not in ("normal", "warning"):
            raise errors.CommandError("valid --types are Normal or Warning")
    row = ctx.kinds().by_id("events")
    assert row is not None
    namespace = "" if ctx.flags["all-namespaces"] else ctx.namespace
    answer = paging.whole(lambda portion: ctx.client.list(row, namespace, portion), options.Query(fields=fields), paging.size(ctx))
    found = sorted((each for each in answer.get("items") or [] if _wanted(ctx, each)), key=_moment)
    shown = Shown(ctx, printer if ctx.flags["output"] else None)
    if ctx.flags["watch"]:
        for each in found:
            shown.one(each)
        _watch(ctx, shown, row, namespace, options.Query(fields=fields, revision=str(answer["metadata"].get("resourceVersion") or "")))
    elif found:
        shown.all(found)
    else:
        place = "" if ctx.flags["all-namespaces"] else f" in {ctx.namespace} namespace"
        ctx.io.err(f"No events found{place}.\n")
    return 0


class Shown:
    """What has been shown of the events: a table whose headers come with the first of them, or, with a printer, typed objects."""

    __slots__ = ("_ctx", "_headed", "_printer")

    def __init__(self, ctx: Context, printer: printing.Printer | None) -> None:
        self._ctx, self._printer, self._headed = ctx, printer, bool(ctx.flags["no-headers"])

    def all(self, found: list[Object]) -> None:
        """Show a list; a list has no name, so that `-o name` prints nothing."""
        if self._printer is None:
            self._table(found)
        elif self._printer.form != "name":
            self._printer.show({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": [_typed(each) for each in found]})

    def one(self, event: Object) -> None:
        """Show what came by itself."""
        if self._printer is None:
            self._table([event])
        else:
            self._printer.show(_typed(event))
        self._ctx.io.stdout.flush()

    def _table(self, found: list[Object]) -> None:
        from pkctl.printers import tabwriter

        place = ["NAMESPACE"] if self._ctx.flags["all-namespaces"] else []
        lines = [] if self._headed else ["\t".join([*place, "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"])]
        lines += ["\t".join(_cells(self._ctx, each)) for each in found]
        self._ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))
        self._headed = True


def _typed(event: Object) -> Object:
    from pkctl.cli import typed

    return typed.filled({"apiVersion": "v1", "kind": "Event", **event})


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
    first = event.get("eventTime") or event.get("firstTimestamp")
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
    """The field selector that `--for` stands for."""
    about = str(ctx.flags["for"])
    if not about:
        return ""
    kind, slash, name = about.partition("/")
    if not slash:
        raise errors.CommandError("--for must be in resource/name form")
    if "/" in name:
        raise errors.CommandError("arguments in resource/name form may not have more than one slash")
    if not kind:
        raise errors.CommandError("a resource must be present, got: /, Resource=")
    row = resources.known(ctx, kind.lower())
    if row is None:
        word, dot, group = kind.lower().partition(".")
        raise errors.BareError(f'the server doesn\'t have a resource type "{word}"' + (f' in group "{group}"' if dot else ""))
    return f"involvedObject.kind={row.kind},involvedObject.name={name}" if name else ""


def _watch(ctx: Context, shown: Shown, row: table.Row, namespace: str, query: options.Query) -> None:
    for event in watching.events(ctx, lambda timeout: ctx.client.watch(row, namespace, query, timeout=timeout)):
        if event["type"] != "DELETED" and _wanted(ctx, event["object"]):
            shown.one(event["object"])
