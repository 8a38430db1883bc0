"""`rollout history` and `rollout undo`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, rollouts, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """One of the two, by the command's last word."""
    rollouts.need(ctx)
    if ctx.path == "rollout undo":
        printer = printing.select(ctx)
        return resources.each(ctx, ctx.args, lambda visit: _undo(ctx, printer, visit))
    if ctx.flags["revision"] < 0:
        raise errors.CommandError("revision must be a positive integer: " + str(ctx.flags["revision"]))
    printer = printing.select(ctx)
    return resources.each(ctx, ctx.args, lambda visit: _history(ctx, printer, visit))


def _history(ctx: Context, printer: printing.Printer, visit: resources.Visit) -> None:
    found, wanted = rollouts.revisions(ctx, visit), int(ctx.flags["revision"])
    if not found and not printer.form:
        head = f"{resources.shown_kind(visit.row)}/{visit.name}" + (f" with revision #{wanted}" if wanted else " ")
        ctx.io.out(f"{head}\nNo rollout history found.\n")
        return
    if wanted and wanted not in found:
        raise errors.CommandError(f"unable to find the specified revision: {wanted}" if printer.form else
                                  "unable to find the specified revision")  # fmt: skip
    if printer.form:
        for number, (obj, _) in found.items():
            if not wanted or number == wanted:
                printer.show(obj)
        return
    name = f"{resources.shown_kind(visit.row)}/{visit.name}"
    text = _template(found[wanted][1], found[wanted][0]) if wanted else _table(found)
    revision = f" with revision #{wanted}" if wanted else ""
    ctx.io.out(f"{name}{revision} \n{text}\n" if not wanted else f"{name}{revision}\n{text}")


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
    return page.text()


def _undo(ctx: Context, printer: printing.Printer, visit: resources.Visit) -> None:
    obj = visit.obj or {}
    if (obj.get("spec") or {}).get("paused"):
        raise errors.CommandError('you cannot rollback a paused deployment; resume it first with \'kubectl rollout resume\' and try again'
                                  .replace("kubectl", ctx.io.program))  # fmt: skip
    found = rollouts.revisions(ctx, visit)
    number = _target(found, int(ctx.flags["to-revision"]))
    template = _bare(found[number][1])
    if template == _bare(obj["spec"]["template"]):
        printer.show(obj, visit.row, f"skipped rollback (current template already matches revision {number})")
        return
    if ctx.dry_run == "client":
        if printer.form:
            printer.show({**obj, "spec": {**obj["spec"], "template": template}}, visit.row)
        else:
            _preview(ctx, visit, template, found[number][0])
        return
    patch: list[Object] = [{"op": "replace", "path": "/spec/template", "value": template}]
    if visit.row.id == rollouts.KINDS[0]:
        patch.append({"op": "replace", "path": "/metadata/annotations", "value": _annotations(obj, found[number][0])})
    changed = ctx.client.patch(visit.row, visit.namespace, visit.name, "json", patch, writes.options(ctx))
    printer.show(changed, visit.row, printing.said(ctx, "rolled back"))


def _preview(ctx: Context, visit: resources.Visit, template: Object, obj: Object) -> None:
    text = f"will roll back to {_template(template, obj)}"
    ctx.io.out(f"{resources.shown_kind(visit.row)}/{visit.name} {text} (dry run)\n")


def _target(found: dict[int, tuple[Object, Object]], wanted: int) -> int:
    if wanted < 0:
        raise errors.CommandError(f"unable to find specified revision {wanted} in history")
    if wanted:
        if wanted not in found:
            raise errors.CommandError(f"unable to find specified revision {wanted} in history")
        return wanted
    if len(found) < 2:
        raise errors.CommandError("no rollout history found for deployment" if not found else "no last revision to roll back to")
    return list(found)[-2]


def _bare(template: Object) -> Object:
    """A template without the label that tells its ReplicaSet's pods apart."""
    meta = template.get("metadata") or {}
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != "pod-template-hash"}
    return {**template, "metadata": {**meta, "labels": labels}}


KEPT = (
    "kubectl.kubernetes.io/last-applied-configuration", rollouts.REVISION, "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to",
)  # fmt: skip


def _annotations(obj: Object, old: Object) -> Object:
    """The deployment's bookkeeping annotations, and the old ReplicaSet's other ones."""
    now = obj["metadata"].get("annotations") or {}
    then = old["metadata"].get("annotations") or {}
    return {**{key: now[key] for key in KEPT if key in now}, **{key: value for key, value in then.items() if key not in KEPT}}
