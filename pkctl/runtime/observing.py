"""What Podman says about our containers, as PodStates: pure translation, and what must be asked again.

Listing is cheap, inspecting is not, so an inspection is kept for as long as the listed row stays the same.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

STATES = {"running": "running", "paused": "running", "stopping": "running", "exited": "exited", "stopped": "exited", "removing": "exited"}
LOST = 255
"""The exit code of a container whose node rebooted under it, as containerd has it."""
FRESH = 10.0


def fingerprint(row: Object) -> str:
    """Changes whenever a listed container may need another inspection."""
    return f"{row['State']} {row['Pid']} {row['StartedAt']} {row['ExitedAt']} {row['ExitCode']}"


def container(found: Object, boot: str) -> Object:
    """A container row of a PodState, from an inspection; `boot` is the node's present boot id."""
    state, labels = found["State"], found["Config"]["Labels"]
    status = STATES.get(state["Status"], "created")
    row: Object = {
        "name": labels["pkctl.container"],
        "attempt": int(labels["pkctl.attempt"]),
        "id": found["Id"],
        "image": found["ImageName"],
        "imageID": found["Image"],
        "state": status,
        "pid": state["Pid"] if status == "running" else 0,
        "startedAt": _time(state["StartedAt"]),
        "finishedAt": _time(state["FinishedAt"]) if status == "exited" else "",
        "exitCode": state["ExitCode"] if status == "exited" else 0,
        "oomKilled": bool(state.get("OOMKilled")),
        "restarts": found.get("RestartCount", 0),
        "message": "",
    }
    if status != "exited" and labels.get("pkctl.boot", boot) != boot:
        return {**row, "state": "exited", "pid": 0, "exitCode": LOST, "finishedAt": row["startedAt"]}
    return row


def pods(inspected: list[Object], failed: list[Object], boxes: dict[str, Object]) -> list[Object]:
    """PodStates from what `keep` made of the containers, the records of failed starts and the sandboxes."""
    states: dict[str, Object] = {uid: _pod(uid, box["namespace"], box["name"], box) for uid, box in boxes.items()}
    for kept in inspected:
        uid = kept["uid"]
        pod = states.setdefault(uid, _pod(uid, kept["namespace"], kept["pod"], None))
        pod["containers"].append(kept["row"])
    for record in failed:
        if record["uid"] in states:
            states[record["uid"]]["containers"].append(record["container"])
    for pod in states.values():
        pod["containers"].sort(key=lambda row: (row["name"], -row["attempt"]))
    return [states[uid] for uid in sorted(states)]


def keep(found: Object, mark: str, boot: str) -> Object:
    """What is remembered of an inspection."""
    labels = found["Config"]["Labels"]
    return {
        "fingerprint": mark,
        "uid": labels["pkctl.uid"],
        "namespace": labels["pkctl.namespace"],
        "pod": labels["pkctl.pod"],
        "bounded": _pending(found),
        "row": container(found, boot),
    }


def hot_until(kept: list[Object]) -> float:
    """Until when a container may change without leaving a mark: it was just created, or Podman is about to restart it."""
    return max((one["at"] + FRESH for one in kept if one["bounded"] or one["row"]["state"] == "created"), default=0)


def pids(kept: list[Object]) -> tuple[int, ...]:
    """The processes whose end must not be missed."""
    return tuple(one["row"]["pid"] for one in kept if one["row"]["pid"])


def failure(uid: str, container: str, attempt: int, *, image: str, message: str, now: str, id: str) -> Object:
    """The record of a start that failed, as the CRI shows it: ended at once with 128."""
    row = {
        "name": container,
        "attempt": attempt,
        "id": id,
        "image": image,
        "imageID": "",
        "state": "exited",
        "pid": 0,
        "startedAt": now,
        "finishedAt": now,
        "exitCode": 128,
        "oomKilled": False,
        "restarts": 0,
        "message": message,
        "reason": "StartError",
    }
    return {"uid": uid, "container": row}


def last_lines(raw: bytes) -> str:
    """The end of a log for a termination message: 80 lines and 2048 bytes at most, without the log's own marks."""
    lines = [line.split(b" ", 3)[-1] for line in raw.splitlines()[-80:]]
    return b"\n".join(lines)[-2048:].decode(errors="replace")


def _pending(found: Object) -> bool:
    policy = found.get("HostConfig", {}).get("RestartPolicy", {})
    name, state = policy.get("Name"), found["State"]
    if name not in ("always", "on-failure") or STATES.get(state["Status"]) != "exited":
        return False
    if name == "on-failure" and state["ExitCode"] == 0:
        return False
    return not policy.get("MaximumRetryCount") or found.get("RestartCount", 0) < policy["MaximumRetryCount"]


def _pod(uid: str, namespace: str, name: str, box: Object | None) -> Object:
    return {
        "uid": uid,
        "namespace": namespace,
        "name": name,
        "sandbox": "ready" if box and box["ready"] else "gone",
        "ip": box["ip"] if box else "",
        "containers": [],
    }


def _time(text: str) -> str:
    """Podman writes a local offset; Kubernetes' status has UTC and whole seconds."""
    if text.startswith("0001"):
        return ""
    import datetime

    head, _, tail = text.partition(".")
    offset = tail.lstrip("0123456789") if tail else ""
    moment = datetime.datetime.fromisoformat(head if not tail else head + (offset.replace("Z", "+00:00") or "+00:00"))
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
