"""`apply --prune`, and what `diff --prune` shows of it: what an earlier apply made and this one's files no longer hold."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.context import Context
    from pkctl.kinds import table

USUAL = (
    "configmaps", "endpoints", "namespaces", "persistentvolumeclaims", "persistentvolumes", "pods", "replicationcontrollers", "secrets",
    "services", "jobs.batch", "cronjobs.batch", "ingresses.networking.k8s.io", "daemonsets.apps", "deployments.apps",
    "replicasets.apps", "statefulsets.apps",
)  # fmt: skip


def run(ctx: Context, printer: printing.Printer, visits: list[resources.Visit]) -> None:
    """Delete and tell."""
    for visit in found(ctx, visits, rows(ctx)):
        if ctx.dry_run != "client":
            _delete(ctx, visit)
        printer.show(visit.obj or {}, visit.row, printing.said(ctx, "pruned"))


def found(ctx: Context, visits: list[resources.Visit], wanted: list[table.Row]) -> Iterator[resources.Visit]:
    """What of these kinds was applied once, and is not among the visits, in the namespaces that they are in."""
    kept = {(visit.row.id, visit.namespace, visit.name) for visit in visits}
    namespaces = sorted({visit.namespace for visit in visits if visit.row.namespaced} or {ctx.namespace})
    for row in wanted:
        for namespace in namespaces if row.namespaced else [""]:
            for visit in resources.listed(ctx, row, namespace, str(ctx.flags["selector"])):
                if (row.id, visit.namespace, visit.name) not in kept and writes.last_applied(visit.obj or {}):
                    yield visit


def _delete(ctx: Context, visit: resources.Visit) -> None:
    propagation = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}[str(ctx.flags["cascade"])]
    grace = int(ctx.flags["grace-period"])
    try:
        ctx.client.delete(
            visit.row, visit.namespace, visit.name, writes.options(ctx, propagation=propagation, grace=grace if grace >= 0 else None)
        )
    except errors.NotFound:
        return


def judge(ctx: Context) -> None:
    """Refuse what of `--prune-allowlist` names no kind, before any cluster is asked."""
    for text in ctx.flags["prune-allowlist"]:
        if len(text.split("/")) != 3:
            raise errors.CommandError(f"invalid GroupVersionKind format: {text}, please follow <group/version/kind>")


def rows(ctx: Context) -> list[table.Row]:
    """The kinds to look through: those of `--prune-allowlist`, or kubectl's usual ones."""
    judge(ctx)
    kinds = ctx.kinds()
    wanted = ctx.flags["prune-allowlist"]
    if not wanted:
        return [row for row in map(kinds.by_id, USUAL) if row is not None]
    listed = []
    for text in wanted:
        parts = text.split("/")
        group = "" if parts[0] == "core" else parts[0]
        row = kinds.by_gvk(f"{group}/{parts[1]}" if group else parts[1], parts[2])
        if row is None:
            raise errors.CommandError(f'no matches for kind "{parts[2]}" in version "{group}/{parts[1]}"')
        listed.append(row)
    return listed
