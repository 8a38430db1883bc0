"""The runtime over Podman: `base.Runtime` for whatever `reach` reaches. This machine by default; `ssh` gives another reach.

Not here: what is there (`host`), carrying out actions (`acting`).
"""

from __future__ import annotations

import time

from pkctl import errors
from pkctl.runtime import host

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Iterator
    from typing import Any

    from pkctl.runtime import base, streams

    Object = dict[str, Any]

LIST_TIMEOUT = 30
"""Seconds for a listing of all images."""


class Podman(host.Host):
    """One node's containers of one cluster, and all that can be done to them."""

    def apply(self, action: base.Action) -> Object:
        from pkctl.runtime import acting

        return acting.ACTIONS[action["do"]](self, action)

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
        from pkctl.runtime import logs

        uid = pod["metadata"]["uid"]
        number = self.find(pod, container)["attempt"] if attempt is None else attempt
        name = self.place.container(uid, container, number)
        path = f"{self.place.attempt(uid, container, number)}/log"
        ended = _Throttle(lambda: self.is_running(name))
        yield from logs.lines(self.reach, path, follow=follow, since=since, is_running=ended, stop=stop)

    def exec(self, pod: Object, container: str, command: list[str], *, stdin: bool = False, tty: bool = False) -> streams.Upgraded:
        from pkctl.runtime import streams

        id = self.find(pod, container, running=True)["id"]
        wish = {"Cmd": command, "AttachStdin": stdin, "AttachStdout": True, "AttachStderr": not tty, "Tty": tty}
        number = self.api.post(f"/containers/{id}/exec", wish)["Id"]
        link, rest = self.api.upgrade(f"/exec/{number}/start", {}, {"Detach": False, "Tty": tty})
        return streams.Upgraded(
            link,
            rest,
            tty=tty,
            resize=lambda rows, columns: self.api.post(f"/exec/{number}/resize", h=rows, w=columns, running=True),
            ended=lambda: self._exec_code(number),
        )

    def _exec_code(self, number: str) -> int:
        for _ in range(100):
            found = self.api.get(f"/exec/{number}/json")
            if not found["Running"]:
                return int(found["ExitCode"])
            time.sleep(0.02)
        raise errors.NodeError("RuntimeUnavailable", "the command's end is not known to Podman")

    def attach(self, pod: Object, container: str, *, stdin: bool = False, tty: bool = False) -> streams.Upgraded:
        from pkctl.runtime import streams

        id = self.find(pod, container, running=True)["id"]
        link, rest = self.api.upgrade(f"/containers/{id}/attach", {"stdin": stdin, "stdout": True, "stderr": True, "stream": True}, None)
        return streams.Upgraded(
            link,
            rest,
            tty=tty,
            resize=lambda rows, columns: self.api.post(f"/containers/{id}/resize", h=rows, w=columns),
            ended=lambda: int(self.api.get(f"/containers/{id}/json")["State"]["ExitCode"]),
        )

    def dial(self, pod: Object, port: int) -> socket.socket:
        from pkctl.runtime import podspec

        if "net" not in podspec.pins(pod):
            return self.reach.dial("127.0.0.1", port, 5)
        try:
            return self.reach.dial_inside(self.place.pin(pod["metadata"]["uid"], "net"), port, 5)
        except FileNotFoundError:
            raise errors.NodeError("RuntimeUnavailable", f"pod {pod['metadata']['name']} has no network on this node") from None

    def facts(self) -> base.Facts:
        from pkctl.runtime import facts

        return facts.read(self)

    def stats(self) -> list[Object]:
        from pkctl.runtime import stats

        owners = {row["id"]: (state["uid"], row["name"]) for state in self.observe() for row in state["containers"]}
        return stats.read(self.reach, owners)

    def images(self) -> list[Object]:
        import podman as package

        with self.reach.podman(LIST_TIMEOUT) as link:
            address = link.getpeername()
        try:
            with package.PodmanClient(base_url=f"unix://{address}", timeout=LIST_TIMEOUT) as client:
                rows = [image.attrs for image in client.images.list()]
        except (package.errors.PodmanError, OSError) as error:
            raise errors.NodeError("RuntimeUnavailable", f"node {self.place.node}: listing images: {error}") from error
        return [
            {"names": [*(row.get("RepoTags") or ()), *(row.get("RepoDigests") or ())], "sizeBytes": row["Size"], "id": row["Id"]}
            for row in rows
        ]

    def orphans(self) -> list[Object]:
        from pkctl.runtime import orphans

        return orphans.find(self)

    def clean(self, orphan: Object) -> None:
        from pkctl.runtime import orphans

        orphans.remove(self, orphan)


class _Throttle:
    """Asks at most twice a second; in between the last answer stands."""

    def __init__(self, ask: Any) -> None:
        self._ask, self._at, self._answer = ask, 0.0, True

    def __call__(self) -> bool:
        if time.monotonic() - self._at > 0.5:
            self._at, self._answer = time.monotonic(), self._ask()
        return bool(self._answer)
