"""A container's log lines as PodLogOptions ask for them.

Follows pkg/registry/core/pod/rest/log.go and the kubelet's validateContainerLogStatus.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.client import streams
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime

    RuntimeOf = Callable[[str], runtime.Runtime]
    Line = tuple[str, str, bytes]

STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
PULLING = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}


def lines(
    pod: Object,
    runtime_of: RuntimeOf,
    now: float,
    *,
    container: str = "",
    follow: bool = False,
    previous: bool = False,
    since_seconds: float | None = None,
    since_time: str = "",
    timestamps: bool = False,
    tail_lines: int | None = None,
    limit_bytes: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[bytes]:
    """Lines with their newline, followed until `stop` is set; nothing for an unscheduled pod.

    BadRequest when the container has not started or is not there.
    """
    name = streams.container(pod, container)
    if not meta.at(pod, "spec", "nodeName"):
        return iter(())
    _check_state(pod, name, previous)
    node = streams.node(pod, runtime_of)
    attempt = _previous_attempt(node, pod, name) if previous else None
    since = _since(now, since_seconds, since_time)
    found = _tailed(node, pod, name, attempt, follow=follow, since=since, tail=tail_lines, stop=stop)
    shown = (f"{time} ".encode() + line if timestamps else line for time, _, line in found)
    return shown if limit_bytes is None else _cut(shown, limit_bytes)


def _check_state(pod: Object, name: str, previous: bool) -> None:
    status = next((each for field in STATUSES for each in meta.at(pod, "status", field, default=()) if each.get("name") == name), None)
    place = f'container "{name}" in pod "{meta.name(pod)}"'
    if status is None:
        raise errors.BadRequest(f"{place} is not available" if previous else f"{place} is waiting to start: ContainerCreating")
    state, last = status.get("state") or {}, meta.at(status, "lastState", "terminated", default={})
    if previous:
        if not last.get("containerID"):
            raise errors.BadRequest(f"previous terminated {place} not found")
        return
    if state.get("running") is not None or (state.get("terminated") or {}).get("containerID") or last.get("containerID"):
        return
    if state.get("terminated"):
        raise errors.BadRequest(f"{place} is terminated")
    reason = (state.get("waiting") or {}).get("reason", "")
    raise errors.BadRequest(
        f"{place} is waiting to start: {PULLING.get(reason, reason)}" if reason else f"{place} is waiting to start - no logs yet"
    )


def _previous_attempt(node: runtime.Runtime, pod: Object, name: str) -> int:
    """The attempt behind the container id that the pod's status calls its last."""
    statuses = [each for field in STATUSES for each in meta.at(pod, "status", field, default=()) if each.get("name") == name]
    wanted = meta.at(statuses[0], "lastState", "terminated", "containerID", default="").rpartition("/")[2]
    for state in node.observe():
        if state["uid"] == meta.uid(pod):
            for each in state["containers"]:
                if each["name"] == name and each["id"] == wanted:
                    return int(each["attempt"])
    raise errors.BadRequest(f'previous terminated container "{name}" in pod "{meta.name(pod)}" not found')


def _since(now: float, seconds: float | None, time: str) -> float:
    if seconds is not None:
        return now - seconds
    if not time:
        return 0.0
    from pkctl.objects import times

    return times.parse(time)


def _tailed(
    node: runtime.Runtime,
    pod: Object,
    name: str,
    attempt: int | None,
    *,
    follow: bool,
    since: float,
    tail: int | None,
    stop: threading.Event | None,
) -> Iterator[Line]:
    """All lines, or the last `tail` of those there are now and then what follows."""
    if tail is None or tail < 0:
        yield from node.logs(pod, name, attempt=attempt, follow=follow, since=since, stop=stop)
        return
    from collections import deque

    known: deque[Line] = deque(node.logs(pod, name, attempt=attempt, since=since), max(tail, 1))
    yield from known if tail else ()
    if follow:
        yield from _after(node, pod, name, attempt, known[-1][0] if known else "", since, stop)


def _after(
    node: runtime.Runtime, pod: Object, name: str, attempt: int | None, last: str, since: float, stop: threading.Event | None
) -> Iterator[Line]:
    """What is written after the line of time `last`."""
    from pkctl.objects import times

    start = int(times.parse(last)) if last else since
    for line in node.logs(pod, name, attempt=attempt, follow=True, since=start, stop=stop):
        if line[0] > last:
            yield line


def _cut(found: Iterator[Any], limit: int) -> Iterator[bytes]:
    for line in found:
        if len(line) >= limit:
            yield line[:limit]
            return
        yield line
        limit -= len(line)
