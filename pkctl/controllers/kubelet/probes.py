"""Startup, readiness and liveness probes: which are due, what their answers mean.

Follows pkg/kubelet/prober/{worker,prober}.go. Kept under "probes", by `CONTAINER/WHICH`: {"id": the attempt probed, "passed": the last
answer, "run": how often in a row, "result": what counts, None before the first thresholds are met}.
"""

from __future__ import annotations

from pkctl.objects import times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.controllers.kubelet import looks
    from pkctl.objects.meta import Object

STARTUP, READINESS, LIVENESS = "startup", "readiness", "liveness"
RESULTS_BEFORE = {STARTUP: False, READINESS: False, LIVENESS: True}
LONGEST_OUTPUT = 1024


def due(look: looks.Look, container: Object) -> None:
    """Ask for the probes of a running container whose time has come, and remember when the next one is due."""
    attempt = look.current(container["name"])
    if attempt is None or attempt["state"] != "running" or not is_hooked(look, container):
        return
    if look.notes.get("doomed", {}).get(container["name"]) == attempt["id"]:
        return
    for which in (STARTUP, READINESS, LIVENESS):
        probe = container.get(f"{which}Probe")
        if probe and _applies(look, container, which):
            _ask_when_due(look, container, attempt, which, probe)


def _applies(look: looks.Look, container: Object, which: str) -> bool:
    """Startup probes until one passed, the others from then on."""
    return (which == STARTUP) != is_started(look, container)


def _ask_when_due(look: looks.Look, container: Object, attempt: looks.Seen, which: str, probe: Object) -> None:
    place = f"{container['name']}/{which}"
    last = look.memory.get(place)
    if last is not None and last[0] == attempt["id"]:
        at = last[1] + int(probe.get("periodSeconds") or 10)
    else:
        at = _epoch(attempt.get("startedAt"), look.now) + int(probe.get("initialDelaySeconds") or 0)
    if at > look.now:
        look.later(at - look.now)
        return
    look.memory[place] = (attempt["id"], look.now)
    look.do(
        "probe",
        container=container["name"],
        id=attempt["id"],
        which=which,
        probe=numbered(container, probe),
        timeout=int(probe.get("timeoutSeconds") or 1),
    )


def _epoch(text: str | None, default: float) -> float:
    return times.parse(text) if text else default


def numbered(container: Object, probe: Object) -> Object:
    """The probe (or lifecycle handler) with named ports as numbers."""
    made = dict(probe)
    for field in ("httpGet", "tcpSocket"):
        if field in probe:
            made[field] = {**probe[field], "port": port_number(container, probe[field].get("port"))}
    return made


def port_number(container: Object, port: Any) -> Any:
    """A container's port by number or by name."""
    if isinstance(port, str) and not port.isdigit():
        return next((one["containerPort"] for one in container.get("ports") or [] if one.get("name") == port), port)
    return int(port or 0)


def answered(look: looks.Look, action: dict[str, Any], passed: bool, output: str) -> None:
    """Take in what a probe said."""
    name, which, probe = action["container"], action["which"], action["probe"]
    attempt = look.current(name)
    if attempt is None or attempt["id"] != action["id"] or attempt["state"] != "running":
        return
    place = f"{name}/{which}"
    known = look.kept("probes").get(place) or {}
    if known.get("id") != action["id"]:
        known = {"id": action["id"], "passed": passed, "run": 0, "result": None}
    needed = int(probe.get("successThreshold") or 1) if passed else int(probe.get("failureThreshold") or 3)
    run = min(known["run"] + 1, needed) if known["passed"] == passed else 1
    result = passed if run >= needed else known["result"]
    # A failed liveness or startup probe begins to count anew once its container has been told to stop.
    look.kept("probes")[place] = {"id": action["id"], "passed": passed, "run": run, "result": result}
    if not passed:
        text = output[:LONGEST_OUTPUT]
        look.say("Warning", "Unhealthy", f"{which.capitalize()} probe failed: {text}", name)


def result(look: looks.Look, container: Object, which: str) -> bool:
    """What a probe says of the present attempt, or what counts before it has said anything."""
    attempt = look.current(container["name"])
    known = look.notes.get("probes", {}).get(f"{container['name']}/{which}") or {}
    if attempt is None or known.get("id") != attempt["id"] or known.get("result") is None:
        return RESULTS_BEFORE[which]
    return bool(known["result"])


def is_started(look: looks.Look, container: Object) -> bool:
    """Whether a container runs and its startup probe, if any, has passed."""
    if not look.is_running(container["name"]) or not is_hooked(look, container):
        return False
    return not container.get("startupProbe") or result(look, container, STARTUP)


def is_hooked(look: looks.Look, container: Object) -> bool:
    """Whether the postStart hook, if any, is through for the present attempt."""
    attempt = look.current(container["name"])
    if not (container.get("lifecycle") or {}).get("postStart"):
        return True
    return attempt is not None and look.notes.get("hooked", {}).get(container["name"]) == attempt["id"]


def is_ready(look: looks.Look, container: Object) -> bool:
    """Whether a container may be sent requests."""
    return is_started(look, container) and (not container.get("readinessProbe") or result(look, container, READINESS))


def verdict(look: looks.Look, container: Object) -> str:
    """The probe because of which a container must be stopped, "" when there is none."""
    for which in (STARTUP, LIVENESS):
        if container.get(f"{which}Probe"):
            attempt = look.current(container["name"])
            known = look.notes.get("probes", {}).get(f"{container['name']}/{which}") or {}
            if attempt and known.get("id") == attempt["id"] and known.get("result") is False:
                return which
    return ""
