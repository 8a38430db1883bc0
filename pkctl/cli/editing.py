"""Editing the objects that arguments name, until what the editor left can be sent: again with the errors on top.

The file and the editor are in `client/editing`. Upstream: kubectl's cmd/util/editor.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import printing, report, resources, writes
from pkctl.client import editing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Send = Callable[[resources.Visit, Object], Object]


def run(ctx: Context, visits: list[resources.Visit], send: Send) -> int:
    """Open the editor until what it left is sent, unchanged, or empty."""
    json_form = ctx.flags["output"] == "json"
    before = text(ctx, visits, json_form=json_form)
    content, reasons = before, ""
    while True:
        edited, place = invoke(ctx, editing.HEADER + reasons + content, ".json" if json_form else ".yaml")
        stripped = editing.stripped(edited)
        if stripped.strip() == editing.stripped(content).strip():
            if reasons:
                raise _keep(ctx, place, "Edit cancelled, no valid changes were saved.")
            ctx.io.err("Edit cancelled, no changes made.\n")
            os.unlink(place)
            return 0
        if not stripped.strip():
            ctx.io.err("Edit cancelled, saved file was empty.\n")
            os.unlink(place)
            return 0
        try:
            _send(ctx, visits, stripped, send)
        except errors.PkctlError as error:
            said = report.text(error, ctx.io.program)
            ctx.io.err(f"{_headline(error)}\n")
            reasons = "".join(f"# {line}\n" for line in said.splitlines()) + "#\n"
            content = stripped
            continue
        os.unlink(place)
        return 0


def _headline(error: errors.PkctlError) -> str:
    details = getattr(error, "details", None) or {}
    if isinstance(error, errors.Invalid) and details.get("name"):
        kind = str(details.get("kind", "")).lower()
        return f'error: {kind}s "{details["name"]}" is invalid'
    return report.text(error)


def _keep(ctx: Context, place: str, message: str) -> errors.CommandError:
    ctx.io.err(f'A copy of your changes has been stored to "{place}"\n')
    return errors.CommandError(message)


def text(ctx: Context, visits: list[resources.Visit], *, json_form: bool) -> str:
    """What is put before the user: the object, or a List of several."""
    from pkctl.printers import jsons, yamls

    objects = [printing.without_managed_fields(visit.obj or {}) for visit in visits]
    shown = objects[0] if len(objects) == 1 else {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {}}
    body = jsons.dump(shown) if json_form else yamls.dump(shown)
    return body.replace("\n", "\r\n") if ctx.flags["windows-line-endings"] else body


def invoke(ctx: Context, body: str, suffix: str) -> tuple[str, str]:
    """The text as the editor left it, and the file it is in."""
    return editing.invoke(body, suffix, env=ctx.io.env, program=ctx.io.program)


def _send(ctx: Context, visits: list[resources.Visit], body: str, send: Send) -> None:
    by_name = {(visit.row.api_version, visit.row.kind, visit.namespace, visit.name): visit for visit in visits}
    printer = printing.Printer(ctx, "", None, "edited")
    for obj in editing.documents(body):
        meta = obj.get("metadata") or {}
        named = (str(obj.get("apiVersion")), str(obj.get("kind")), str(meta.get("namespace") or ""), str(meta.get("name")))
        visit = by_name.get(named)
        if visit is None:
            raise errors.CommandError("At least one of apiVersion, kind and name was changed")
        old = printing.without_managed_fields(visit.obj or {})
        if obj == old:
            continue
        if "managedFields" in ((visit.obj or {}).get("metadata") or {}):
            obj = {**obj, "metadata": {**meta, "managedFields": (visit.obj or {})["metadata"]["managedFields"]}}
        printer.show(send(visit, obj), visit.row)


def create(ctx: Context, printer: printing.Printer) -> int:
    """`create --edit`: the files' objects, edited, then created."""
    visits, failed = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))
    report.raise_all(failed)
    edited, place = invoke(ctx, editing.HEADER + text(ctx, visits, json_form=ctx.flags["output"] == "json"), ".yaml")
    os.unlink(place)
    body = editing.stripped(edited)
    if not body.strip():
        ctx.io.err("Edit cancelled, saved file was empty.\n")
        return 0
    for obj in editing.documents(body):
        row = ctx.kinds().by_gvk(str(obj.get("apiVersion")), str(obj.get("kind")))
        if row is None:
            raise errors.CommandError(f'no matches for kind "{obj.get("kind")}" in version "{obj.get("apiVersion")}"')
        namespace = str((obj.get("metadata") or {}).get("namespace") or ctx.namespace)
        printer.show(ctx.client.create(row, namespace if row.namespaced else "", obj, writes.options(ctx)), row)
    return 0
