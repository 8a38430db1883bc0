"""One pod on one node, looked at again and again, its actions carried out at once on a state kept by hand."""

from __future__ import annotations

from typing import Any

from pkctl import errors
from pkctl.controllers import pods
from pkctl.objects import meta, times
from tests.unit.controllers import views

Object = dict[str, Any]


class Machine:
    """`refuse` maps an action's name (and what it is about) to the error it fails with."""

    def __init__(self, pod: Object, *others: Object, bridging: bool = False) -> None:
        self.view = views.view_of(pod, *others)
        self.key, self.uid, self.bridging = meta.key(pod), meta.uid(pod), bridging
        self.observed: dict[str, Any] | None = None
        self.refuse: dict[tuple[str, str], errors.NodeError] = {}
        self.answers: dict[tuple[str, str], tuple[bool, str]] = {}
        self.memory: dict[str, Any] = {}
        self.outcomes: list[tuple[dict[str, Any], Any]] = []
        self.done: list[dict[str, Any]] = []
        self.plan = pods.PodPlan()

    @property
    def pod(self) -> Object | None:
        return self.view.get("pods", *self.key)

    @property
    def status(self) -> Object:
        assert self.pod is not None
        return dict(self.pod["status"])

    def container(self, name: str = "web") -> Object:
        every = [*self.status.get("containerStatuses", []), *self.status.get("initContainerStatuses", [])]
        return next(dict(one) for one in every if one["name"] == name)

    def condition(self, kind: str) -> tuple[str, str]:
        found = next(one for one in self.status["conditions"] if one["type"] == kind)
        return found["status"], found.get("message", "")

    @property
    def said(self) -> list[tuple[str, str, str]]:
        return [(event.type, event.reason, event.message) for event in self.view.events]

    def change(self, **parts: Any) -> None:
        assert self.pod is not None
        pod = meta.clone(self.pod)
        for part, fields in parts.items():
            pod[part] |= fields
        self.view.put(pod)

    def look(self) -> list[str]:
        """One look, its plan applied and its actions carried out; what was done."""
        self.plan = pods.sync(
            self.view,
            self.pod,
            self.observed,
            self.view.notes(f"pod/{self.uid}"),
            outcomes=self.outcomes,
            bridging=self.bridging,
            memory=self.memory,
        )
        self.view.apply(self.plan)
        self.outcomes = []
        for action in self.plan.actions:
            answer = self._answer(action)
            self.outcomes.append((action, answer))
            self.done.append(action)
            if isinstance(answer, errors.NodeError):
                break
        return [_said(action) for action in self.plan.actions]

    def settle(self, most: int = 20) -> Machine:
        """Look until nothing is done any more."""
        for _ in range(most):
            if not self.look() and not self.outcomes:
                return self
        return self

    def wait(self, seconds: float) -> Machine:
        self.view.now += seconds
        return self.settle()

    def crash(self, name: str = "web", code: int = 1, **more: Any) -> Machine:
        """The newest attempt ends by itself."""
        attempt = next(one for one in self._containers() if one["name"] == name)
        attempt |= {"state": "exited", "exitCode": code, "finishedAt": times.stamp(self.view.now), **more}
        return self

    def _containers(self) -> list[dict[str, Any]]:
        assert self.observed is not None
        found: list[dict[str, Any]] = self.observed["containers"]
        return found

    def _answer(self, action: dict[str, Any]) -> Any:
        about = str(action.get("container") or action.get("volume") or "")
        if error := self.refuse.get((action["do"], about)):
            return error
        return getattr(self, f"_{action['do']}")(action) or {}

    def _sandbox(self, action: dict[str, Any]) -> None:
        old = self.observed or {"containers": []}
        self.observed = {
            "uid": self.uid, "namespace": self.key[0], "name": self.key[1], "sandbox": "ready", "ip": action["ip"],
            "containers": old["containers"],
        }  # fmt: skip

    def _volume(self, action: dict[str, Any]) -> None:
        pass

    def _pull(self, action: dict[str, Any]) -> dict[str, Any]:
        return {"imageID": f"sha256:{action['image']}", "pulled": False}

    def _start(self, action: dict[str, Any]) -> dict[str, Any]:
        new = {
            "name": action["container"], "attempt": action["attempt"], "id": f"{action['container']}-{action['attempt']}",
            "image": "localhost/web:1", "imageID": "sha256:web", "state": "running", "pid": 7, "startedAt": times.stamp(self.view.now),
            "finishedAt": "", "exitCode": 0, "oomKilled": False, "restarts": 0, "message": "",
        }  # fmt: skip
        self._containers().insert(0, new)
        return {"id": new["id"]}

    def _stop(self, action: dict[str, Any]) -> None:
        for one in self._containers():
            if one["id"] == action["id"]:
                one |= {"state": "exited", "exitCode": 137, "finishedAt": times.stamp(self.view.now)}

    def _drop(self, action: dict[str, Any]) -> None:
        assert self.observed is not None
        self.observed["containers"] = [one for one in self._containers() if one["id"] != action["id"]]

    def _remove(self, action: dict[str, Any]) -> None:
        self.observed = None

    def _hook(self, action: dict[str, Any]) -> dict[str, Any]:
        passed, output = self.answers.get(("hook", action["container"]), (True, ""))
        return {"passed": passed, "output": output}

    def _probe(self, action: dict[str, Any]) -> dict[str, Any]:
        passed, output = self.answers.get((action["which"], action["container"]), (True, ""))
        return {"passed": passed, "output": output}


def _said(action: dict[str, Any]) -> str:
    about = action.get("container") or action.get("volume") or ""
    return f"{action['do']} {about}".strip()
