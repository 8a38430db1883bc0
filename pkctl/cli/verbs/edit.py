"""`edit`: objects in an editor. The loop that it shares with `create --edit` and `apply edit-last-applied` is `editing`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import editing, printing, report, resources, templates, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Edit what the arguments name and send what was changed."""
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(resources.NOTHING)
    visits, failed = resources.gather(ctx, ctx.args, needs_names=False)
    report.raise_all(failed)
    form = str(ctx.flags["output"])
    if form not in ("", "yaml", "json", "kyaml"):
        raise printing.unknown(form, ("json", "kyaml", "yaml"))
    if not visits:
        raise errors.CommandError("edit cancelled, no objects found")
    return editing.run(ctx, visits, lambda visit, obj: send(ctx, visit, obj))


def send(ctx: Context, visit: visiting.Visit, new: Object) -> Object:
    """Patch the object with what the editor changed."""
    form, patch = templates.difference(visit, visit.obj or {}, writes.recorded(ctx, new))
    if ctx.flags["output-patch"]:
        from pkctl.printers import jsons

        ctx.io.out(f"Patch: {jsons.compact(patch)}\n")
    return ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, writes.options(ctx))
