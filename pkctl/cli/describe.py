"""`describe`: an object's details as its kind tells them, with its events. Upstream: kubectl's cmd/describe."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import report, resources, tables, visiting
from pkctl.client import describing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Describe what the arguments name; a name that does not exist may be the start of others."""
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(
            f'You must specify the type of resource to describe. Use "{ctx.io.program} api-resources" for a complete list of '
            "supported resources."
        )
    everything = len(ctx.args) == 1 and not ctx.flags["selector"] and "/" not in ctx.args[0]
    visits, failed = resources.gather(ctx, ctx.args, all_named=everything)
    if not all(visit.name for visit in visits):
        raise errors.CommandError("resource name may not be empty")
    alone, guessed = len(visits) + len(failed) == 1, False
    if len(failed) == 1 and len(ctx.args) == 2 and isinstance(failed[0], errors.NotFound):
        visits = _starting(ctx)
        failed = [] if visits else failed
        alone, guessed = False, True
    wants_events = bool(ctx.flags["show-events"]) if ctx.flags.given("show-events") else alone
    reader = describing.Reader(ctx.client, now=ctx.io.sources.now(), events=wants_events)
    for number, visit in enumerate(visits):
        ctx.io.out("\n\n" if number and not guessed else "")
        ctx.io.out(_coloured(ctx, describing.of(visit.row, visit.obj or {}, reader)) + ("\n" if guessed else ""))
    if not visits and not failed:
        ctx.io.err(tables.nothing(ctx, namespaced=True))
    report.raise_several(failed)
    return 0


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
