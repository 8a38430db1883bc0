"""`auth reconcile`: RBAC objects created, or given the rules and subjects that a file adds. Upstream: kubectl's cmd/auth/reconcile.go
and component-helpers/auth/rbac/reconciliation."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Rules = list[dict[str, Any]]

RULED, BOUND = ("Role", "ClusterRole"), ("RoleBinding", "ClusterRoleBinding")
OPTED_OUT = "rbac.authorization.kubernetes.io/autoupdate"


class Outcome:
    """What one object needs: `operation` is "", create, update or recreate; `missing` and `extra` are rules or subjects."""

    def __init__(self, obj: Object, operation: str, missing: Rules, extra: Rules, *, is_protected: bool = False) -> None:
        self.obj, self.operation, self.missing, self.extra, self.is_protected = obj, operation, missing, extra, is_protected


def run(ctx: Context) -> int:
    """Reconcile what the files hold."""
    if not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError("must specify one of -f and -k")
    writes.need_files(ctx)
    printer = printing.select(ctx, "reconciled")
    return resources.each(ctx, [], lambda visit: _reconcile(ctx, printer, visit), fetch=False, validate=True)


def _reconcile(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    wanted = visit.obj or {}
    if visit.row.kind not in (*RULED, *BOUND):
        ctx.io.err(f"skipping {visit.shown()}: only RBAC objects are reconciled\n")
        return
    part = "rules" if visit.row.kind in RULED else "subjects"
    try:
        live = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        outcome = Outcome(wanted, "create", list(wanted.get(part) or ()), [])
    else:
        outcome = _role(ctx, live, wanted) if part == "rules" else _binding(ctx, live, wanted)
    if outcome.operation and ctx.dry_run != "client" and not outcome.is_protected:
        outcome.obj = _write(ctx, visit, outcome)
    printer.show(outcome.obj, visit.row)
    _tell(ctx, outcome, part)


def _write(ctx: Context, visit: visiting.Visit, outcome: Outcome) -> Object:
    chosen = writes.options(ctx)
    if outcome.operation == "update":
        return ctx.client.update(visit.row, visit.namespace, visit.name, outcome.obj, chosen)
    if outcome.operation == "recreate":
        ctx.client.delete(visit.row, visit.namespace, visit.name, chosen)
    elif visit.namespace:
        _ensure_namespace(ctx, visit.namespace)
    return ctx.client.create(visit.row, visit.namespace, outcome.obj, chosen)


def _ensure_namespace(ctx: Context, name: str) -> None:
    row = ctx.kinds().by_id("namespaces")
    assert row is not None
    try:
        ctx.client.get(row, "", name)
    except errors.NotFound:
        ctx.client.create(row, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, writes.options(ctx))


def _role(ctx: Context, live: Object, wanted: Object) -> Outcome:
    from pkctl.kinds import rbaccovering

    old, new = list(live.get("rules") or ()), list(wanted.get("rules") or ())
    missing, extra = rbaccovering.missing(old, new), rbaccovering.missing(new, old)
    if wanted.get("aggregationRule"):
        missing, extra = [], []
    kept = new if ctx.flags["remove-extra-permissions"] and (missing or extra) else [*old, *missing]
    selectors = _selectors(live, wanted)
    made = {**_noted(live, wanted), "rules": kept}
    if selectors:
        made["aggregationRule"] = {"clusterRoleSelectors": selectors}
    return _outcome(live, made, missing, extra)


def _selectors(live: Object, wanted: Object) -> Rules:
    old, new = ((obj.get("aggregationRule") or {}).get("clusterRoleSelectors") or [] for obj in (live, wanted))
    return [*old, *(each for each in new if each not in old)]


def _binding(ctx: Context, live: Object, wanted: Object) -> Outcome:
    old, new = list(live.get("subjects") or ()), list(wanted.get("subjects") or ())
    missing, extra = [each for each in new if each not in old], [each for each in old if each not in new]
    if live["roleRef"] != wanted["roleRef"]:
        # A binding's role can't change: the binding is made anew.
        kept = new if ctx.flags["remove-extra-subjects"] else [*old, *missing]
        metadata = {field: value for field, value in _noted(live, wanted)["metadata"].items() if field not in ("resourceVersion", "uid")}
        made = {**wanted, "metadata": metadata, "subjects": kept}
        return Outcome(made, "recreate", missing, extra, is_protected=_is_protected(live))
    kept = [*(each for each in old if not ctx.flags["remove-extra-subjects"] or each in new), *missing]
    return _outcome(live, {**_noted(live, wanted), "subjects": kept}, missing, extra)


def _noted(live: Object, wanted: Object) -> Object:
    """The live object with the labels and annotations that the file adds."""
    metadata = dict(live["metadata"])
    for part in ("labels", "annotations"):
        if added := {**(wanted["metadata"].get(part) or {}), **(metadata.get(part) or {})}:
            metadata[part] = added
    return {**live, "metadata": metadata}


def _outcome(live: Object, made: Object, missing: Rules, extra: Rules) -> Outcome:
    return Outcome(made, "update" if made != live else "", missing, extra, is_protected=_is_protected(live))


def _is_protected(live: Object) -> bool:
    return (live["metadata"].get("annotations") or {}).get(OPTED_OUT) == "false"


def _tell(ctx: Context, outcome: Outcome, part: str) -> None:
    if not outcome.operation:
        return
    caveat = f", but object opted out ({OPTED_OUT}: false)" if outcome.is_protected else ""
    lines = [f"\treconciliation required {outcome.operation}{caveat}"]
    removes = ctx.flags["remove-extra-permissions" if part == "rules" else "remove-extra-subjects"]
    for title, found in ((f"missing {part} added", outcome.missing), (f"extra {part} removed", outcome.extra if removes else [])):
        if found:
            lines += [f"\t{title}:", *(f"\t\t{_shown(each, part)}" for each in found)]
    ctx.io.err("".join(f"{line}\n" for line in lines))


def _shown(value: Object, part: str) -> str:
    """A rule or subject as Go's %+v shows it."""
    if part == "subjects":
        names = (("Kind", "kind"), ("APIGroup", "apiGroup"), ("Name", "name"), ("Namespace", "namespace"))
        return "{" + " ".join(f"{name}:{value.get(field) or ''}" for name, field in names) + "}"
    parts = (
        ("Verbs", "verbs"),
        ("APIGroups", "apiGroups"),
        ("Resources", "resources"),
        ("ResourceNames", "resourceNames"),
        ("NonResourceURLs", "nonResourceURLs"),
    )
    return "{" + " ".join(f"{name}:[{' '.join(value.get(field) or ())}]" for name, field in parts) + "}"
