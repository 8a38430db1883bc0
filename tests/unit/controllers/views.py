"""A View over objects in memory, and short ways to say which objects those are."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from pkctl.controllers import plan
from pkctl.kinds import table
from pkctl.objects import meta, owners, times

Object = dict[str, Any]
NOW = 1767225600.0
"""2026-01-01T00:00:00Z"""


class MemoryView:
    """What a controller is given; `apply` carries a plan out, as far as a store without rules can."""

    def __init__(self, objects: tuple[Object, ...], now: float = NOW, notes: dict[str, dict[str, Any]] | None = None) -> None:
        self.now = now
        self._notes = dict(notes or {})
        self._objects: dict[str, dict[tuple[str, str], Object]] = {}
        self._counts = [0, 0]
        self.events: list[plan.Event] = []
        for obj in objects:
            self.put(obj)

    def kind_of(self, obj: Object) -> str:
        row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
        assert row is not None
        return row.id

    def put(self, obj: Object) -> Object:
        obj = copy.deepcopy(obj)
        self._counts[0] += 1
        metadata = obj.setdefault("metadata", {})
        metadata.setdefault("uid", f"uid-{self._counts[0]}")
        metadata.setdefault("creationTimestamp", times.stamp(self.now))
        self._objects.setdefault(self.kind_of(obj), {})[meta.key(obj)] = obj
        return obj

    def drop(self, kind: str, namespace: str, name: str) -> None:
        self._objects.get(kind, {}).pop((namespace, name), None)

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        return self._objects.get(kind, {}).get((namespace, name))

    def list(self, kind: str, namespace: str | None = None) -> list[Object]:
        found = self._objects.get(kind, {})
        return [found[key] for key in sorted(found) if namespace in (None, key[0])]

    def owned(self, kind: str, owner: Object) -> list[Object]:
        return [obj for obj in self.list(kind) if owners.is_controlled_by(obj, owner)]

    def suffix(self) -> str:
        self._counts[1] += 1
        return f"{self._counts[1]:05d}"

    def memo(self, name: str, kinds: tuple[str, ...], build: Callable[[], Any], follow: Callable[..., None] | None = None) -> Any:
        return build()

    def kinds(self) -> table.Kinds:
        return table.BUILTIN

    def notes(self, name: str) -> dict[str, Any]:
        return self._notes.get(name, {})

    def authority(self) -> str:
        return str(self.notes("cluster").get("ca", ""))

    def certify(self, request: Object) -> str:
        return f"CERTIFICATE FOR {meta.name(request)}"

    def token(self, account: Object, seconds: int, audiences: Sequence[str] = (), bound: Object | None = None) -> str:
        words = (meta.name(account), str(seconds), *audiences, meta.name(bound or {"metadata": {"name": ""}}), f"{self.now:.0f}")
        return ".".join(words)

    def lasting_token(self, account: Object, secret: Object) -> str:
        return f"{meta.name(account)}.{meta.name(secret)}"

    def apply(self, made: plan.Plan) -> None:
        """Bring about the writes, notes and events of a plan."""
        for write in made.writes:
            self._write(write)
        self.events += made.events
        self._notes |= {name: note or {} for name, note in made.notes.items()}

    def _write(self, write: plan.Write) -> None:
        namespace, name = meta.key(write.obj)
        known = self.get(write.kind, namespace, name)
        if write.verb == "delete":
            self.drop(write.kind, namespace, name)
        elif write.verb == "status":
            assert known is not None
            self.put({**known, "status": write.obj["status"]})
        elif write.verb == "create":
            assert known is None, f"{write.kind} {name} exists"
            self.put({"apiVersion": "v1", **write.obj})
        else:
            self.put(write.obj)


def view_of(*objects: Object, now: float = NOW, notes: dict[str, dict[str, Any]] | None = None) -> MemoryView:
    """A view of these objects."""
    return MemoryView(objects, now, notes)


def verbs(made: plan.Plan) -> list[tuple[str, str, str]]:
    """A plan's writes as (verb, kind, name)."""
    return [(write.verb, write.kind, meta.name(write.obj)) for write in made.writes]


def lines(made: plan.Plan) -> list[tuple[str, str, str]]:
    """A plan's events as (type, reason, message)."""
    return [(event.type, event.reason, event.message) for event in made.events]


def owned_by(owner: Object, obj: Object) -> Object:
    """`obj` with `owner` as its controller."""
    metadata = {**obj["metadata"], "ownerReferences": [owners.reference(owner)]}
    return {**obj, "metadata": metadata}
