"""What pods and nodes use now, as metrics.k8s.io shows it: two looks at the runtimes' counters and the difference between them."""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pkctl.objects import sources
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime

    Sample = dict[str, Any]

WINDOW = 1.0
"""Seconds between the two looks."""


def measured(
    clock: sources.Sources, nodes: Iterable[Object], pods: Iterable[Object], runtime_of: Callable[[str], runtime.Runtime]
) -> list[Object]:
    """NodeMetrics and PodMetrics; a node that can't be asked is left out."""
    names = [meta.name(node) for node in nodes]
    first = {name: _sampled(runtime_of, name) for name in names}
    if any(first.values()):
        clock.sleep(WINDOW)
    by_uid = {meta.uid(pod): pod for pod in pods}
    found: list[Object] = []
    for name in names:
        if first[name]:
            found += _of_node(name, first[name], _sampled(runtime_of, name), by_uid)
    return found


def _sampled(runtime_of: Callable[[str], runtime.Runtime], name: str) -> dict[tuple[str, str], Sample]:
    try:
        return {(each["uid"], each.get("container", "")): each for each in runtime_of(name).stats()}
    except errors.NodeError:
        return {}


def _of_node(
    name: str, before: dict[tuple[str, str], Sample], after: dict[tuple[str, str], Sample], pods: dict[str, Object]
) -> list[Object]:
    found: list[Object] = []
    containers: dict[str, list[Object]] = {}
    at = 0.0
    for key, sample in sorted(after.items()):
        if key not in before:
            continue
        at, used = sample["at"], _usage(before[key], sample)
        if key[0] == "":
            found.append(_metrics("NodeMetrics", {"name": name}, at, {"usage": used}))
        else:
            containers.setdefault(key[0], []).append({"name": key[1], "usage": used})
    for uid, parts in containers.items():
        if uid in pods:
            place = {"name": meta.name(pods[uid]), "namespace": meta.namespace(pods[uid]), "labels": meta.labels(pods[uid])}
            found.append(_metrics("PodMetrics", place, at, {"containers": parts}))
    return found


def _usage(before: Sample, after: Sample) -> dict[str, str]:
    seconds = max(after["at"] - before["at"], 1e-9)
    nanos = max(round((after["cpu"] - before["cpu"]) / seconds * 1e9), 0)
    return {"cpu": f"{nanos}n", "memory": f"{int(after['memory']) // 1024}Ki", "swap": f"{int(after.get('swap', 0)) // 1024}Ki"}


def _metrics(kind: str, metadata: Object, at: float, body: Object) -> Object:
    shown = {"timestamp": times.stamp(at), "window": f"{WINDOW:g}s"}
    return {"kind": kind, "apiVersion": "metrics.k8s.io/v1beta1", "metadata": metadata, **shown, **body}
