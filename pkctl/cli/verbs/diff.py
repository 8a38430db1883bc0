"""`diff`: what apply would change, shown by diff(1). Upstream: kubectl's cmd/diff. 0 none, 1 some, above 1 an error.

`--concurrency` is a limit that is kept: objects are compared one after the other.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.api import options
from pkctl.cli import migrating, printing, pruning, report, resources, visiting, writes
from pkctl.cli.verbs import apply

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
        ctx.moot.clear()
        return 2


def _run(ctx: Context) -> int:
    import tempfile

    writes.need_files(ctx)
    if ctx.flags["force-conflicts"] and not ctx.flags["server-side"]:
        raise errors.CommandError("--force-conflicts only works with --server-side")
    visits, failed = resources.gather(ctx, [], fetch=False)
    if failed:
        raise failed[0]
    rows = pruning.rows(ctx) if ctx.flags["prune"] else None
    with tempfile.TemporaryDirectory(prefix="LIVE-") as live, tempfile.TemporaryDirectory(prefix="MERGED-") as merged:
        for visit in visits:
            before, after = _masked(ctx, *_pair(ctx, visit))
            _write(ctx, live, visit, before)
            _write(ctx, merged, visit, after)
        for visit in pruning.found(ctx, visits, rows) if rows is not None else ():
            _write(ctx, live, visit, _masked(ctx, visit.obj, None)[0], whole=True)
        return _compare(ctx, live, merged)


def _pair(ctx: Context, visit: visiting.Visit) -> tuple[Object | None, Object]:
    """The object as it is and as apply would leave it, by a dry run; the note that apply keeps is no part of it."""
    is_served = bool(ctx.flags["server-side"])
    actor = migrating.OWN if is_served and not ctx.flags.given("field-manager") else str(ctx.flags["field-manager"])
    dry = options.Options(dry_run=True, field_manager=actor, force=bool(ctx.flags["force-conflicts"]))
    live: Object | None = None
    try:
        live = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        pass
    if is_served:
        return live, ctx.client.patch(visit.row, visit.namespace, visit.name, "apply", visit.obj, dry)
    if live is None:
        return None, ctx.client.create(visit.row, visit.namespace, writes.unversioned(visit.obj or {}), dry)
    form, patch = apply.difference(visit, live, writes.without_note(visit.obj or {}))
    if not patch:
        return live, live
    # A manifest that was read some time ago is compared with what is there now, and is no conflict.
    patch["metadata"] = {**(patch.get("metadata") or {}), "resourceVersion": live["metadata"]["resourceVersion"]}
    return live, ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, dry)


def _write(ctx: Context, folder: str, visit: visiting.Visit, obj: Object | None, *, whole: bool = False) -> None:
    from pkctl.printers import yamls

    group = f"{visit.row.group}." if visit.row.group else ""
    name = f"{group}{visit.row.version}.{visit.row.kind}.{visit.namespace}.{visit.name}"
    shown = obj if obj is None or whole or ctx.flags["show-managed-fields"] else printing.without_managed_fields(obj)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
        stream.write("" if shown is None else yamls.dump(shown))


MASK, BEFORE, AFTER = "***", "*** (before)", "*** (after)"


def _masked(ctx: Context, before: Object | None, after: Object | None) -> tuple[Object | None, Object | None]:
    """Both without a Secret's values, so that still one sees which differ."""
    if ctx.flags["show-secrets"] or (before or after or {}).get("kind") != "Secret":
        return before, after
    old, new = (before or {}).get("data") or {}, (after or {}).get("data") or {}
    differ = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    return _hidden(before, old, differ, BEFORE), _hidden(after, new, differ, AFTER)


def _hidden(obj: Object | None, values: Object, differ: set[str], mark: str) -> Object | None:
    if obj is None:
        return None
    masked = {**obj, "data": {key: mark if key in differ else MASK for key in values}} if "data" in obj else obj
    if not writes.last_applied(obj):
        return masked
    meta = obj["metadata"]
    return {**masked, "metadata": {**meta, "annotations": {**meta["annotations"], writes.LAST_APPLIED: MASK}}}


def _compare(ctx: Context, live: str, merged: str) -> int:
    import subprocess

    command = _program(str(ctx.io.env.get("KUBECTL_EXTERNAL_DIFF") or ""))
    try:
        done = subprocess.run([*command, live, merged], capture_output=True, check=False)
    except OSError:
        raise errors.CommandError(f'failed to run "{command[0]}": executable file not found in $PATH') from None
    ctx.io.out(done.stdout.decode(errors="replace"))
    ctx.io.err(done.stderr.decode(errors="replace"))
    if done.returncode not in (0, 1):
        raise errors.CommandError(f'failed to run "{command[0]}": exit status {done.returncode}')
    return done.returncode


def _program(external: str) -> list[str]:
    """The command that compares; of an external one's words only plain ones are taken, as kubectl does."""
    import re

    if not external:
        return ["diff", "-u", "-N"]
    program, *words = external.split(" ")
    return [program, *(word for word in words if re.fullmatch("[a-zA-Z0-9-=]+", word))]
