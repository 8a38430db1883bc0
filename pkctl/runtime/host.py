"""A node that has Podman, as found: how it is reached and what is there, which everything done to it stands on.

Observing costs a glance while nothing happens: `pulse` watches where every change leaves a mark (conmon's exit folder, the
container store's index, our folder of pods, the boot id, processes that are gone), and what was seen last is kept in memory and in
a file, for the next command. Not here: what is done (`acting`), nor the runtime's other verbs (`podman`).
"""

from __future__ import annotations

import _thread

from pkctl import errors
from pkctl.objects import texts
from pkctl.runtime import glances, observing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import base, libpod, places, reach

    Object = dict[str, Any]


CONFIGURED = """cat /proc/sys/kernel/random/boot_id; echo $CONTAINERS_CONF
stat -Lc '%n %Y' $(command -v podman) /etc/containers /etc/containers/*.conf /etc/containers/*.d $CONTAINERS_CONF 2>/dev/null; echo --
"""
"""What Podman's answer about itself depends on: when this prints the same, the old answer holds."""


class Host:
    """One node's containers of one cluster."""

    def __init__(self, place: places.Place, node: reach.Reach | None = None, *, memory: str = "", source: Host | None = None) -> None:
        """`memory`: the file that keeps what was seen for the next command. `source`: where missing images may be copied from."""
        self.place, self.source = place, source
        self._node, self._memory = node, memory
        self._api: libpod.Client | None = None
        self._lock, self._making = _thread.RLock(), _thread.allocate_lock()
        self._seen: Object = {}
        self._settings: Object | None = None
        self._images: dict[str, str] = {}

    @property
    def reach(self) -> reach.Reach:
        """The way to the node."""
        if self._node is None:
            from pkctl.runtime import reach

            with self._making:
                self._node = self._node or reach.Local(self.place)
        return self._node

    @property
    def api(self) -> libpod.Client:
        """Podman's own API on the node."""
        if self._api is None:
            from pkctl.runtime import libpod

            way = self.reach.podman
            with self._making:
                self._api = self._api or libpod.Client(way)
        return self._api

    def pulse(self) -> str:
        if not self._seen:
            self._seen = glances.recall(self._memory, whole=False)
        return self._glance()[0]

    def observe(self) -> list[base.PodState]:
        with self._lock:
            if "kept" not in self._seen:
                self._seen = glances.recall(self._memory, whole=True) or {"pulse": "", "boot": "", "kept": {}, "states": []}
            pulse, marks = self._glance()
            if self._seen["pulse"] != pulse:
                self._look(pulse, marks)
            return list(self._seen["states"])

    def _glance(self) -> tuple[str, glances.Marks]:
        seen = self._seen
        look = glances.here if self._node is None else self._node.marks
        marks = look(tuple(seen.get("paths") or self._watched()), tuple(seen.get("pids", ())))
        return glances.token(marks, hot=bool(seen.get("hot", 0) > marks.now)), marks

    def _watched(self) -> tuple[str, ...]:
        settings = self.settings()
        return (
            f"{self.place.tmp}/exits",
            f"{settings['graphRoot']}/{settings['driver']}-containers/containers.json",
            f"{self.place.home}/pods",
            self.place.pins,
        )

    def _look(self, pulse: str, marks: glances.Marks) -> None:
        from pkctl.runtime import sandbox

        seen = self._seen
        boxes, failed = sandbox.seen(self.reach.shell(sandbox.look(self.place)).decode(), self.place)
        rows = self.api.get("/containers/json", all=True, filters={"label": [f"pkctl.cluster={self.place.cluster}"]}) or []
        old = seen["kept"] if seen["boot"] == marks.boot else {}
        kept = {row["Id"]: self._kept(row, old.get(row["Id"]), marks) for row in rows}
        kept = {id: one for id, one in kept.items() if one}
        self._messages([one for id, one in kept.items() if one is not old.get(id) and one["row"]["state"] == "exited"])
        every = list(kept.values())
        head = {
            "pulse": pulse,
            "boot": marks.boot,
            "paths": self._watched(),
            "pids": observing.pids(every),
            "hot": observing.hot_until(every),
        }
        body = {"kept": kept, "states": observing.pods(every, failed, boxes)}
        self._seen = {**head, **body}
        glances.remember(self._memory, head, body)

    def _kept(self, row: Object, old: Object | None, marks: glances.Marks) -> Object:
        fingerprint = observing.fingerprint(row)
        if old and old["fingerprint"] == fingerprint and old["row"]["state"] != "created":
            return old
        try:
            found = self.api.get(f"/containers/{row['Id']}/json")
        except errors.NodeError as error:
            if getattr(error, "status", 0) == 404:
                return {}
            raise
        kept = observing.keep(found, fingerprint, marks.boot)
        kept["row"]["imageID"] = self.image_name(found["Image"])
        return {**kept, "at": marks.now}

    def _messages(self, ended: list[Object]) -> None:
        """Fill in what ended containers left: the termination message, and whether memory ran out."""
        for one in ended:
            row = one["row"]
            folder = self.place.attempt(one["uid"], row["name"], row["attempt"])
            row["message"] = self._tail(f"{folder}/termination-log", 4096).decode(errors="replace")
            row["logTail"] = "" if row["message"] or not row["exitCode"] else observing.last_lines(self._tail(f"{folder}/log", 4096))
            if row["exitCode"] == 137 and not row["oomKilled"]:
                row["oomKilled"] = self.reach.attempt(f"dmesg 2>/dev/null | grep oom-kill: | grep -q libpod-{row['id']}")[0] == 0

    def _tail(self, path: str, size: int) -> bytes:
        code, output = self.reach.attempt(f"tail -c {size} {path} 2>/dev/null")
        return b"" if code else output

    def image_name(self, id: str, found: Object | None = None) -> str:
        """What a status calls an image: its digest where it has one, else its id; `found` is its inspection, where one is at hand."""
        if id not in self._images:
            found = found or self.api.get(f"/images/{id}/json") or {}
            digests = found.get("RepoDigests") or ()
            self._images[id] = next((one for one in digests if not one.startswith("localhost/")), f"sha256:{id}")
        return self._images[id]

    def settings(self) -> Object:
        """What Podman says of itself: graphRoot, driver, cgroups, runtime, version. It takes 0.3 s, so an answer is kept."""
        if self._settings is None:
            import shlex

            path = f"{self.place.socket}.json"
            text = self.reach.shell(CONFIGURED + f"cat {path} 2>/dev/null; :").decode()
            configured, _, rest = text.partition("\n--\n")
            known = texts.loads(rest.strip()) if rest.strip() else {}
            if known.get("configured") != configured:
                known = {"configured": configured, **_settings(self.api.get("/info"))}
                self.reach.shell(f"umask 077; printf %s {shlex.quote(texts.dumps(known))} >{path}.$$ && mv {path}.$$ {path}")
            self._settings = known
        return self._settings

    def find(self, pod: Object, container: str, *, running: bool = False) -> Object:
        """The newest attempt of a container; NodeError when there is none (or none that runs)."""
        uid = pod["metadata"]["uid"]
        for state in self.observe():
            if state["uid"] == uid:
                for row in state["containers"]:
                    if row["name"] == container and (not running or row["state"] == "running"):
                        return dict(row)
        what = "is not running" if running else "has not been started"
        raise errors.NodeError("RuntimeUnavailable", f"container {container} of pod {pod['metadata']['name']} {what}")

    def is_running(self, name: str) -> bool:
        """Whether a container runs; False also when it is gone."""
        try:
            return bool(self.api.get(f"/containers/{name}/json")["State"]["Running"])
        except errors.NodeError as error:
            if getattr(error, "status", 0) == 404:
                return False
            raise

    def probe(self, pod: Object, container: str, probe: Object, timeout: float) -> tuple[bool, str]:
        from pkctl.runtime import podspec, probing

        spec = podspec.container_of(pod, container)
        if "exec" in probe:
            id = self.find(pod, container, running=True)["id"]
            script = probing.command(self.settings()["runtime"], id, probe["exec"]["command"], timeout)
            return probing.verdict(*self.reach.attempt(script, timeout + 3))
        ip = self.address(pod)
        if "httpGet" in probe:
            return probing.http(self.reach.dial, ip, spec, probe["httpGet"], timeout)
        if "tcpSocket" in probe:
            return probing.tcp(self.reach.dial, ip, spec, probe["tcpSocket"], timeout)
        from pkctl.runtime import grpcs

        return grpcs.check(self.reach.dial, ip, probe["grpc"], timeout)

    def address(self, pod: Object) -> str:
        """Where the pod answers, seen from its node."""
        from pkctl.runtime import podspec

        if "net" not in podspec.pins(pod):
            return "127.0.0.1"
        uid = pod["metadata"]["uid"]
        return next((str(state["ip"]) for state in self.observe() if state["uid"] == uid), "")

    def close(self) -> None:
        if self._api:
            self._api.close()
        if self._node:
            self._node.close()


def _settings(info: Object) -> Object:
    host, store = info["host"], info["store"]
    return {
        "graphRoot": store["graphRoot"],
        "driver": store["graphDriverName"],
        "systemd": host["cgroupManager"] == "systemd",
        "runtime": host["ociRuntime"]["path"],
        "rootless": host["security"]["rootless"],
        "version": info["version"]["Version"],
    }
