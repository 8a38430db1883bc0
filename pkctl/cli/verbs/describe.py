"""`describe`: an object's details as its kind tells them, with its events. Upstream: kubectl's cmd/describe."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import report, resources, tables, visiting
from pkctl.client import describing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Describe what the arguments name; a name that does not exist may be the start of others."""
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(
            f'You must specify the type of resource to describe. Use "{ctx.io.program} api-resources" for a complete list of '
            "supported resources."
        )
    everything = len(ctx.args) == 1 and not ctx.flags["selector"] and "/" not in ctx.args[0]
    is_filed = bool(ctx.flags["filename"] or ctx.flags["kustomize"])
    visits, failed = resources.gather(ctx, ctx.args, all_named=everything, latest=False)
    if not all(visit.name for visit in visits):
        raise errors.CommandError("resource name may not be empty")
    alone, guessed = len(visits) + len(failed) == 1, False
    if len(failed) == 1 and len(ctx.args) == 2 and isinstance(failed[0], errors.NotFound):
        visits = _starting(ctx)
        failed = [] if visits else failed
        alone, guessed = False, True
    if not visits and not failed:
        ctx.io.err(tables.nothing(ctx, namespaced=True))
    failed = report.together(failed) if is_filed else failed
    wants_events = bool(ctx.flags["show-events"]) if ctx.flags.given("show-events") else alone
    reader = describing.Reader(ctx.client, now=ctx.io.sources.now(), events=wants_events)
    report.raise_several([*failed, *_show(ctx, visits, reader, guessed=guessed)])
    return 0


def _show(ctx: Context, visits: list[visiting.Visit], reader: describing.Reader, *, guessed: bool) -> list[errors.PkctlError]:
    """Print them, what files name as it is now, and give back the errors met."""
    failed: list[errors.PkctlError] = []
    gap = ""
    for visit in visits:
        try:
            obj = _now(ctx, visit) if visit.source else visit.obj or {}
        except errors.StatusError as error:
            failed.append(error)
            continue
        ctx.io.out(gap + _coloured(ctx, describing.of(visit.row, obj, reader)) + ("\n" if guessed else ""))
        gap = "" if guessed else "\n\n"
    return failed


def _now(ctx: Context, visit: visiting.Visit) -> Object:
    """The object that a file names; kubectl asks for one without a namespace where there is nothing."""
    if visit.row.namespaced and not visit.namespace:
        raise errors.NotFound(f"the server could not find the requested resource (get {visit.row.id} {visit.name})")
    return ctx.client.get(visit.row, visit.namespace, visit.name)


def _coloured(ctx: Context, text: str) -> str:
    if not ctx.io.is_terminal("stdout"):
        return text
    from pkctl.cli import colours

    return colours.paint_description(text) if colours.wanted(ctx.io) else text


def _starting(ctx: Context) -> list[visiting.Visit]:
    """The objects whose names begin with the word that names none."""
    word, start = ctx.args
    if "/" in word:
        return []
    rows = resources.types(ctx, word)
    if len(rows) > 1:
        raise errors.CommandError(resources.ONE_TYPE)
    return [visit for visit in resources.listed(ctx, rows[0], ctx.namespace) if visit.name.startswith(start)]
