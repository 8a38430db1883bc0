"""`rollout status`: say how a rollout stands until it is done."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import report, resources, visiting, waiting
from pkctl.cli.verbs import rollouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Follow each rollout in turn."""
    rollouts.need(ctx)
    visits, gathered = resources.gather(ctx, ctx.args, all_named=True)
    failed: list[errors.PkctlError] = []
    for visit in visits:
        try:
            follow(ctx, visit)
        except errors.PkctlError as error:
            failed.append(error)
    if not visits and not gathered:
        ctx.io.err(rollouts.NOTHING.format(namespace=ctx.namespace))
    report.raise_all([*failed, *report.together(gathered)] if ctx.flags["filename"] else [*gathered, *failed])
    return 0


def follow(ctx: Context, visit: visiting.Visit) -> None:
    """Print each new line until the rollout is done, or once without `--watch`."""
    said = ""

    def check() -> bool:
        nonlocal said
        text, done = rollouts.status(visit, visit.fetch(ctx), int(ctx.flags["revision"]))
        if text != said:
            ctx.io.out(text)
            ctx.io.stdout.flush()
        said = text
        return done or not ctx.flags["watch"]

    if not waiting.until(ctx, check, float(ctx.flags["timeout"]) or waiting.FOREVER):
        raise errors.CommandError("timed out waiting for the condition")
