"""Which of a pod's containers to start and which to stop, in which order.

Follows pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodActions, SyncPod, doBackOff, killContainersWithSyncResult) and
kuberuntime_container.go. Kept under "crashes" and "starts": back-offs by container; under "doomed": attempts that were stopped to be
started anew; under "badhooks": attempts whose postStart failed; as "stuck": the back-off of stopping.
"""

from __future__ import annotations

from pkctl.controllers.kubelet import addresses, backoff, env, images, looks, probes, volumes
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

BRIDGE = "on-failure:3"
"""Podman's own restarts while nobody of us is running."""

DEFAULT_GRACE = 30


def run(look: looks.Look) -> None:
    """Ask for what is to be done next for a pod that is to run."""
    for container in [*look.inits, *look.containers]:
        _check(look, container)
    wanted = _to_start(look)
    if wanted and _ensure_sandbox(look) and volumes.prepare(look):
        for container in wanted:
            _start(look, container)
    elif not wanted and look.has_sandbox:
        volumes.prepare(look)
    for container in [*look.inits, *look.containers]:
        probes.due(look, container)


def _check(look: looks.Look, container: Object) -> None:
    """A running container: its hook if that is still to come, or its end if a probe or hook demands it."""
    attempt = look.current(container["name"])
    if attempt is None or attempt["state"] != "running":
        return
    name, failed = container["name"], probes.verdict(look, container)
    if look.notes.get("badhooks", {}).get(name) == attempt["id"]:
        _doom(look, container, attempt, "FailedPostStartHook", None)
    elif failed:
        end = ", will be restarted" if policy(look, container) != "Never" else ""
        _doom(look, container, attempt, f"Container {name} failed {failed} probe{end}", container[f"{failed}Probe"])
    elif not probes.is_hooked(look, container):
        handler = probes.numbered(container, container["lifecycle"]["postStart"])
        look.do("hook", container=name, id=attempt["id"], handler=handler)
    _note_bridged(look, name, attempt)


def _doom(look: looks.Look, container: Object, attempt: looks.Seen, message: str, probe: Object | None) -> None:
    name = container["name"]
    if look.kept("doomed").get(name) != attempt["id"]:
        look.kept("doomed")[name] = attempt["id"]
        look.say("Normal", "Killing", message, name)
    look.do("stop", id=attempt["id"], container=name, grace=int((probe or {}).get("terminationGracePeriodSeconds") or grace(look)))


def _note_bridged(look: looks.Look, name: str, attempt: looks.Seen) -> None:
    """Restarts that Podman did by itself are told as if we had done them."""
    known = look.kept("bridged").get(name) or ["", 0]
    before = known[1] if known[0] == attempt["id"] else 0
    if attempt.get("restarts", 0) != before:
        look.kept("bridged")[name] = [attempt["id"], attempt.get("restarts", 0)]
        if attempt.get("restarts", 0) > before:
            look.say("Warning", "BackOff", f"Back-off restarting failed container {name} in pod {looks.full_name(look.pod)}", name)
            look.say("Normal", "Started", "Container started", name)


def grace(look: looks.Look) -> int:
    """The pod's own termination grace period."""
    return int(look.spec.get("terminationGracePeriodSeconds", DEFAULT_GRACE))


def policy(look: looks.Look, container: Object) -> str:
    """The restart policy that holds for one container."""
    own = container.get("restartPolicy")
    if own:
        return str(own)
    if any(one is container for one in look.debuggers):
        return "Never"
    pods = str(look.spec.get("restartPolicy") or "Always")
    is_init = any(one is container for one in look.inits)
    return "OnFailure" if is_init and pods == "Always" else pods


def is_restarted(look: looks.Look, container: Object, attempt: looks.Seen) -> bool:
    """Whether a container that ended as `attempt` is started again."""
    rule = policy(look, container)
    for one in container.get("restartPolicyRules") or []:
        codes = one.get("exitCodes") or {}
        if (attempt["exitCode"] in (codes.get("values") or [])) == (codes.get("operator") == "In"):
            return bool(one.get("action") == "Restart")
    if rule == "Never":
        return False
    if rule == "Always":
        return True
    doomed = look.notes.get("doomed", {}).get(container["name"]) == attempt["id"]
    return bool(doomed or attempt["exitCode"] != 0)


def is_done(look: looks.Look, container: Object) -> bool:
    """Whether a container has ended for good."""
    attempt = look.newest(container["name"])
    return attempt is not None and attempt["state"] == "exited" and not is_restarted(look, container, attempt)


def is_over(look: looks.Look) -> bool:
    """Whether no ordinary container will run any more, or an init container has failed for good."""
    return failed_init(look) or (bool(look.containers) and all(is_done(look, one) for one in look.containers))


def failed_init(look: looks.Look) -> bool:
    """Whether an init container failed and is not tried again."""
    for container in look.inits:
        attempt = look.newest(container["name"])
        if not looks.is_sidecar(container) and attempt and attempt["exitCode"] != 0 and is_done(look, container):
            return True
    return False


def _to_start(look: looks.Look) -> list[Object]:
    """The containers that should run and don't, as far as their turn has come."""
    wanted = [one for one in look.debuggers if _wants_start(look, one)]
    begun = any(look.current(one["name"]) for one in look.containers)
    for container in look.inits:
        attempt = look.current(container["name"])
        if looks.is_sidecar(container):
            if attempt is None or attempt["state"] != "running":
                wanted.append(container)
            if not begun and not probes.is_started(look, container):
                return wanted
        elif not begun and (attempt is None or attempt["state"] != "exited" or attempt["exitCode"] != 0):
            return wanted if attempt and attempt["state"] == "running" else [*wanted, container]
    return wanted + [one for one in look.containers if _wants_start(look, one)]


def _wants_start(look: looks.Look, container: Object) -> bool:
    attempt = look.newest(container["name"])
    if attempt is None or attempt["state"] == "created":
        return True
    if attempt["state"] == "running":
        return False
    return is_restarted(look, container, attempt)


def _ensure_sandbox(look: looks.Look) -> bool:
    """Whether containers can be started after the actions asked for so far."""
    if look.has_sandbox:
        return True
    wait = backoff.left(look.notes.get("sandbox"), look.now)
    if wait > 0:
        look.later(wait)
        return False
    ip = _address(look)
    if ip is None:
        return False
    attempts = (look.observed or {}).get("containers") or []
    if attempts or look.observed is not None:
        look.say("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
    for attempt in attempts:
        floor = look.kept("floor")
        floor[attempt["name"]] = max(floor.get(attempt["name"], -1), attempt["attempt"])
    look.notes.pop("volumes", None)
    look.do("sandbox", ip=ip, hosts=addresses.hosts(look, ip), resolv=addresses.resolv(look))
    return True


def _address(look: looks.Look) -> str | None:
    """The pod's IP, given it now if it has none; None when there is none to give."""
    node = look.spec["nodeName"]
    look.notes["node"] = node
    if look.spec.get("hostNetwork"):
        look.notes["ip"] = addresses.node_ip(look.view, node)
    if look.notes.get("ip"):
        return str(look.notes["ip"])
    cidr = meta.at(look.view.get("nodes", "", node) or {}, "spec", "podCIDR")
    taken = look.view.notes(addresses.note(node))
    ip = addresses.lowest_free(cidr, taken) if cidr else None
    if ip is None:
        problem = "no free IP addresses in the node's pod CIDR" if cidr else "the node has no pod CIDR yet"
        look.say_once("sandbox", "Warning", "FailedCreatePodSandBox", f"Failed to create pod sandbox: {problem}")
        look.later(volumes.AGAIN_AFTER)
        return None
    look.notes["ip"] = ip
    return ip


def _start(look: looks.Look, container: Object) -> None:
    name = container["name"]
    previous = look.newest(name)
    if not _is_time(look, container, previous):
        return
    try:
        known = env.environment(look.view, _addressed(look), container)
    except env.Missing as missing:
        look.kept("waits")[name] = ["CreateContainerConfigError", str(missing)]
        look.say_once(f"env/{name}", "Warning", "Failed", f"Error: {missing}", name)
        look.later(volumes.AGAIN_AFTER)
        return
    target = _target(look, container)
    if target == 0 or not images.ask(look, container):
        return
    if previous is not None and previous["state"] == "exited":
        ended = _ended(look, previous)
        look.kept("crashes")[name] = backoff.next_entry(look.kept("crashes").get(name), ended, look.now)
    for old in look.attempts(name)[1:]:
        look.do("drop", id=old["id"])
    look.do(
        "start",
        container=name,
        attempt=_next_attempt(look, name, previous),
        env=[[key, value] for key, value in known.items()],
        command=env.expanded(container.get("command"), known),
        args=env.expanded(container.get("args"), known),
        restart=BRIDGE if look.bridging and policy(look, container) != "Never" else "no",
        **({"target": target} if target else {}),
    )


def _target(look: looks.Look, container: Object) -> int | None:
    """The process whose pid namespace a debugger joins: None when it asks for none, 0 while its target does not run."""
    name = container.get("targetContainerName")
    if not name:
        return None
    running = look.current(name) if look.is_running(name) else None
    if running is None:
        problem = f'unable to find target container "{name}"'
        look.kept("waits")[container["name"]] = ["CreateContainerError", problem]
        look.say_once(f"target/{container['name']}", "Warning", "Failed", f"Error: {problem}", container["name"])
        look.later(volumes.AGAIN_AFTER)
        return 0
    return int(running["pid"])


def _is_time(look: looks.Look, container: Object, previous: looks.Seen | None) -> bool:
    name = container["name"]
    failed = look.kept("starts").get(name)
    wait = backoff.left(failed, look.now) if failed else 0.0
    if wait > 0:
        look.later(wait)
        return False
    if previous is None or previous["state"] != "exited" or previous.get("lost"):
        return True
    entry = look.kept("crashes").get(name)
    wait = backoff.left_since(entry, _ended(look, previous), look.now)
    if wait <= 0 or entry is None:
        return True
    full, delay = looks.full_name(look.pod), backoff.shown(entry["delay"])
    look.kept("waits")[name] = ["CrashLoopBackOff", f"back-off {delay} restarting failed container={name} pod={full}"]
    if look.kept("said").get(f"crash/{name}") != previous["id"]:
        look.kept("said")[f"crash/{name}"] = previous["id"]
        look.say("Warning", "BackOff", f"Back-off restarting failed container {name} in pod {full}", name)
    look.later(wait)
    return False


def _ended(look: looks.Look, attempt: looks.Seen) -> float:
    return times.parse(attempt["finishedAt"]) if attempt.get("finishedAt") else look.now


def _next_attempt(look: looks.Look, name: str, previous: looks.Seen | None) -> int:
    if previous is not None:
        return int(previous["attempt"]) + int(previous.get("restarts") or 0) + 1
    known = look.known_status(name)
    return int(known.get("restartCount") or 0) + 1 if known.get("containerID") else 0


def _addressed(look: looks.Look) -> Object:
    """The pod as the downward API shows it: with its addresses, which its status may not have yet."""
    ip, host = look.notes.get("ip", ""), addresses.node_ip(look.view, look.spec["nodeName"])
    status: dict[str, Any] = {**(look.pod.get("status") or {}), "podIP": ip, "podIPs": [{"ip": ip}]}
    return {**look.pod, "status": {**status, "hostIP": host, "hostIPs": [{"ip": host}]}}


def stop_all(look: looks.Look, seconds: int) -> bool:
    """Ask every running container to stop, sidecars after the others and in reverse order; False when none runs."""
    if is_stuck(look):
        return True
    ordinary = [
        one for one in [*look.containers, *look.debuggers, *look.inits] if not looks.is_sidecar(one) and look.is_running(one["name"])
    ]
    sidecars = [one for one in reversed(look.inits) if looks.is_sidecar(one) and look.is_running(one["name"])]
    for container in ordinary + sidecars:
        attempt = look.current(container["name"])
        assert attempt is not None
        name = container["name"]
        look.say_once(f"stop/{name}", "Normal", "Killing", f"Stopping container {name}", name)
        look.do("stop", id=attempt["id"], container=name, grace=seconds)
    return bool(ordinary or sidecars)


def is_stuck(look: looks.Look) -> bool:
    """Whether stopping or removing has just failed, and is to be tried again later."""
    wait = backoff.left(look.notes.get("stuck"), look.now)
    if wait > 0:
        look.later(wait)
    return wait > 0
