"""What `describe` shows, read through a client: the kind's own description, or the generic one for a kind without.

How a description is laid out is in `kinds/describing` and the rooms. Follows kubectl/pkg/describe.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.client import base
    from pkctl.kinds import table

    Object = dict[str, Any]
    Objects = list[Object]


class Reader:
    """`kinds.describing.Reader` over a client, at a time, with or without events."""

    def __init__(self, client: base.Client, *, now: float, events: bool = True) -> None:
        self._client, self._kinds = client, client.kinds()
        self.now, self.show_events = now, events

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
        if row is None:
            return []
        found = self._client.list(row, namespace if row.namespaced else "", options.Query(fields=fields))
        # Items of a typed list carry no kind of their own on the wire, and descriptions name it.
        return [{"apiVersion": row.api_version, "kind": row.kind, **obj} for obj in found.get("items") or []]

    def events(self, obj: Object) -> Objects | None:
        """The events about an object; None when they were not asked for."""
        if not self.show_events:
            return None
        metadata = obj.get("metadata") or {}
        kind, name, namespace = obj.get("kind"), metadata.get("name"), metadata.get("namespace") or ""
        fields = f"involvedObject.kind={kind},involvedObject.name={name}"
        if metadata.get("uid") and kind != "Node":
            fields += f",involvedObject.uid={metadata['uid']}"
        return self._listed("events", namespace, fields)


def of(row: table.Row, obj: Object, reader: Reader) -> str:
    """An object's description."""
    from pkctl.kinds import table as kinds

    room = kinds.room(row)
    if room is not None and hasattr(room, "describe"):
        return str(room.describe(obj, reader))
    from pkctl.kinds import describing

    return str(describing.generic(obj, reader))


def text(client: base.Client, row: table.Row, namespace: str, name: str, *, now: float) -> str:
    """The description of one object as it is now; NotFound."""
    obj = client.get(row, namespace if row.namespaced else "", name)
    return of(row, {"apiVersion": row.api_version, "kind": row.kind, **obj}, Reader(client, now=now))
