"""What READY, STATUS and RESTARTS of a pod show, worked out from its container statuses.

Follows printPod of pkg/printers/internalversion/printers.go, line of thought by line of thought.
"""

from __future__ import annotations

from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.meta import Object

TERMINAL = ("Succeeded", "Failed")


class Look:
    """One pod as the table shows it; `last` is when a container that restarted had ended, "" for never."""

    __slots__ = ("last", "ready", "restarts", "status", "total")

    def __init__(self, total: int, status: str) -> None:
        self.total, self.status = total, status
        self.ready, self.restarts, self.last = 0, 0, ""

    def count_restarts(self, container: Object) -> None:
        """Add a container's restarts."""
        self.restarts += int(container.get("restartCount") or 0)
        ended = meta.at(container, "lastState", "terminated", "finishedAt", default="") or ""
        self.last = max(self.last, ended)

    def restarts_cell(self, now: float) -> str:
        """`3 (5m ago)`, or just the number."""
        return f"{self.restarts} ({times.since(self.last, now)} ago)" if self.restarts and self.last else str(self.restarts)


def look(pod: Object) -> Look:
    """A pod as `kubectl get pods` shows it."""
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    inits = spec.get("initContainers") or []
    sidecars = {each.get("name") for each in inits if each.get("restartPolicy") == "Always"}
    shown = Look(len(spec.get("containers") or ()) + len(sidecars), _base(status))
    is_initializing = _init(shown, status.get("initContainerStatuses") or (), sidecars, len(inits))
    if not is_initializing or meta.is_true(pod, "Initialized"):
        shown.restarts, shown.last = 0, ""
        for container in status.get("initContainerStatuses") or ():
            if container.get("name") in sidecars:
                shown.count_restarts(container)
        _main(shown, status.get("containerStatuses") or (), is_ready=meta.is_true(pod, "Ready"))
    if meta.is_deleting(pod):
        if status.get("reason") == "NodeLost":
            shown.status = "Unknown"
        elif status.get("phase") not in TERMINAL:
            shown.status = "Terminating"
    return shown


def _base(status: Object) -> str:
    gated = any(each.get("type") == "PodScheduled" and each.get("reason") == "SchedulingGated" for each in status.get("conditions") or ())
    return "SchedulingGated" if gated else status.get("reason") or status.get("phase") or ""


def _init(shown: Look, containers: Sequence[Object], sidecars: set[str | None], total: int) -> bool:
    """Read the init containers up to the first that is not done; whether there is one."""
    for index, container in enumerate(containers):
        shown.count_restarts(container)
        state = container.get("state") or {}
        ended, waiting = state.get("terminated"), state.get("waiting") or {}
        if ended is not None and not ended.get("exitCode"):
            continue
        if container.get("name") in sidecars and container.get("started"):
            shown.ready += bool(container.get("ready"))
            continue
        if ended is not None:
            shown.status = f"Init:{_end(ended)}"
        elif waiting.get("reason") and waiting["reason"] != "PodInitializing":
            shown.status = f"Init:{waiting['reason']}"
        else:
            shown.status = f"Init:{index}/{total}"
        return True
    return False


def _main(shown: Look, containers: Sequence[Object], *, is_ready: bool) -> None:
    """Read the main containers last to first, each overruling the one before."""
    is_running, failure = False, ""
    for container in reversed(containers):
        shown.count_restarts(container)
        state = container.get("state") or {}
        waiting, ended = state.get("waiting") or {}, state.get("terminated")
        if waiting.get("reason"):
            shown.status = waiting["reason"]
        elif ended is not None:
            shown.status = _end(ended)
            failure = shown.status if ended.get("exitCode") else failure
        elif container.get("ready") and state.get("running") is not None:
            is_running = True
            shown.ready += 1
    if shown.status != "Completed":
        return
    if is_running and is_ready:
        shown.status = "Running"
    elif failure:
        shown.status = failure
    elif is_running:
        shown.status = "NotReady"


def _end(ended: Object) -> str:
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode') or 0}"
