"""A pod's status: phase, conditions, and what is told of each container.

Follows pkg/kubelet/kubelet_pods.go (getPhase, convertToAPIContainerStatuses) and pkg/kubelet/status/generate.go.
"""

from __future__ import annotations

from pkctl.controllers import writes
from pkctl.controllers.kubelet import addresses, containers, looks, probes
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.objects.meta import Object

FINISHED = ("Succeeded", "Failed")
LOST = "The container could not be located when the pod was terminated"


def status(look: looks.Look, *, phase: str = "", reason: str = "", message: str = "", terminating: bool = False) -> Object:
    """The whole status; a phase given is the final one."""
    old = look.pod.get("status") or {}
    new = {**old}
    new["initContainerStatuses"] = [_container(look, one, is_init=True) for one in look.inits]
    new["containerStatuses"] = sorted((_container(look, one, is_init=False) for one in look.containers), key=lambda one: str(one["name"]))
    new["ephemeralContainerStatuses"] = [_debugger(look, one) for one in look.debuggers]
    for field, given in (("initContainerStatuses", look.inits), ("ephemeralContainerStatuses", look.debuggers)):
        if not given:
            del new[field]
    known = old.get("phase") if old.get("phase") in FINISHED else ""
    new["phase"] = known or phase or _phase(look, new, terminating=terminating)
    new |= {key: text for key, text in (("reason", reason), ("message", message)) if text}
    new.setdefault("startTime", times.stamp(look.now))
    new |= _addresses(look)
    new["conditions"] = _conditions(look, new)
    if generation := meta.at(look.pod, "metadata", "generation"):
        new["observedGeneration"] = generation
    return new


def rejected(look: looks.Look, reason: str, message: str) -> Object:
    """The status of a pod that its node won't have."""
    return {
        **(look.pod.get("status") or {}),
        "phase": "Failed",
        "reason": reason,
        "message": f"Pod was rejected: {message}",
        "startTime": times.stamp(look.now),
    }


def _addresses(look: looks.Look) -> Object:
    found: Object = {}
    if host := addresses.node_ip(look.view, look.spec["nodeName"]):
        found |= {"hostIP": host, "hostIPs": [{"ip": host}]}
    if look.has_sandbox and (ip := (look.observed or {}).get("ip") or look.notes.get("ip")):
        found |= {"podIP": ip, "podIPs": [{"ip": ip}]}
    return found


def _container(look: looks.Look, container: Object, *, is_init: bool) -> Object:
    name = container["name"]
    attempts, old = look.attempts(name), look.known_status(name)
    newest = attempts[0] if attempts else None
    state = _state(look, container, newest, old, is_init=is_init)
    last = _last_state(attempts, newest, old, is_waiting="waiting" in state)
    found: Object = {
        "name": name,
        "state": state,
        "lastState": last,
        "ready": _is_ready(look, container, state, is_init=is_init),
        "restartCount": _restarts(newest, old),
        "image": newest["image"] if newest else old.get("image") or container["image"],
        "imageID": (newest or {}).get("imageID") or old.get("imageID") or "",
        "started": probes.is_started(look, container),
    }
    if newest:
        found["containerID"] = f"podman://{newest['id']}"
    elif old.get("containerID"):
        found["containerID"] = old["containerID"]
    if "running" in state:
        found |= _resources(container)
    if container.get("volumeMounts"):
        found["volumeMounts"] = [_mount(one) for one in container["volumeMounts"]]
    return found


def _debugger(look: looks.Look, container: Object) -> Object:
    """An ephemeral container's status: it is never ready, nor is it said to have started."""
    found = {**_container(look, container, is_init=False), "ready": False}
    del found["started"]
    return found


def _resources(container: Object) -> Object:
    resources = container.get("resources") or {}
    found: Object = {"resources": resources}
    if resources.get("requests"):
        found["allocatedResources"] = resources["requests"]
    return found


def _mount(mount: Object) -> Object:
    shown = {"name": mount["name"], "mountPath": mount["mountPath"]}
    return {**shown, "readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else shown


def _restarts(newest: looks.Seen | None, old: Object) -> int:
    known = int(old.get("restartCount") or 0)
    return max(known, int(newest["attempt"]) + int(newest.get("restarts") or 0)) if newest else known


def _is_ready(look: looks.Look, container: Object, state: Object, *, is_init: bool) -> bool:
    if is_init and not looks.is_sidecar(container):
        return bool(meta.at(state, "terminated") is not None and state["terminated"]["exitCode"] == 0)
    return probes.is_ready(look, container)


def _state(look: looks.Look, container: Object, newest: looks.Seen | None, old: Object, *, is_init: bool) -> Object:
    wait = look.notes.get("waits", {}).get(container["name"])
    if newest is None:
        ended = meta.at(old, "state", "terminated")
        if ended and meta.is_deleting(look.pod):
            return {"terminated": ended}
        return _waiting(wait) if wait else _waiting([_not_yet(look, is_init=is_init), ""])
    if newest["state"] == "running":
        return {"running": {"startedAt": newest["startedAt"]}}
    if newest["state"] == "created":
        return _waiting(wait or [_not_yet(look, is_init=is_init), ""])
    if wait and not meta.is_deleting(look.pod) and containers.is_restarted(look, container, newest):
        return _waiting(wait)
    return {"terminated": terminated(newest)}


def _not_yet(look: looks.Look, *, is_init: bool) -> str:
    """What a container waits for that nothing is wrong with."""
    return "PodInitializing" if look.inits and (look.has_sandbox or not is_init) else "ContainerCreating"


def _waiting(wait: list[str]) -> Object:
    return {"waiting": {"reason": wait[0], **({"message": wait[1]} if wait[1] else {})}}


def terminated(attempt: looks.Seen) -> Object:
    """How an attempt ended."""
    if attempt.get("lost"):
        reason = "ContainerStatusUnknown"
    elif attempt.get("oomKilled"):
        reason = "OOMKilled"
    else:
        reason = "Completed" if attempt["exitCode"] == 0 else "Error"
    message = attempt.get("message") or (LOST if attempt.get("lost") else "")
    return {
        "exitCode": attempt["exitCode"],
        "reason": reason,
        **({"message": message} if message else {}),
        "startedAt": attempt.get("startedAt") or None,
        "finishedAt": attempt.get("finishedAt") or None,
        "containerID": f"podman://{attempt['id']}",
    }


def _last_state(attempts: list[looks.Seen], newest: looks.Seen | None, old: Object, *, is_waiting: bool) -> Object:
    if newest is None:
        return dict(old.get("lastState") or {})
    if is_waiting and newest["state"] == "exited":
        return {"terminated": terminated(newest)}
    if len(attempts) > 1 and attempts[1]["state"] == "exited":
        return {"terminated": terminated(attempts[1])}
    if old.get("containerID") == f"podman://{newest['id']}":
        return dict(old.get("lastState") or {})
    ended = meta.at(old, "state", "terminated") or meta.at(old, "lastState", "terminated")
    return {"terminated": ended} if ended else {}


def _phase(look: looks.Look, new: Object, *, terminating: bool) -> str:
    if containers.failed_init(look):
        return "Failed"
    states = [one["state"] for one in new["containerStatuses"]]
    ended = [one["terminated"]["exitCode"] for one in states if "terminated" in one]
    crashed = [one for one in new["containerStatuses"] if "waiting" in one["state"] and one["lastState"]]
    over = len(ended) == len(states) and (terminating or containers.is_over(look))
    if over:
        sidecars = [one for one in look.inits if looks.is_sidecar(one) and look.is_running(one["name"])]
        if not sidecars:
            return "Succeeded" if not any(ended) else "Failed"
    if _pending_inits(look):
        return "Pending"
    waiting = len([one for one in states if "waiting" in one]) - len(crashed)
    return "Pending" if waiting else "Running"


def _pending_inits(look: looks.Look) -> list[str]:
    """The init containers that still have to end, or sidecars to start, before the others begin."""
    if any(look.current(one["name"]) for one in look.containers):
        return []
    pending = []
    for container in look.inits:
        attempt = look.current(container["name"])
        if looks.is_sidecar(container):
            is_through = probes.is_started(look, container)
        else:
            is_through = attempt is not None and attempt["state"] == "exited" and attempt["exitCode"] == 0
        if not is_through:
            pending.append(container["name"])
    return pending


def _conditions(look: looks.Look, new: Object) -> list[Object]:
    phase = new["phase"]
    conditions: list[Object] = list(meta.at(look.pod, "status", "conditions", default=[]))
    for kind, make in CONDITIONS.items():
        state, reason, message = make(look, new, phase)
        conditions = _with(look, conditions, kind, state, reason, message)
    if not any(one["type"] == "PodScheduled" for one in conditions):
        conditions = _with(look, conditions, "PodScheduled", True, "", "")
    return conditions


def _with(look: looks.Look, conditions: list[Object], kind: str, state: bool, reason: str, message: str) -> list[Object]:
    made = writes.condition(kind, str(state), reason, message, look.now)
    made = {key: value for key, value in made.items() if value}
    if generation := meta.at(look.pod, "metadata", "generation"):
        made["observedGeneration"] = generation
    return writes.with_condition(conditions, {"lastProbeTime": None, **made})


def _sandboxed(look: looks.Look, _new: Object, _phase: str) -> tuple[bool, str, str]:
    return look.has_sandbox, "", ""


def _initialized(look: looks.Look, _new: Object, phase: str) -> tuple[bool, str, str]:
    if phase == "Succeeded":
        return True, "PodCompleted", ""
    if pending := _pending_inits(look):
        return False, "ContainersNotInitialized", f"containers with incomplete status: [{' '.join(pending)}]"
    return True, "", ""


def _containers_ready(look: looks.Look, new: Object, phase: str) -> tuple[bool, str, str]:
    if phase in FINISHED:
        return False, "PodCompleted" if phase == "Succeeded" else "PodFailed", ""
    sidecars = {one["name"] for one in look.inits if looks.is_sidecar(one)}
    every = [one for one in new.get("initContainerStatuses", []) if one["name"] in sidecars] + new["containerStatuses"]
    unready = [one["name"] for one in every if not one["ready"]]
    if unready:
        return False, "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    return True, "", ""


def _ready(look: looks.Look, new: Object, phase: str) -> tuple[bool, str, str]:
    state, reason, message = _containers_ready(look, new, phase)
    if not state:
        return state, reason, message
    problems = []
    for gate in look.spec.get("readinessGates") or []:
        found = meta.condition(look.pod, gate["conditionType"])
        if found is None:
            problems.append(f'corresponding condition of pod readiness gate "{gate["conditionType"]}" does not exist.')
        elif found["status"] != "True":
            problems.append(f'the status of pod readiness gate "{gate["conditionType"]}" is not "True", but {found["status"]}')
    return (False, "ReadinessGatesNotReady", ", ".join(problems)) if problems else (True, "", "")


CONDITIONS: dict[str, Callable[[looks.Look, Object, str], tuple[bool, str, str]]] = {
    "PodReadyToStartContainers": _sandboxed,
    "Initialized": _initialized,
    "Ready": _ready,
    "ContainersReady": _containers_ready,
}
