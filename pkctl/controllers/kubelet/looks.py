"""One look at a pod: what is known when it begins, and what it gathers on the way. Decides nothing."""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

    Action = dict[str, Any]
    Seen = dict[str, Any]

SOURCE = "kubelet"


class Look:
    """What is given: view, pod, what its runtime shows, notes of earlier looks. What is gathered: actions, events, when to look again.

    Notes are changed in place; under "ip" and "node" where the pod lives, under "floor" the attempts an earlier sandbox had, under
    "waits" why a container can't start, under "said" what need not be said twice, and what `outcomes`, `images`, `backoff`,
    `probes`, `volumes` keep under their own names. `memory` need not survive the process: when each probe ran last.
    """

    __slots__ = ("actions", "again_after", "bridging", "events", "memory", "notes", "now", "observed", "pod", "spec", "view")

    def __init__(
        self, view: plan.View, pod: Object, observed: Seen | None, notes: dict[str, Any], memory: dict[str, Any], *, bridging: bool
    ) -> None:
        self.view, self.now, self.pod, self.spec = view, view.now, pod, pod.get("spec") or {}
        self.observed, self.notes, self.memory, self.bridging = observed, notes, memory, bridging
        self.actions: list[Action] = []
        self.events: list[plan.Event] = []
        self.again_after: float | None = None

    def do(self, what: str, **more: Any) -> None:
        """Ask for one action."""
        self.actions.append({"do": what, "pod": self.pod, **more})

    def say(self, type: str, reason: str, message: str, container: str = "") -> None:
        """Add an event; with a container's name, about that."""
        host = str(self.spec.get("nodeName") or "")
        self.events.append(plan.Event(self.pod, type, reason, message, SOURCE, field=self._field(container), host=host))

    def say_once(self, topic: str, type: str, reason: str, message: str, container: str = "") -> None:
        """Add an event unless it is what was last said on this topic."""
        if self.kept("said").get(topic) != message:
            self.kept("said")[topic] = message
            self.say(type, reason, message, container)

    def later(self, seconds: float) -> None:
        """Look again in so many seconds, or earlier."""
        seconds = max(seconds, 0.0)
        self.again_after = seconds if self.again_after is None else min(self.again_after, seconds)

    def kept(self, name: str) -> dict[str, Any]:
        """One of the notes, to be changed in place."""
        found: dict[str, Any] = self.notes.setdefault(name, {})
        return found

    @property
    def has_sandbox(self) -> bool:
        """Whether there is something for containers to run in."""
        return self.observed is not None and self.observed.get("sandbox") == "ready"

    def attempts(self, name: str) -> list[Seen]:
        """A container's attempts that still exist, newest first; what ran in a sandbox that is gone has ended."""
        found = [one for one in (self.observed or {}).get("containers") or [] if one["name"] == name]
        return found if self.has_sandbox else [_lost(one) for one in found]

    def newest(self, name: str) -> Seen | None:
        """A container's newest attempt, of whatever sandbox."""
        return next(iter(self.attempts(name)), None)

    def current(self, name: str) -> Seen | None:
        """A container's newest attempt in the present sandbox."""
        found = self.newest(name) if self.has_sandbox else None
        return found if found is not None and found["attempt"] > self.notes.get("floor", {}).get(name, -1) else None

    def is_running(self, name: str) -> bool:
        """Whether the container runs now."""
        found = self.current(name)
        return found is not None and found["state"] == "running"

    @property
    def containers(self) -> list[Object]:
        """The ordinary containers of the spec."""
        return list(self.spec.get("containers") or [])

    @property
    def inits(self) -> list[Object]:
        """The init containers, sidecars among them."""
        return list(self.spec.get("initContainers") or [])

    @property
    def debuggers(self) -> list[Object]:
        """The ephemeral containers of the spec: each is started once, and nothing waits for it."""
        return list(self.spec.get("ephemeralContainers") or [])

    def known_status(self, name: str) -> Object:
        """What the pod's status says of a container so far."""
        for field in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
            for one in meta.at(self.pod, "status", field, default=[]):
                if one.get("name") == name:
                    return dict(one)
        return {}

    def _field(self, container: str) -> str:
        if not container:
            return ""
        kinds = ("initContainers", "ephemeralContainers")
        found = (kind for kind in kinds if any(one["name"] == container for one in self.spec.get(kind) or ()))
        return f"spec.{next(found, 'containers')}{{{container}}}"


def _lost(attempt: Seen) -> Seen:
    if attempt["state"] == "exited":
        return attempt
    return {**attempt, "state": "exited", "exitCode": 255, "lost": True}


def is_sidecar(container: Object) -> bool:
    """Whether an init container stays while the pod runs."""
    return bool(container.get("restartPolicy") == "Always")


def full_name(pod: Object) -> str:
    """NAME_NAMESPACE(UID), as the kubelet's messages have it."""
    return f"{meta.name(pod)}_{meta.namespace(pod)}({meta.uid(pod)})"
