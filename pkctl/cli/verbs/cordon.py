"""`cordon` and `uncordon`: whether new pods may come onto a node. Upstream: kubectl's cmd/drain."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def nodes(ctx: Context) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    """The nodes that the arguments name; kubectl's usage errors."""
    if not ctx.args and not ctx.flags.given("selector"):
        raise ctx.usage(f"USAGE: {ctx.path} NODE [flags]")
    if ctx.args and ctx.flags["selector"]:
        raise ctx.usage("cannot specify both a node name and a --selector option")
    _ = ctx.dry_run
    if not ctx.args and not ctx.flags["selector"]:
        raise errors.CommandError(resources.NOTHING)
    for word in ctx.args:
        if "/" in word:
            resources.judge(ctx, [word])
    words = ctx.args if any("/" in word for word in ctx.args) else ["nodes", *ctx.args]
    if len({row.id for row, _ in resources.read(ctx, words).groups}) > 1:
        raise errors.CommandError(resources.ONE_TYPE)
    visits, failed = resources.gather(ctx, words)
    for visit in visits:
        if visit.row.id != "nodes":
            place = f"{visit.row.group}/{visit.row.version}, Resource={visit.row.plural}"
            failed.append(errors.CommandError(f'expected resource of type node, got "{place}"'))
    return visits, failed[:1]


def run(ctx: Context) -> int:
    """Mark the nodes."""
    visits, failed = nodes(ctx)
    for visit in [] if failed else visits:
        try:
            mark(ctx, visit, ctx.path == "cordon")
        except errors.StatusError as error:
            failed.append(error)
    report.raise_all(failed)
    return 0


def mark(ctx: Context, visit: visiting.Visit, wanted: bool) -> None:
    """Set or clear `spec.unschedulable` and say so."""
    did = "cordoned" if wanted else "uncordoned"
    old = bool(((visit.obj or {}).get("spec") or {}).get("unschedulable"))
    if old == wanted:
        did = f"already {did}"
    elif ctx.dry_run != "client":
        patch = {"spec": {"unschedulable": True if wanted else None}}
        ctx.client.patch(visit.row, "", visit.name, "strategic", patch, writes.options(ctx))
    ctx.io.out(f"node/{visit.name} {printing.said(ctx, did)}\n")
