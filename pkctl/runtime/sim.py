"""A simulated node: `base.Runtime` on an injected clock, driven by annotations of the pods, without processes, threads or waiting.

What a container does is data, `sim.pkctl.dev/KEY` for all containers of the pod or `sim.pkctl.dev/KEY.CONTAINER` for one:

    start-seconds       until it runs after its start (0)
    exit-seconds        until it ends by itself (init containers: 0, others: never)
    exit-code           what it ends with then (0); exit-attempts: only its first N attempts end (all)
    ready-seconds       until probes pass (0)
    stop-seconds        how long it takes to end after TERM (0); longer than the grace: killed with 137
    start-error, pull-error    "KIND: text" instead of a success; pull-attempts: only the first N pulls fail (all)
    oom                 "true": the end counts as out of memory
    log, message, cpu, memory  what it prints, its termination message, the CPU it uses and its working set

State is a function of the clock, so a year passes in one step. It lives in memory or, with a path, in a JSON file, where the next
process finds the same node.
"""

# ruff: noqa: ARG002 -- a protocol's parameters stay, also where a simulation has no use for them
from __future__ import annotations

import contextlib
import heapq
import json
import os

from pkctl import errors
from pkctl.objects import meta, quantities, times
from pkctl.runtime import images, podspec, simstreams

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.objects import sources
    from pkctl.runtime import base

    Object = dict[str, Any]

PREFIX = "sim.pkctl.dev/"
BOOT = "00000000-0000-4000-8000-000000000000"


class Sim:
    """One simulated node; `size` is its capacity."""

    def __init__(self, node: str, clock: sources.Sources, *, path: str = "", size: dict[str, str] | None = None) -> None:
        self.node, self.clock, self._path = node, clock, path
        self._size = {"cpu": "32", "memory": "256Gi", "pods": "110", "ephemeral-storage": "1Ti", **(size or {})}
        self._pods: dict[str, Object] = {}
        self._pulls: dict[str, int] = {}
        self._turns: list[float] = []
        self._version = 0
        self._stamp: tuple[int, int] | None = None
        self._states: tuple[str, list[base.PodState]] = ("", [])

    def facts(self) -> base.Facts:
        about = {"machineID": self.node, "systemUUID": self.node, "bootID": BOOT, "kernelVersion": "6.0.0-sim", "osImage": "Simulated"}
        system = {"containerRuntimeVersion": "sim://1", "operatingSystem": "linux", "architecture": "amd64"}
        version = {"kubeletVersion": "", "kubeProxyVersion": ""}
        host = {"type": "Hostname", "address": self.node}
        return {"capacity": self._size, "nodeInfo": {**about, **system, **version}, "addresses": [host], "bootID": BOOT, "missing": []}

    def pulse(self) -> str:
        self._load()
        now = self.clock.now()
        while self._turns and self._turns[0] <= now:
            heapq.heappop(self._turns)
            self._version += 1
        return str(self._version)

    def observe(self) -> list[base.PodState]:
        pulse = self.pulse()
        if self._states[0] != pulse:
            now = self.clock.now()
            self._states = (pulse, [_state(pod, now) for _, pod in sorted(self._pods.items())])
        return list(self._states[1])

    def apply(self, action: base.Action) -> Object:
        with self._saved():
            self._version += 1
            return ACTIONS[action["do"]](self, action)

    def logs(
        self,
        pod: Object,
        container: str,
        *,
        attempt: int | None = None,
        follow: bool = False,
        since: float = 0,
        stop: threading.Event | None = None,
    ) -> Iterator[tuple[str, str, bytes]]:
        row = self._row(pod, container, attempt)
        at = row["start"]
        for line in str(_said(row["acts"], "log", "")).splitlines():
            if at >= since:
                yield times.stamp(at)[:-1] + ".000000000Z", "stdout", line.encode() + b"\n"
        # Nothing more is ever printed, so there is nothing to follow.

    def exec(self, pod: Object, container: str, command: list[str], *, stdin: bool = False, tty: bool = False) -> simstreams.Played:
        if _container(self._row(pod, container), self.clock.now())["state"] != "running":
            raise errors.NodeError("RuntimeUnavailable", f"container {container} of pod {meta.name(pod)} is not running")
        return simstreams.Played(command)

    def attach(self, pod: Object, container: str, *, stdin: bool = False, tty: bool = False) -> simstreams.Played:
        return self.exec(pod, container, ["cat"], stdin=stdin, tty=tty)

    def probe(self, pod: Object, container: str, probe: Object, timeout: float) -> tuple[bool, str]:
        row, now = self._row(pod, container), self.clock.now()
        if _container(row, now)["state"] != "running":
            return False, "not running"
        due = row["start"] + _number(row["acts"], "start-seconds") + _number(row["acts"], "ready-seconds")
        return now >= due, "" if now >= due else "simulated: not ready yet"

    def dial(self, pod: Object, port: int) -> socket.socket:
        import socket

        if meta.uid(pod) not in self._pods:
            raise errors.NodeError("RuntimeUnavailable", f"pod {meta.name(pod)} has no network on this node")
        near, far = socket.socketpair()
        with far:
            far.sendall(f"{meta.name(pod)}:{port}\n".encode())
        return near

    def stats(self) -> list[Object]:
        self._load()
        now, rows = self.clock.now(), []
        for uid, pod in sorted(self._pods.items()):
            for row in pod["containers"]:
                if _container(row, now)["state"] == "running":
                    cpu = quantities.milli(_said(row["acts"], "cpu", "0")) / 1000 * (now - row["start"])
                    used = quantities.value(_said(row["acts"], "memory", "0"))
                    rows.append({"uid": uid, "container": row["name"], "cpu": cpu, "memory": used, "at": now})
        total = {"cpu": sum(row["cpu"] for row in rows), "memory": sum(row["memory"] for row in rows)}
        return [*rows, {"uid": "", "container": "", "at": now, **total}]

    def images(self) -> list[Object]:
        return [{"names": [name], "sizeBytes": 1000000, "id": _image(name)} for name in sorted(self._pulls)]

    def orphans(self) -> list[Object]:
        return []

    def clean(self, orphan: Object) -> None:
        pass

    def close(self) -> None:
        pass

    def kill(self, uid: str, container: str, code: int = 137) -> None:
        """For tests: end a container from outside."""
        with self._saved():
            row = next(row for row in self._pods[uid]["containers"] if row["name"] == container)
            row["stopped"], row["code"], self._version = self.clock.now(), code, self._version + 1

    def reboot(self) -> None:
        """For tests: every sandbox is gone, what ran has ended with 255."""
        with self._saved():
            for pod in self._pods.values():
                pod["sandbox"] = "gone"
                for row in pod["containers"]:
                    if _container(row, self.clock.now())["state"] != "exited":
                        row["stopped"], row["code"] = self.clock.now(), 255
            self._version += 1

    # --- actions

    def _make_sandbox(self, action: Object) -> Object:
        pod = self._pods.setdefault(meta.uid(action["pod"]), {"containers": []})
        about = {"uid": meta.uid(action["pod"]), "namespace": meta.namespace(action["pod"]), "name": meta.name(action["pod"])}
        pod.update(about, ip=action.get("ip", ""), sandbox="ready")
        return {"ip": pod["ip"]}

    def _pull(self, action: Object) -> Object:
        name, acts = action["image"], _acts(action["pod"], "")
        images.check(name)
        if action.get("policy") == "Never" and name not in self._pulls:
            raise errors.NodeError("ErrImageNeverPull", f'Container image "{name}" is not present with pull policy of Never')
        count = self._pulls[name] = self._pulls.get(name, 0) + 1
        if "pull-error" in acts and count <= _number(acts, "pull-attempts", float("inf")):
            raise _refused(acts["pull-error"], "ErrImagePull")
        return {"imageID": _image(name), "pulled": count == 1 or action.get("policy") == "Always"}

    def _start(self, action: Object) -> Object:
        pod, name, attempt = action["pod"], action["container"], action["attempt"]
        rows = self._pods.setdefault(meta.uid(pod), {"containers": []})["containers"]
        for row in rows:
            if row["name"] == name and row["attempt"] == attempt:
                return {"id": row["id"]}
        acts, spec = _acts(pod, name), podspec.container_of(pod, name)
        if _is_init(pod, spec):
            acts.setdefault("exit-seconds", "0")
        row = {"name": name, "attempt": attempt, "image": spec["image"], "acts": acts, "restart": action.get("restart", "no")}
        row |= {"id": _id(meta.uid(pod), name, attempt), "start": self.clock.now()}
        rows.insert(0, row)
        if "start-error" in acts:
            row.update(stopped=self.clock.now(), code=128)
            raise _refused(acts["start-error"], "RunContainerError")
        self._expect(row)
        return {"id": row["id"]}

    def _expect(self, row: Object) -> None:
        """Note when the container will change by itself."""
        begun = row["start"] + _number(row["acts"], "start-seconds")
        for turn in (begun, begun + _number(row["acts"], "ready-seconds"), _ending(row)[0]):
            if self.clock.now() < turn < float("inf"):
                heapq.heappush(self._turns, turn)

    def _stop(self, action: Object) -> Object:
        now, grace = self.clock.now(), float(action.get("grace") or 0)
        for row in self._pods.get(meta.uid(action["pod"]), {}).get("containers", ()):
            if row["id"] == action["id"] and _container(row, now)["state"] != "exited":
                needed = _number(row["acts"], "stop-seconds")
                row["stopped"], row["code"] = now + min(needed, grace), 0 if needed <= grace and grace else 137
                heapq.heappush(self._turns, row["stopped"])
        return {}

    def _drop(self, action: Object) -> Object:
        pod = self._pods.get(meta.uid(action["pod"]), {"containers": []})
        pod["containers"] = [row for row in pod["containers"] if row["id"] != action["id"]]
        return {}

    def _remove(self, action: Object) -> Object:
        self._pods.pop(meta.uid(action["pod"]), None)
        return {}

    def _hook(self, action: Object) -> Object:
        return {"passed": True, "output": ""}

    def _probe(self, action: Object) -> Object:
        passed, output = self.probe(action["pod"], action["container"], action["probe"], action.get("timeout", 1))
        return {"passed": passed, "output": output}

    def _nothing(self, action: Object) -> Object:
        return {}

    # --- memory

    def _row(self, pod: Object, container: str, attempt: int | None = None) -> Object:
        self._load()
        for row in self._pods.get(meta.uid(pod), {"containers": ()})["containers"]:
            if row["name"] == container and attempt in (None, row["attempt"]):
                return dict(row)
        raise errors.NodeError("RuntimeUnavailable", f"container {container} of pod {meta.name(pod)} has not been started")

    @contextlib.contextmanager
    def _saved(self) -> Iterator[None]:
        """Change the state: with a path, alone and on what the file says now."""
        if not self._path:
            yield
            return
        import fcntl

        with open(self._path + ".lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._load()
            try:
                yield
            finally:
                self._save()

    def _load(self) -> None:
        if not self._path or not os.path.exists(self._path):
            return
        found = os.stat(self._path)
        if (found.st_mtime_ns, found.st_ino) == self._stamp:
            return
        with open(self._path) as file:
            state = json.load(file)
        self._pods, self._pulls, self._turns = state["pods"], state["pulls"], state["turns"]
        self._version, self._stamp = state["version"], (found.st_mtime_ns, found.st_ino)

    def _save(self) -> None:
        state = {"pods": self._pods, "pulls": self._pulls, "turns": self._turns, "version": self._version}
        with open(f"{self._path}.new", "w") as file:
            json.dump(state, file)
        os.replace(f"{self._path}.new", self._path)
        found = os.stat(self._path)
        self._stamp = (found.st_mtime_ns, found.st_ino)


ACTIONS: dict[str, Callable[[Sim, Object], Object]] = {
    "sandbox": Sim._make_sandbox,
    "volume": Sim._nothing,
    "pull": Sim._pull,
    "start": Sim._start,
    "stop": Sim._stop,
    "hook": Sim._hook,
    "probe": Sim._probe,
    "drop": Sim._drop,
    "remove": Sim._remove,
    "remove-disk": Sim._nothing,
}


def _state(pod: Object, now: float) -> base.PodState:
    rows = sorted((_container(row, now) for row in pod["containers"]), key=lambda row: (row["name"], -row["attempt"]))
    about = {key: pod.get(key, "") for key in ("uid", "namespace", "name", "ip")}
    return {**about, "sandbox": pod.get("sandbox", "gone"), "containers": rows}


def _container(row: Object, now: float) -> Object:
    """A container row of a PodState at one moment."""
    begun = row["start"] + _number(row["acts"], "start-seconds")
    ended, code, restarts = _ending(row, now)
    state = "created" if now < begun else "running" if now < ended else "exited"
    over = state == "exited"
    failed = {"reason": "StartError"} if over and "start-error" in row["acts"] else {}
    return {
        "name": row["name"],
        "attempt": row["attempt"],
        "id": row["id"],
        "image": row["image"],
        "imageID": _image(row["image"]),
        "state": state,
        "pid": 1 + int(row["id"][:6], 16) if state == "running" else 0,
        "startedAt": "" if state == "created" else times.stamp(begun),
        "finishedAt": times.stamp(ended) if over else "",
        "exitCode": code if over else 0,
        "oomKilled": over and _said(row["acts"], "oom", "") == "true",
        "restarts": restarts,
        "message": _said(row["acts"], "start-error" if failed else "message", "") if over else "",
        **failed,
    }


def _ending(row: Object, now: float = float("inf")) -> tuple[float, int, int]:
    """When it ends (inf: never), with what, and how often Podman has restarted it by then."""
    if "stopped" in row:
        return row["stopped"], row["code"], 0
    acts = row["acts"]
    lasts = _number(acts, "exit-seconds", float("inf"))
    if row["attempt"] >= _number(acts, "exit-attempts", float("inf")):
        lasts = float("inf")
    begun, code = row["start"] + _number(acts, "start-seconds"), int(_number(acts, "exit-code"))
    policy, _, tries = row["restart"].partition(":")
    bounded = policy == "on-failure" and code and lasts < float("inf")
    allowed = int(tries or 0) if bounded else 0
    done = int(min(allowed, max(0, now - begun) // lasts)) if allowed and lasts else allowed
    return begun + lasts * (allowed + 1), code, done


def _acts(pod: Object, container: str) -> Object:
    """The annotations that concern one container, without their prefix; its own win over the pod's."""
    found = {key[len(PREFIX) :]: value for key, value in meta.annotations(pod).items() if key.startswith(PREFIX)}
    own = {key.partition(".")[0]: value for key, value in found.items() if container and key.partition(".")[2] == container}
    return {**{key: value for key, value in found.items() if "." not in key}, **own}


def _said(acts: Object, key: str, default: Any) -> Any:
    return acts.get(key, default)


def _number(acts: Object, key: str, default: float = 0) -> float:
    return float(acts.get(key, default))


def _is_init(pod: Object, container: Object) -> bool:
    names = {one["name"] for one in pod["spec"].get("initContainers") or () if one.get("restartPolicy") != "Always"}
    return container["name"] in names


def _refused(text: str, kind: str) -> errors.NodeError:
    head, colon, rest = text.partition(": ")
    return errors.NodeError(head, rest) if colon and head.isalpha() and head[:1].isupper() else errors.NodeError(kind, text)


def _id(*words: Any) -> str:
    import hashlib

    return hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()


def _image(name: str) -> str:
    return f"sha256:{_id(name)}"
