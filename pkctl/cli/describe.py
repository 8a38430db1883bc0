"""`describe`: an object's details as its kind tells them, with its events. Upstream: kubectl's cmd/describe."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import report, resources, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]
    Objects = list[Object]


class Reader:
    """What a kind's `describe` may ask of the cluster."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._client = ctx, ctx.client
        self._kinds = ctx.kinds()
        self.now = ctx.io.sources.now()
        self.show_events = bool(ctx.flags["show-events"])

    def get(self, kind_id: str, namespace: str, name: str) -> Object | None:
        """One object, None when it does not exist."""
        row = self._kinds.by_id(kind_id)
        if row is None:
            return None
        try:
            return self._client.get(row, namespace if row.namespaced else "", name)
        except errors.NotFound:
            return None

    def list(self, kind_id: str, namespace: str | None = None) -> Objects:
        """Objects of a kind; every namespace for None."""
        return self._listed(kind_id, namespace or "", "")

    def _listed(self, kind_id: str, namespace: str, fields: str) -> Objects:
        row = self._kinds.by_id(kind_id)
        return [] if row is None else [visit.obj or {} for visit in resources.listed(self._ctx, row, namespace, "", fields)]

    def events(self, obj: Object) -> Objects | None:
        """The events about an object; None when they were not asked for."""
        if not self.show_events:
            return None
        meta = obj.get("metadata") or {}
        kind, name, namespace = obj.get("kind"), meta.get("name"), meta.get("namespace") or ""
        fields = f"involvedObject.kind={kind},involvedObject.name={name}"
        if meta.get("uid") and kind != "Node":
            fields += f",involvedObject.uid={meta['uid']}"
        return self._listed("events", namespace, fields)


def run(ctx: Context) -> int:
    """Describe what the arguments name; a name that does not exist may be the start of others."""
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(
            f'You must specify the type of resource to describe. Use "{ctx.io.program} api-resources" for a complete list of '
            "supported resources."
        )
    everything = len(ctx.args) == 1 and not ctx.flags["selector"] and "/" not in ctx.args[0]
    visits, failed = resources.gather(ctx, ctx.args, all_named=everything)
    if failed and not visits and len(ctx.args) == 2 and isinstance(failed[0], errors.NotFound):
        found = _starting(ctx)
        visits, failed = (found, []) if found else (visits, failed)
    reader = Reader(ctx)
    for number, visit in enumerate(visits):
        ctx.io.out("\n\n" if number else "")
        ctx.io.out(text(visit.row, visit.obj or {}, reader))
    if not visits and not failed:
        namespaced = any(row.namespaced for row in resources.types(ctx, ctx.args[0])) if ctx.args else True
        ctx.io.err(tables.nothing(ctx, namespaced=namespaced))
    report.raise_all(failed)
    return 0


def _starting(ctx: Context) -> list[resources.Visit]:
    """The objects whose names begin with the word that names none."""
    row = resources.find(ctx, ctx.args[0])
    return [visit for visit in resources.listed(ctx, row, ctx.namespace) if visit.name.startswith(ctx.args[1])]


def text(row: table.Row, obj: Object, reader: Reader) -> str:
    """The kind's own description, or the generic one for a kind without."""
    from pkctl.kinds import table as kinds

    room = kinds.room(row)
    if room is not None and hasattr(room, "describe"):
        return str(room.describe(obj, reader))
    from pkctl.kinds import describing

    return str(describing.generic(obj, reader))
