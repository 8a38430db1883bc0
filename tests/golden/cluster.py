"""A hollow cluster for one golden case: the objects of its `cluster.yaml`, a still clock, nothing that runs."""

from __future__ import annotations

import pathlib
from typing import Any

from pkctl import errors, setups, wiring
from pkctl.api import opening, options
from pkctl.client import local
from pkctl.objects import sources, yamls


class Wiring:
    """Gives the case's cluster to whoever asks; objects are there before the first question."""

    def __init__(self, objects: pathlib.Path | str = "") -> None:
        text = objects.read_text() if isinstance(objects, pathlib.Path) else objects
        self.clock = sources.Frozen()
        self._objects = yamls.load_all(text)
        self._client: Any = None

    def client(self, settings: object) -> Any:
        """The one client of the case; closing it is left to the end."""
        from pkctl.store import sqlite

        if self._client is None:
            store = sqlite.open(":memory:")
            api = opening.api(store, sources=self.clock, hollow=True, sealer=Plain)
            self._client = Kept(api, settle=lambda **_: None, glance=lambda: None, runtime_of=nowhere)
            for obj in self._objects:
                put(self._client, obj)
            if self._objects:
                self.clock.advance(300)
        actor = getattr(settings, "actor", None)
        return self._seen_by(actor) if actor else self._client

    def _seen_by(self, actor: dict[str, Any]) -> Any:
        """The cluster as the user of `--as` sees it."""
        api = wiring.acting_api(setups.Setup({}, "", sources=self.clock), self._client.api, actor)
        made: Any = wiring.local_form(actor)(api, settle=lambda **_: None, glance=lambda: None, runtime_of=nowhere)
        made.close = lambda: None
        return made

    def close(self) -> None:
        """Close what the case opened."""
        if self._client is not None:
            local.Local.close(self._client)


class Plain:
    """A sealer that leaves texts as they are: golden cases are about what is printed."""

    def seal(self, key: str, text: str) -> str:
        return text

    def open(self, key: str, text: str) -> str:
        return text


class Kept(local.Local):
    """A client that several commands of one test may close."""

    def close(self) -> None:
        return


def nowhere(node: str) -> Any:
    """No node of a hollow cluster runs anything."""
    raise errors.NodeError("NodeUnreachable", f'node "{node}" runs nothing')


def put(client: Any, obj: dict[str, Any]) -> None:
    """Create an object and give it its status."""
    row = client.kinds().by_gvk(obj["apiVersion"], obj["kind"])
    meta = obj["metadata"]
    namespace = meta.get("namespace", "default") if row.namespaced else ""
    chosen = options.Options(field_manager="test", validation="Strict")
    made = client.create(row, namespace, obj, chosen)
    if obj.get("status") and "status" in row.subresources:
        chosen = options.Options(field_manager="test", subresource="status")
        client.update(row, namespace, meta["name"], {**made, "status": obj["status"]}, chosen)
