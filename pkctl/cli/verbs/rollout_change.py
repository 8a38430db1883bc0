"""`rollout pause`, `rollout resume` and `rollout restart`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes
from pkctl.cli.verbs import rollouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

RESTARTED = "kubectl.kubernetes.io/restartedAt"


def run(ctx: Context) -> int:
    """One of the three, by the command's last word."""
    rollouts.need(ctx)
    word = ctx.path.split()[-1]
    did = {"pause": "paused", "resume": "resumed", "restart": "restarted"}[word]
    printer = printing.select(ctx, did, ordered=True)
    visits, gathered = resources.gather(ctx, ctx.args, all_named=True)
    failed: list[errors.PkctlError] = []
    for visit in visits:
        try:
            _change(ctx, printer, visit, word, did)
        except errors.CommandError as error:
            failed.append(error)
    if not visits and not gathered:
        ctx.io.err(rollouts.NOTHING.format(namespace=ctx.namespace))
    is_named = len(ctx.args) > 1 or "/" in "".join(ctx.args)
    if is_named or not gathered:
        report.raise_all([*gathered, *failed])
    report.raise_several([*report.together(gathered), *failed] if failed else gathered)
    return 0


def _change(ctx: Context, printer: printing.Printer, visit: visiting.Visit, word: str, did: str) -> None:
    old = visit.obj or {}
    name = f'error: {visit.row.id} "{visit.name}"'
    if visit.row.id not in (rollouts.KINDS if word == "restart" else rollouts.KINDS[:1]):
        verb = {"pause": "pausing", "resume": "resuming", "restart": "restarting"}[word]
        raise errors.CommandError(f"{name} {verb} is not supported")
    patch = _patch(ctx, old, name, word)
    if not visit.name:
        raise errors.CommandError("failed to patch: resource name may not be empty")
    form = "strategic" if visit.row.schema is None else "merge"
    try:
        new = ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, writes.options(ctx))
    except errors.StatusError as error:
        raise errors.CommandError(f"failed to patch: {error}") from None
    if did == "restarted" and new["metadata"].get("resourceVersion") == old["metadata"].get("resourceVersion"):
        raise errors.CommandError(f"failed to create patch for {visit.name}: if restart has already been triggered within the past second, "
                                  "please wait before attempting to trigger another")  # fmt: skip
    rollouts.show(printer, new, visit.row)


def _patch(ctx: Context, old: Object, name: str, word: str) -> Object:
    paused = bool((old.get("spec") or {}).get("paused"))
    if word == "pause":
        if paused:
            raise errors.CommandError(f"{name} is already paused")
        return {"spec": {"paused": True}}
    if word == "resume":
        if not paused:
            raise errors.CommandError(f"{name} is not paused")
        return {"spec": {"paused": None}}
    if paused:
        raise errors.CommandError(f"{name} can't restart paused deployment (run rollout resume first)")
    from pkctl.objects import times

    stamp = times.stamp(ctx.io.sources.now())
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED: stamp}}}}}
