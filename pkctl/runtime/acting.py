"""Carrying out one action on a Podman node. Each may be done twice, also after being killed half way, with the same end."""

from __future__ import annotations

import contextlib
import json
import shlex
import time

from pkctl import errors
from pkctl.objects import meta, times
from pkctl.runtime import libpod, observing, podsecurity, podspec, sandbox, volumes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.runtime import host

    Object = dict[str, Any]

TURNS = 6
"""How often a removal is tried."""

MINIMUM_GRACE = 2
"""Seconds that a container keeps for TERM after a long preStop, as the kubelet has it."""


def make_sandbox(node: host.Host, action: Object) -> Object:
    with _as("CreatePodSandboxError"):
        node.reach.shell(sandbox.create(action["pod"], action, node.place))
    return {"ip": action.get("ip", "")}


def make_volume(node: host.Host, action: Object) -> Object:
    with _as("CreateContainerConfigError"):
        node.reach.shell(volumes.prepare(action, node.place))
    return {}


def pull(node: host.Host, action: Object) -> Object:
    from pkctl.runtime import images

    return images.pull(node, action)


def start(node: host.Host, action: Object) -> Object:
    """Create the attempt's container unless it exists, and start it; older attempts that still run are ended first."""
    pod, place = action["pod"], node.place
    container = podspec.container_of(pod, action["container"])
    name = place.container(pod["metadata"]["uid"], container["name"], action["attempt"])
    found = _inspect(node, name)
    if found is None:
        if action["attempt"]:
            _end_older(node, action)
        found = _create(node, action, container, name)
    if found["State"]["Status"] in ("created", "configured", "initialized"):
        _run(node, action, container, found["Id"])
    return {"id": found["Id"]}


def _create(node: host.Host, action: Object, container: Object, name: str) -> Object:
    pod, place = action["pod"], node.place
    _check_user(node, pod, container)
    boot = _make_folder(node, action, container)
    body = podspec.create(pod, container, action, place, systemd=node.settings()["systemd"])
    body["labels"]["pkctl.boot"] = boot
    try:
        made = node.api.post("/containers/create", body)
    except libpod.Refused as error:
        if "already in use" not in error.message:
            raise errors.NodeError("CreateContainerError", error.message) from None
        # A Podman killed while creating leaves the name taken in the store alone.
        delete(node, name)
        with _as("CreateContainerError"):
            made = node.api.post("/containers/create", body)
    return {"Id": made["Id"], "State": {"Status": "created"}}


def _run(node: host.Host, action: Object, container: Object, id: str) -> None:
    try:
        node.api.post(f"/containers/{id}/start", timeout=120)
    except libpod.Refused as error:
        delete(node, id)
        _note_failure(node, action, container, id, error.message)
        raise errors.NodeError("RunContainerError", error.message) from None


def _check_user(node: host.Host, pod: Object, container: Object) -> None:
    if not podsecurity.effective(pod, container).get("runAsNonRoot"):
        return
    from pkctl.runtime import images

    user = images.user(node, container["image"])
    if text := podsecurity.refusal(pod, container, user):
        raise errors.NodeError("CreateContainerConfigError", text)


def _make_folder(node: host.Host, action: Object, container: Object) -> str:
    """The attempt's folder, and the boot id that its container starts under."""
    pod = action["pod"]
    folder = node.place.attempt(pod["metadata"]["uid"], container["name"], action["attempt"])
    inner = volumes.subpaths(pod, container, dict(action.get("env") or ()), node.place)
    script = f"set -e; umask 022; mkdir -p {folder}; umask 0; : >>{folder}/termination-log; umask 022; {inner}"
    with _as("CreateContainerConfigError"):
        return node.reach.shell(f"{script}\nread -r boot </proc/sys/kernel/random/boot_id; echo $boot").decode().split()[-1]


def _note_failure(node: host.Host, action: Object, container: Object, id: str, message: str) -> None:
    uid, name, attempt = action["pod"]["metadata"]["uid"], container["name"], action["attempt"]
    now = times.stamp(time.time())
    record = observing.failure(uid, name, attempt, image=container["image"], message=message, now=now, id=id)
    file = f"{node.place.pod(uid)}/failed/{id}"
    write = f"printf '%s\\n' {shlex.quote(json.dumps(record))} >{file}.tmp && mv {file}.tmp {file}.json"
    node.reach.shell(f"mkdir -p {node.place.pod(uid)}/failed; {write} && touch {node.place.home}/pods")


def _end_older(node: host.Host, action: Object) -> None:
    rows = _containers(node, action["pod"]["metadata"]["uid"], f"pkctl.container={action['container']}")
    for row in rows:
        if int(row["Labels"]["pkctl.attempt"]) < action["attempt"] and row["State"] in ("running", "paused"):
            _stop(node, row["Id"], 0)


def stop(node: host.Host, action: Object) -> Object:
    """The preStop hook, then TERM, then KILL when the grace is over."""
    grace = max(0, int(action.get("grace") or 0))
    found = _inspect(node, action["id"])
    if found is None or not found["State"]["Running"]:
        # Whoever told it to stop may have left; else stopping tells Podman not to restart it by itself.
        is_stopping = found is not None and found["State"]["Status"] == "stopping"
        _stop(node, action["id"], grace if is_stopping else 0)
        return {}
    before = time.monotonic()
    if grace:
        with contextlib.suppress(errors.NodeError, KeyError):
            container = podspec.container_of(action["pod"], found["Config"]["Labels"]["pkctl.container"])
            _handle(node, action["pod"], container["name"], meta.at(container, "lifecycle", "preStop") or {}, grace)
        grace = max(MINIMUM_GRACE, grace - int(time.monotonic() - before)) if time.monotonic() - before >= 1 else grace
    _stop(node, action["id"], grace)
    return {}


def hook(node: host.Host, action: Object) -> Object:
    """Run a lifecycle handler now; {"passed", "output"}."""
    passed, output = _handle(node, action["pod"], action["container"], action["handler"], action.get("timeout", 30))
    return {"passed": passed, "output": output}


def _handle(node: host.Host, pod: Object, container: str, handler: Object, timeout: float) -> tuple[bool, str]:
    if "sleep" in handler:
        time.sleep(min(timeout, handler["sleep"]["seconds"]))
    if any(kind in handler for kind in ("exec", "httpGet", "tcpSocket")):
        return node.probe(pod, container, handler, timeout)
    return True, ""


def probe(node: host.Host, action: Object) -> Object:
    passed, output = node.probe(action["pod"], action["container"], action["probe"], action.get("timeout", 1))
    return {"passed": passed, "output": output}


def drop(node: host.Host, action: Object) -> Object:
    found, uid, id = _inspect(node, action["id"]), action["pod"]["metadata"]["uid"], action["id"]
    failed = f"{node.place.pod(uid)}/failed/{id}.json"
    if found is None:
        node.reach.shell(f"rm -f {failed}; touch -c {node.place.home}/pods")
        return {}
    labels = found["Config"]["Labels"]
    delete(node, id)
    node.reach.shell(f"rm -rf {node.place.attempt(uid, labels['pkctl.container'], int(labels['pkctl.attempt']))}")
    return {}


def remove(node: host.Host, action: Object) -> Object:
    """Everything of the pod; containers that still run get the grace all at once."""
    uid, grace = action["pod"]["metadata"]["uid"], int(action.get("grace") or 0)
    rows = _containers(node, uid)
    jobs: list[Callable[[], object]] = [lambda row=row: _end(node, action["pod"], row, grace) for row in rows]  # type: ignore[misc]
    _together(jobs)
    node.reach.shell(sandbox.remove(uid, node.place), timeout=60)
    return {}


def _end(node: host.Host, pod: Object, row: Object, grace: int) -> None:
    if grace and row["State"] == "running":
        stop(node, {"pod": pod, "id": row["Id"], "grace": grace})
    delete(node, row["Id"])


def remove_disk(node: host.Host, action: Object) -> Object:
    home = node.place.home
    node.reach.shell(
        f"rm -rf {shlex.quote(node.place.disk(action['name']))}; rmdir {home}/disks 2>/dev/null && rmdir {home} 2>/dev/null; :"
    )
    return {}


def _containers(node: host.Host, uid: str, *labels: str) -> list[Object]:
    wanted = [f"pkctl.cluster={node.place.cluster}", f"pkctl.uid={uid}", *labels]
    return node.api.get("/containers/json", all=True, filters={"label": wanted}) or []


def _inspect(node: host.Host, name: str) -> Object | None:
    try:
        found: Object = node.api.get(f"/containers/{name}/json")
    except libpod.Refused as error:
        if error.status == 404:
            return None
        raise
    return found


def _stop(node: host.Host, id: str, grace: int) -> None:
    try:
        node.api.post(f"/containers/{id}/stop", timeout=grace + 30, timeout_=grace)
    except libpod.Refused as error:
        if error.status not in (304, 404) and "improper" not in error.message:
            raise


def delete(node: host.Host, id: str) -> None:
    """Remove a container whatever its state; one that is gone already is as good."""
    for turn in range(TURNS):
        try:
            node.api.delete(f"/containers/{id}", timeout=60, force=True, timeout_=0, v=True)
            return
        except libpod.Refused as error:
            if error.status == 404:
                return
            # A container that ends at this very moment is "improper" for an instant, and Podman refuses to remove it.
            if turn == TURNS - 1 or "improper" not in error.message:
                raise
        time.sleep(0.05 * (turn + 1))


def _together(jobs: list[Callable[[], object]]) -> None:
    """Run a few jobs at the same time; the first error is raised when all have ended."""
    if len(jobs) < 2:
        for job in jobs:
            job()
        return
    from concurrent import futures

    with futures.ThreadPoolExecutor(min(4, len(jobs))) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


@contextlib.contextmanager
def _as(kind: str) -> Any:
    """What a script or Podman complains of, under the kubelet's word; an unreachable node stays that."""
    try:
        yield
    except errors.NodeError as error:
        raise errors.NodeError(kind if error.kind == "RuntimeUnavailable" else error.kind, error.message) from None


ACTIONS: dict[str, Callable[[host.Host, Object], Object]] = {
    "sandbox": make_sandbox,
    "volume": make_volume,
    "pull": pull,
    "start": start,
    "stop": stop,
    "hook": hook,
    "probe": probe,
    "drop": drop,
    "remove": remove,
    "remove-disk": remove_disk,
}
