"""What became of the actions of the last look: said in events, kept in notes.

Follows the events and errors of pkg/kubelet/kuberuntime/{kuberuntime_container,kuberuntime_manager}.go.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.controllers.kubelet import backoff, images, probes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pkctl.controllers.kubelet import looks

    Action = dict[str, Any]
    Answer = dict[str, Any] | errors.NodeError
    Outcome = tuple[Action, Answer]


def take_in(look: looks.Look, outcomes: Iterable[Outcome]) -> None:
    """Draw the conclusions of every action that was carried out or failed."""
    for action, answer in outcomes:
        taker = TAKERS.get(action["do"])
        if taker is not None:
            taker(look, action, answer)


def _sandbox(look: looks.Look, _action: Action, answer: Answer) -> None:
    if isinstance(answer, errors.NodeError):
        look.notes["sandbox"] = backoff.next_entry(look.notes.get("sandbox"), look.now, look.now)
        look.say("Warning", "FailedCreatePodSandBox", f"Failed to create pod sandbox: {answer.message}")
    else:
        look.notes.pop("sandbox", None)


def _volume(look: looks.Look, action: Action, answer: Answer) -> None:
    name = action["volume"]
    if isinstance(answer, errors.NodeError):
        look.kept("mounts")[name] = backoff.next_entry(look.kept("mounts").get(name), look.now, look.now)
        look.say_once(f"volume/{name}", "Warning", "FailedMount", f'MountVolume.SetUp failed for volume "{name}" : {answer.message}')
    else:
        look.kept("volumes")[name] = action["digest"]
        look.kept("mounts").pop(name, None)
        look.kept("said").pop(f"volume/{name}", None)


def _pull(look: looks.Look, action: Action, answer: Answer) -> None:
    if isinstance(answer, errors.NodeError):
        images.failed(look, action, answer)
    else:
        images.pulled(look, action, answer)


def _start(look: looks.Look, action: Action, answer: Answer) -> None:
    name = action["container"]
    if isinstance(answer, errors.NodeError):
        look.kept("starts")[name] = backoff.next_entry(look.kept("starts").get(name), look.now, look.now)
        look.kept("waits")[name] = [answer.kind, answer.message]
        if answer.kind in ("RunContainerError", "StartError"):
            look.say("Normal", "Created", "Container created", name)
        look.say("Warning", "Failed", f"Error: {answer.message}", name)
        return
    for field in ("starts", "waits"):
        look.kept(field).pop(name, None)
    look.say("Normal", "Created", "Container created", name)
    look.say("Normal", "Started", "Container started", name)


def _stop(look: looks.Look, _action: Action, answer: Answer) -> None:
    if isinstance(answer, errors.NodeError):
        look.notes["stuck"] = backoff.next_entry(look.notes.get("stuck"), look.now, look.now)
        look.say("Warning", "FailedKillPod", f"error killing pod: {answer.message}")
    else:
        look.notes.pop("stuck", None)


def _hook(look: looks.Look, action: Action, answer: Answer) -> None:
    name = action["container"]
    if isinstance(answer, errors.NodeError) or not answer.get("passed"):
        look.kept("badhooks")[name] = action["id"]
        look.say("Warning", "FailedPostStartHook", "PostStartHook failed", name)
    else:
        look.kept("hooked")[name] = action["id"]


def _probe(look: looks.Look, action: Action, answer: Answer) -> None:
    if isinstance(answer, errors.NodeError):
        # The kubelet takes a probe that could not be run as unknown: nothing is concluded from it.
        look.say("Warning", "Unhealthy", f"{action['which'].capitalize()} probe errored and resulted in unknown state: {answer.message}")
    else:
        probes.answered(look, action, bool(answer.get("passed")), str(answer.get("output") or ""))


def _remove(look: looks.Look, action: Action, answer: Answer) -> None:
    _stop(look, action, answer)
    if not isinstance(answer, errors.NodeError):
        look.notes["removed"] = True


TAKERS: dict[str, Callable[[looks.Look, Action, Answer], None]] = {
    "sandbox": _sandbox,
    "volume": _volume,
    "pull": _pull,
    "start": _start,
    "stop": _stop,
    "hook": _hook,
    "probe": _probe,
    "remove": _remove,
}
