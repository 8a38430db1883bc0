"""`diff`: what apply would change, shown by diff(1). Upstream: kubectl's cmd/diff. 0 none, 1 some, above 1 an error."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.api import options
from pkctl.cli import apply, printing, report, resources, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Compare and show; every error of ours leaves with 2."""
    try:
        return _run(ctx)
    except report.Exit:
        raise
    except errors.PkctlError as error:
        report.show(error, ctx.io)
        return 2


def _run(ctx: Context) -> int:
    import tempfile

    writes.need_files(ctx)
    if ctx.flags["force-conflicts"] and not ctx.flags["server-side"]:
        raise errors.CommandError("--force-conflicts only works with --server-side")
    visits, failed = resources.gather(ctx, [], fetch=False)
    report.raise_all(failed)
    if ctx.flags["prune"]:
        raise errors.CommandError("--prune: diff does not look for what apply would prune")
    with tempfile.TemporaryDirectory(prefix="LIVE-") as live, tempfile.TemporaryDirectory(prefix="MERGED-") as merged:
        for visit in visits:
            before, after = _pair(ctx, visit)
            _write(ctx, live, visit, before)
            _write(ctx, merged, visit, after)
        return _compare(ctx, live, merged)


def _pair(ctx: Context, visit: resources.Visit) -> tuple[Object | None, Object]:
    """The object as it is and as apply would leave it, by a dry run."""
    dry = options.Options(dry_run=True, field_manager=str(ctx.flags["field-manager"]), force=bool(ctx.flags["force-conflicts"]))
    try:
        live = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        return None, ctx.client.create(visit.row, visit.namespace, writes.sent(visit.obj or {}), dry)
    if ctx.flags["server-side"]:
        return live, ctx.client.patch(visit.row, visit.namespace, visit.name, "apply", visit.obj, dry)
    form, patch = apply.difference(visit, live, writes.sent(visit.obj or {}))
    return live, ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, dry) if patch else live


def _write(ctx: Context, folder: str, visit: resources.Visit, obj: Object | None) -> None:
    from pkctl.printers import yamls

    name = ".".join(filter(None, (visit.row.group, visit.row.version, visit.row.kind, visit.namespace, visit.name)))
    if obj is None:
        text = ""
    else:
        shown = obj if ctx.flags["show-managed-fields"] else printing.without_managed_fields(obj)
        text = yamls.dump(shown if ctx.flags["show-secrets"] else _masked(shown))
    with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
        stream.write(text)


def _masked(obj: Object) -> Object:
    if obj.get("kind") != "Secret":
        return obj
    masked = {**obj, "data": dict.fromkeys(obj.get("data") or {}, "***")}
    meta = dict(masked["metadata"])
    if writes.last_applied(obj):
        meta["annotations"] = {**meta["annotations"], writes.LAST_APPLIED: "***"}
    return {**masked, "metadata": meta}


def _compare(ctx: Context, live: str, merged: str) -> int:
    import subprocess

    external = str(ctx.io.env.get("KUBECTL_EXTERNAL_DIFF") or "")
    command = [*external.split(), live, merged] if external else ["diff", "-u", "-N", live, merged]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise errors.CommandError(f'failed to run "{command[0]}": {error.strerror}') from None
    ctx.io.out(done.stdout.decode(errors="replace"))
    ctx.io.err(done.stderr.decode(errors="replace"))
    return done.returncode
