"""`auth reconcile`: RBAC objects created, or given the rules and subjects that a file adds. Upstream: kubectl's cmd/auth/reconcile.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

RULED, BOUND = ("Role", "ClusterRole"), ("RoleBinding", "ClusterRoleBinding")


def run(ctx: Context) -> int:
    """Reconcile what the files hold."""
    writes.need_files(ctx)
    printer = printing.select(ctx, "reconciled")
    return resources.each(ctx, [], lambda visit: _reconcile(ctx, printer, visit), fetch=False, validate=True)


def _reconcile(ctx: Context, printer: printing.Printer, visit: resources.Visit) -> None:
    wanted = visit.obj or {}
    if visit.row.kind not in (*RULED, *BOUND):
        ctx.io.err(f"skipping {visit.shown()}: only RBAC objects are reconciled\n")
        return
    try:
        live = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        made = wanted if ctx.dry_run == "client" else ctx.client.create(visit.row, visit.namespace, wanted, writes.options(ctx))
        printer.show(made, visit.row)
        return
    new = _rules(ctx, live, wanted) if visit.row.kind in RULED else _subjects(ctx, live, wanted)
    if visit.row.kind in BOUND and live["roleRef"] != wanted["roleRef"]:
        # A binding's role can't change: the binding is made anew.
        if ctx.dry_run != "client":
            ctx.client.delete(visit.row, visit.namespace, visit.name, writes.options(ctx))
            new = ctx.client.create(visit.row, visit.namespace, wanted, writes.options(ctx))
    elif new != live and ctx.dry_run != "client":
        new = ctx.client.update(visit.row, visit.namespace, visit.name, new, writes.options(ctx))
    printer.show(new, visit.row)


def _rules(ctx: Context, live: Object, wanted: Object) -> Object:
    old, add = list(live.get("rules") or []), list(wanted.get("rules") or [])
    kept = add if ctx.flags["remove-extra-permissions"] else [*old, *(rule for rule in add if rule not in old)]
    return {**live, "rules": kept}


def _subjects(ctx: Context, live: Object, wanted: Object) -> Object:
    old, add = list(live.get("subjects") or []), list(wanted.get("subjects") or [])
    kept = add if ctx.flags["remove-extra-subjects"] else [*old, *(each for each in add if each not in old)]
    return {**live, "subjects": kept}
