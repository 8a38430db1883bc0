"""`apply --prune`, and what `diff --prune` shows of it: what an earlier apply made and this one's files no longer hold."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.context import Context
    from pkctl.kinds import table

USUAL = (
    "configmaps", "endpoints", "persistentvolumeclaims", "pods", "replicationcontrollers", "secrets", "services", "jobs.batch",
    "cronjobs.batch", "ingresses.networking.k8s.io", "daemonsets.apps", "deployments.apps", "replicasets.apps", "statefulsets.apps",
    "namespaces", "persistentvolumes",
)  # fmt: skip
DEPRECATED = (
    "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future "
    "release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag."
)


def run(ctx: Context, printer: printing.Printer, visits: list[visiting.Visit], wanted: list[table.Row]) -> None:
    """Delete and tell."""
    for visit in found(ctx, visits, wanted):
        if ctx.dry_run != "client":
            _delete(ctx, visit)
        printer.show(visit.obj or {}, visit.row, printing.said(ctx, "pruned"))
        printer.restart()


def found(ctx: Context, visits: list[visiting.Visit], wanted: list[table.Row]) -> Iterator[visiting.Visit]:
    """What of these kinds was applied once, and is not among the visits, in the namespaces that they are in."""
    if not ctx.flags["prune-allowlist"]:
        ctx.io.log("W", "prune.go:71", DEPRECATED)
    kept = {(visit.row.id, visit.namespace, visit.name) for visit in visits}
    namespaces = {visit.namespace for visit in visits if visit.row.namespaced} | ({ctx.namespace} if ctx.enforced else set())
    places = [(row, namespace) for namespace in sorted(namespaces) for row in wanted if row.namespaced]
    for row, namespace in [*places, *((row, "") for row in wanted if not row.namespaced)]:
        for visit in resources.listed(ctx, row, namespace, str(ctx.flags["selector"])):
            if (row.id, visit.namespace, visit.name) not in kept and writes.last_applied(visit.obj or {}):
                yield visit


def _delete(ctx: Context, visit: visiting.Visit) -> None:
    propagation = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}[str(ctx.flags["cascade"])]
    grace = int(ctx.flags["grace-period"])
    try:
        ctx.client.delete(
            visit.row, visit.namespace, visit.name, writes.options(ctx, propagation=propagation, grace=grace if grace >= 0 else None)
        )
    except errors.NotFound:
        return


def rows(ctx: Context) -> list[table.Row]:
    """The kinds to look through: those of `--prune-allowlist`, or kubectl's usual ones; CommandError for a word that names no kind."""
    wanted = [text.split("/") for text in ctx.flags["prune-allowlist"]]
    for parts in wanted:
        if len(parts) != 3:
            raise errors.CommandError(f"invalid GroupVersionKind format: {'/'.join(parts)}, please follow <group/version/kind>")
    kinds = ctx.kinds()
    if not wanted:
        return [row for row in map(kinds.by_id, USUAL) if row is not None]
    listed = []
    for group, version, kind in wanted:
        api_version = version if group in ("", "core") else f"{group}/{version}"
        row = kinds.by_gvk(api_version, kind)
        if row is None:
            raise errors.CommandError(f'no matches for kind "{kind}" in version "{api_version}"')
        listed.append(row)
    return listed
