"""`rollout history` and `rollout undo`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting, writes
from pkctl.cli.verbs import rollouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """One of the two, by the command's last word."""
    rollouts.need(ctx)
    act = _undo if ctx.path == "rollout undo" else _history
    printer = printing.select(ctx, ordered=True)
    return resources.each(ctx, ctx.args, lambda visit: act(ctx, printer, visit), all_named=True)


def _history(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    rollouts.judge(visit.row, "history viewer", "history")
    _need_name(visit, visit.row.kind.lower())
    found, wanted = rollouts.revisions(ctx, visit), int(ctx.flags["revision"])
    if wanted and wanted not in found and (found or printer.form):
        raise errors.CommandError("unable to find the specified revision")
    if printer.form and not ctx.flags["output"]:
        rollouts.show(printer, visit.obj or {})
        return
    if printer.form:
        for number in [wanted] if wanted else found:
            rollouts.show(printer, _then(visit, *found[number]))
        return
    head = f"{visit.shown()} with revision #{wanted}" if wanted else f"{visit.shown()} "
    text = "No rollout history found." if not found else _template(found[wanted][1], found[wanted][0]) if wanted else _table(found)
    ctx.io.out(f"{head}\n{text}\n")


def _need_name(visit: visiting.Visit, kind: str) -> None:
    if not visit.name:
        raise errors.CommandError(f"failed to retrieve {kind} : resource name may not be empty")


def _then(visit: visiting.Visit, revision: Object, template: Object) -> Object:
    """What a revision was: a Deployment's ReplicaSet itself, of another workload the workload with that template."""
    if visit.row.id == rollouts.KINDS[0]:
        return revision
    obj = visit.obj or {}
    return {**obj, "spec": {**obj["spec"], "template": template}}


def _table(found: dict[int, tuple[Object, Object]]) -> str:
    from pkctl.printers import tabwriter

    lines = ["REVISION\tCHANGE-CAUSE", *(f"{number}\t{rollouts.cause(obj)}" for number, (obj, _) in found.items())]
    return tabwriter.describing().align("".join(f"{line}\n" for line in lines))


def _template(template: Object, obj: Object) -> str:
    from pkctl.kinds import describing
    from pkctl.kinds.podspec import describing as pod_describing

    marks = (template.get("metadata") or {}).get("annotations") or {}
    cause = rollouts.cause(obj)
    if cause != "<none>":
        template = {**template, "metadata": {**(template.get("metadata") or {}), "annotations": {**marks, rollouts.CAUSE: cause}}}
    page = describing.Page()
    pod_describing.template(page, template)
    return page.raw()


def _warn(ctx: Context, visit: visiting.Visit) -> None:
    from pkctl.objects import meta

    if writes.LAST_APPLIED in meta.annotations(visit.obj or {}):
        apply = f"'{ctx.io.program} apply'"
        ctx.io.err(
            f"Warning: resource {visit.row.plural}/{visit.name} was previously managed with {apply}. Rolling back will not update the "
            f"{writes.LAST_APPLIED} annotation, which may cause unexpected behavior on future {apply} operations. Consider using {apply} "
            "with your previous configuration file instead.\n"
        )


def _undo(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    obj, wanted = visit.obj or {}, int(ctx.flags["to-revision"])
    _warn(ctx, visit)
    rollouts.judge(visit.row, "rollbacker", "rollbacker")
    _need_name(visit, visit.row.kind)
    found = rollouts.revisions(ctx, visit)
    number = _target(visit, found, wanted)
    revision, template = found[number]
    if ctx.dry_run == "client":
        start = "" if visit.row.id == rollouts.KINDS[0] else "will roll back to "
        rollouts.show(printer, obj, visit.row, printing.said(ctx, start + _template(template, {"metadata": {}})))
        return
    if (obj.get("spec") or {}).get("paused"):
        raise errors.CommandError("you cannot rollback a paused deployment; resume it first with "
                                  f"'{ctx.io.program} rollout resume' and try again")  # fmt: skip
    said = f"skipped rollback (current template already matches revision {wanted})"
    if _bare(template) != _bare(obj["spec"]["template"]):
        _restore(ctx, visit, _bare(template), revision)
        said = "rolled back"
    rollouts.show(printer, obj, visit.row, printing.said(ctx, said))


def _restore(ctx: Context, visit: visiting.Visit, template: Object, revision: Object) -> None:
    patch: list[Object] = [{"op": "replace", "path": "/spec/template", "value": template}]
    if visit.row.id == rollouts.KINDS[0]:
        patch.append({"op": "replace", "path": "/metadata/annotations", "value": _annotations(visit.obj or {}, revision)})
    try:
        ctx.client.patch(visit.row, visit.namespace, visit.name, "json", patch, writes.options(ctx))
    except errors.StatusError as error:
        raise errors.CommandError(f"failed restoring revision {ctx.flags['to-revision']}: {error}") from None


def _target(visit: visiting.Visit, found: dict[int, tuple[Object, Object]], wanted: int) -> int:
    if wanted:
        if wanted not in found:
            raise errors.CommandError(f"unable to find specified revision {wanted} in history")
        return wanted
    if len(found) > 1:
        return list(found)[-2]
    if visit.row.id == rollouts.KINDS[0]:
        raise errors.CommandError(f'no rollout history found for deployment "{visit.name}"')
    raise errors.CommandError("no last revision to roll back to")


def _bare(template: Object) -> Object:
    """A template without the label that tells its ReplicaSet's pods apart."""
    meta = template.get("metadata") or {}
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != "pod-template-hash"}
    return {**template, "metadata": {**meta, "labels": labels}}


KEPT = (
    writes.LAST_APPLIED, rollouts.REVISION, "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to",
)  # fmt: skip


def _annotations(obj: Object, old: Object) -> Object:
    """The deployment's bookkeeping annotations, and the old ReplicaSet's other ones."""
    now = obj["metadata"].get("annotations") or {}
    then = old["metadata"].get("annotations") or {}
    return {**{key: now[key] for key in KEPT if key in now}, **{key: value for key, value in then.items() if key not in KEPT}}
