"""Editing the objects that arguments name, until what the editor left can be sent: again with the errors on top.

The file and the editor are in `client/editing`. Upstream: kubectl's cmd/util/editor.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes
from pkctl.client import editing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Send = Callable[[visiting.Visit, Object], Object]

CHANGED = "At least one of apiVersion, kind and name was changed"
IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


class Mode:
    """How a command edits: what it says it did, the file's first lines, and whether what can't be stored is edited again."""

    __slots__ = ("again", "header", "operation", "skips")

    def __init__(self, operation: str, *, header: str = editing.HEADER, again: bool = False, skips: bool = True) -> None:
        self.operation, self.header, self.again, self.skips = operation, header, again, skips


EDIT = Mode("edited", again=True)
APPLIED = Mode("edited", header=editing.APPLIED, skips=False)
CREATE = Mode("created", skips=False)


class Refused:
    """What the server had against the edited objects: why to edit them again, or that it can't be helped here."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.is_gone = self.is_other = False

    def add(self, visit: visiting.Visit, error: errors.PkctlError) -> str:
        """Note an error; what to say about it."""
        name = f'{visit.row.id} "{visit.name}"'
        if isinstance(error, errors.Invalid):
            self.reasons.append(_reason(name, [f"{each.get('field', '')}: {each.get('message', '')}" for each in _causes(error)]))
            return f"error: {name} is invalid\n"
        if isinstance(error, errors.NotFound):
            self.is_gone = True
            return f"error: {name} could not be found on the server\n"
        self.is_other = True
        return f"error: {name} could not be patched: {error}\n"


def _causes(error: errors.Invalid) -> list[Any]:
    return list((error.details or {}).get("causes") or ())


def _reason(name: str, causes: list[str]) -> str:
    lines = [f"{name} was not valid{':' if causes else ''}", *(f"* {cause}" for cause in causes)]
    return "".join(f"# {line}\n" for each in lines for line in each.split("\n")) + "#\n"


def run(ctx: Context, visits: list[visiting.Visit], send: Send, mode: Mode = EDIT) -> int:
    """Open the editor until what it left is sent, unchanged, or empty."""
    form = str(ctx.flags["output"]) or "yaml"
    original = content = text(visits, form)
    reasons, last, kept = "", "", ""
    while True:
        head = "" if form == "json" else mode.header + reasons
        edited, place = invoke(ctx, head + content, f".{form}")
        if reasons and editing.meaning(edited) == editing.meaning(last):
            raise _keep(ctx, place, errors.CommandError("Edit cancelled, no valid changes were saved."))
        if kept:
            os.unlink(kept)
        last, kept, content = edited, place, editing.stripped(edited)
        try:
            found = editing.documents(edited)
        except errors.CommandError as error:
            name = f'{visits[0].row.id} "{visits[0].name}"'
            ctx.io.err(f"error: {name} is invalid\n")
            reasons = _reason(name, [f'<nil>: Invalid value: "The edited file failed validation": {error}'])
            continue
        if editing.meaning(edited) == editing.meaning(original):
            os.unlink(place)
            ctx.io.err("Edit cancelled, no changes made.\n")
            return 0
        refused = _send(ctx, visits, found, send, mode, place)
        if refused.is_gone or refused.is_other:
            raise _told(ctx, refused, place)
        if not refused.reasons:
            os.unlink(place)
            return 0
        reasons = "".join(refused.reasons)


def _keep(ctx: Context, place: str, error: errors.PkctlError) -> errors.PkctlError:
    ctx.io.err(f'A copy of your changes has been stored to "{place}"\n')
    return error


def _told(ctx: Context, refused: Refused, place: str) -> report.Exit:
    if refused.is_other:
        ctx.io.err(f"You can run `{ctx.io.program} replace -f {place}` to try this update again.\n")
    else:
        ctx.io.err(f'The edits you made on deleted resources have been saved to "{place}"\n')
    return report.Exit(1)


def text(visits: list[visiting.Visit], form: str) -> str:
    """What is put before the user: the object, or a List of several."""
    from pkctl.printers import jsons, kyamls, yamls

    objects = [printing.without_managed_fields(visit.obj or {}) for visit in visits]
    shown = objects[0] if len(objects) == 1 else {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {}}
    if form == "json":
        return jsons.dump(shown)
    return kyamls.dump(shown) if form == "kyaml" else yamls.dump(shown)


def invoke(ctx: Context, body: str, suffix: str) -> tuple[str, str]:
    """The text as the editor left it, and the file it is in."""
    body = body.replace("\n", "\r\n") if ctx.flags["windows-line-endings"] else body
    return editing.invoke(body, suffix, env=ctx.io.env, program=ctx.io.program)


def _send(ctx: Context, visits: list[visiting.Visit], found: list[Object], send: Send, mode: Mode, place: str) -> Refused:
    printer, refused = printing.select(ctx, mode.operation), Refused()
    try:
        for obj in found:
            visit = _visit(ctx, visits, obj, mode)
            old, row = visit.obj or {}, None if ctx.flags.get("subresource") else visit.row
            if mode.skips:
                obj = _restored(ctx, old, obj)
            if mode.skips and obj == old:
                printer.show(old, row, "skipped")
                continue
            try:
                printer.show(send(visit, obj), row)
            except errors.StatusError as error:
                if not mode.again:
                    raise
                ctx.io.err(refused.add(visit, error))
    except errors.PkctlError as error:
        raise _keep(ctx, place, error) from None
    return refused


def _restored(ctx: Context, old: Object, obj: Object) -> Object:
    """With what is not shown to the user, and the note that `--save-config` asks for."""
    fields = (old.get("metadata") or {}).get("managedFields")
    if fields:
        obj = {**obj, "metadata": {**(obj.get("metadata") or {}), "managedFields": fields}}
    return writes.sent(obj) if ctx.flags.get("save-config") else obj


def _visit(ctx: Context, visits: list[visiting.Visit], obj: Object, mode: Mode) -> visiting.Visit:
    """The visit that an edited object is of: the one with its uid, or of its name; CommandError when what it is was changed."""
    from pkctl.objects import meta

    if not mode.skips:
        return _new(ctx, obj)
    namespace = str(meta.at(obj, "metadata", "namespace") or ctx.namespace)
    if namespace not in {visit.namespace or namespace for visit in visits}:
        raise errors.CommandError(
            f'the namespace from the provided object "{namespace}" does not match the namespace "{ctx.namespace}". '
            f"You must pass '--namespace={namespace}' to perform this operation."
        )
    uid = meta.at(obj, "metadata", "uid")
    same = [each for each in visits if uid and meta.at(each.obj, "metadata", "uid") == uid]
    for visit in same or visits:
        if all(meta.at(obj, *path) == meta.at(visit.obj, *path) for path in IDENTITY):
            return visit
    raise errors.CommandError(CHANGED)


def _new(ctx: Context, obj: Object) -> visiting.Visit:
    row = ctx.kinds().by_gvk(str(obj.get("apiVersion")), str(obj.get("kind")))
    if row is None:
        raise errors.CommandError(f'no matches for kind "{obj.get("kind")}" in version "{obj.get("apiVersion")}"')
    meta = obj.get("metadata") or {}
    return visiting.Visit(row, str(meta.get("namespace") or ctx.namespace), str(meta.get("name") or ""), obj)


def create(ctx: Context) -> int:
    """`create --edit`: each of the files' objects edited, then created."""
    visits, failed = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))

    def send(visit: visiting.Visit, obj: Object) -> Object:
        obj = writes.recorded(ctx, writes.sent(obj) if ctx.flags["save-config"] else obj)
        return ctx.client.create(visit.row, visit.namespace, writes.unversioned(obj), writes.options(ctx))

    wrong: list[errors.PkctlError] = []
    for visit in visits:
        try:
            run(ctx, [visit], send, CREATE)
        except errors.PkctlError as error:
            wrong.append(error)
    report.raise_all([*wrong, *report.together(failed)])
    return 0
