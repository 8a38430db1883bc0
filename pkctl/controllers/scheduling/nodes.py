"""Nodes with what the pods on them have asked for: a value the view keeps, and brings up to date with every Node and Pod change.

Follows pkg/scheduler/framework/types.go (NodeInfo). Amounts are thousandths.
"""

from __future__ import annotations

from functools import lru_cache

from pkctl.kinds.podspec import requests
from pkctl.objects import meta, owners, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.controllers import plan
    from pkctl.objects.meta import Object

    Amounts = dict[str, int]
    Port = tuple[str, str, int]

LEAST = {"cpu": 100, "memory": 200 * 1024 * 1024 * 1000}
"""What a container that asks for nothing counts as when nodes are compared."""


@lru_cache(maxsize=4096)
def milli(text: str | int | float) -> int:
    """A quantity in thousandths."""
    return quantities.milli(text)


class Demand:
    """What one pod takes up on a node."""

    __slots__ = ("amounts", "avoids", "owner", "pod", "ports", "weight")

    def __init__(self, pod: Object) -> None:
        spec = pod.get("spec") or {}
        self.pod = pod
        self.amounts = requests.requests(spec)
        self.weight = {name: self.amounts.get(name) or least for name, least in LEAST.items()}
        self.ports = host_ports(spec)
        self.owner = (owners.controller(pod) or {}).get("uid", "")
        self.avoids = bool(meta.at(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))


def _add(total: Amounts, more: Amounts, sign: int) -> Amounts:
    for name, amount in more.items():
        total[name] = total.get(name, 0) + sign * amount
    return total


def host_ports(spec: Object) -> list[Port]:
    """The node's ports a pod wants, as (address, protocol, port)."""
    containers = [
        *(spec.get("containers") or []),
        *(one for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"),
    ]
    return [
        (port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", port["hostPort"])
        for container in containers
        for port in container.get("ports") or []
        if port.get("hostPort")
    ]


class Place:
    """One node and the pods on it; `obj` is None for a node that pods name but nobody has registered."""

    __slots__ = ("allocatable", "avoiders", "cordoned", "demands", "images", "kin", "labels", "name", "obj", "taints", "used", "weight")

    def __init__(self, name: str) -> None:
        self.name = name
        self.obj: Object | None = None
        self.labels: dict[str, str] = {}
        self.taints: list[Object] = []
        self.images: dict[str, int] = {}
        self.cordoned = False
        self.allocatable: Amounts = {}
        self.demands: dict[str, Demand] = {}
        self.used: Amounts = {}
        self.weight: Amounts = dict.fromkeys(LEAST, 0)
        self.kin: dict[str, int] = {}
        self.avoiders = 0

    def take_node(self, obj: Object | None) -> None:
        """Follow the Node object."""
        self.obj = obj
        self.labels = meta.labels(obj) if obj else {}
        self.taints = meta.at(obj or {}, "spec", "taints", default=[])
        self.cordoned = bool(meta.at(obj or {}, "spec", "unschedulable"))
        stored = meta.at(obj or {}, "status", "images", default=[])
        self.images = {name: int(one.get("sizeBytes") or 0) for one in stored for name in one.get("names") or []}
        self.allocatable = {name: milli(text) for name, text in meta.at(obj or {}, "status", "allocatable", default={}).items()}

    def put(self, demand: Demand) -> None:
        """Make room for a pod."""
        self.demands[meta.uid(demand.pod)] = demand
        self._count(demand, 1)

    def drop(self, uid: str) -> None:
        """A pod is over."""
        demand = self.demands.pop(uid, None)
        if demand is not None:
            self._count(demand, -1)

    def _count(self, demand: Demand, sign: int) -> None:
        _add(self.used, demand.amounts, sign)
        _add(self.weight, demand.weight, sign)
        self.avoiders += sign * demand.avoids
        if demand.owner:
            _add(self.kin, {demand.owner: 1}, sign)


class Places:
    """Every node by name."""

    __slots__ = ("_registered", "by_name")

    def __init__(self) -> None:
        self.by_name: dict[str, Place] = {}
        self._registered: list[Place] | None = None

    def all(self) -> list[Place]:
        """The registered nodes, by name."""
        if self._registered is None:
            self._registered = sorted((one for one in self.by_name.values() if one.obj is not None), key=lambda one: one.name)
        return self._registered

    def take_node(self, name: str, obj: Object | None) -> None:
        """Follow a Node object."""
        place = self.at(name)
        if (place.obj is None) != (obj is None):
            self._registered = None
        place.take_node(obj)

    def at(self, name: str) -> Place:
        """One node's place, made when it is not known yet."""
        place = self.by_name.get(name)
        if place is None:
            place = self.by_name[name] = Place(name)
        return place


def places(view: plan.View) -> Places:
    """The nodes as of now."""

    def build() -> Places:
        value = Places()
        for kind in ("nodes", "pods"):
            for obj in view.list(kind):
                _follow(value, None, obj)
        return value

    found: Places = view.memo("scheduler/places", ("nodes", "pods"), build, _follow)
    return found


def _follow(value: Places, old: Object | None, new: Object | None) -> None:
    kind = (new or old or {}).get("kind")
    if kind == "Node":
        value.take_node(meta.name(new or old or {}), new)
        return
    if old is not None and (node := _node_of(old)):
        value.at(node).drop(meta.uid(old))
    if new is not None and (node := _node_of(new)):
        value.at(node).put(Demand(new))


def _node_of(pod: Object) -> Any:
    if meta.at(pod, "status", "phase") in ("Succeeded", "Failed"):
        return None
    return meta.at(pod, "spec", "nodeName")


def used_by_others(place: Place, uid: str) -> Amounts:
    """What the pods of a node use, one of them left out."""
    own = place.demands.get(uid)
    return _add(dict(place.used), own.amounts, -1) if own else place.used
