"""The runtime's protocol: what `podman`, `ssh` and `sim` provide, and one contract suite proves.

What runs is told as plain dicts. A PodState, as `observe` gives it:

    {"uid", "namespace", "name",
     "sandbox": "ready" | "gone",             gone: the node rebooted or somebody removed it; containers in it can't go on
     "ip": "10.200.0.7",
     "containers": [                          every attempt that still exists, newest first for each name
        {"name", "attempt": 0, "id": "<64 hex>", "image", "imageID",
         "state": "created" | "running" | "exited",
         "pid": 0, "startedAt": "2026-…Z", "finishedAt": "", "exitCode": 0, "oomKilled": False,
         "restarts": 0,                       Podman's own bounded restarts within this attempt
         "message": "",                       termination message, at most 4096 bytes
         "logTail": "",                       after a failure without a message: the log's end, for FallbackToLogsOnError
         "reason": "StartError"}]}            only where the start itself failed: ended at once, exitCode 128, the complaint as message

An action, as `apply` takes it (`pod` is the whole Pod object; actions on one pod are given one after another):

    {"do": "sandbox", "pod", "ip", "hosts": text of /etc/hosts, "resolv": text of /etc/resolv.conf}      None: the node's own
    {"do": "volume", "pod", "volume": name, "files": {path: {"data": base64, "mode": 0o644}} | None, "empty": {"medium", "size"} | None,
                     "host": {"path", "type"} | None, "disk": {"name": pv name} | None}          prepare or refresh one volume
    {"do": "pull", "pod", "image", "policy": "Always" | "IfNotPresent" | "Never", "auths": [{"server", "username", "password"}]}
    {"do": "start", "pod", "container": name, "attempt": n, "env": [[name, value]], "restart": "no" | "on-failure:3" | "always",
                    "command": [...] | None, "args": [...] | None,      as spelt in the spec, with every $(NAME) filled in
                    "target": pid}                          where the container is to see the processes of another's
    {"do": "hook", "pod", "container": name, "id", "handler": a lifecycle handler}                  run postStart
    {"do": "probe", "pod", "container": name, "id", "which": "startup" | "readiness" | "liveness", "probe": {…}, "timeout": seconds}
                                                            run one probe's handler now; port names are already numbers
    {"do": "stop", "pod", "id", "grace": seconds}           TERM (or preStop, then TERM), KILL after grace
    {"do": "drop", "pod", "id"}                             remove one dead container and its log
    {"do": "remove", "pod", "grace": 0}                     remove sandbox, containers, volumes that die with the pod, routes
    {"do": "remove-disk", "name": pv name}

A hook and a probe answer {"passed": bool, "output": text}; pull answers {"imageID", "pulled": False when it was there already}.
`apply` is idempotent: doing it twice, also after kill -9 in the middle, ends in the same state. It raises `errors.NodeError`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from typing import Any, BinaryIO, Protocol

    PodState = dict[str, Any]
    Action = dict[str, Any]
    Facts = dict[str, Any]
else:
    Protocol = object


class Stream(Protocol):
    """A running exec or attach: bytes both ways until it ends."""

    def read(self, timeout: float | None = None) -> tuple[str, bytes] | None:
        """The next chunk as ("stdout" | "stderr", bytes), None at the end; TimeoutError when none came in time."""

    def write(self, data: bytes) -> None:
        """Send to stdin."""

    def close_stdin(self) -> None:
        """End of input."""

    def resize(self, rows: int, columns: int) -> None:
        """The terminal changed size."""

    def exit_code(self) -> int:
        """After the end: the command's exit code."""

    def fileno(self) -> int:
        """Something `select` can wait on."""

    def close(self) -> None:
        """Let go; the command goes on or gets SIGHUP, as the runtime has it."""


class Runtime(Protocol):
    """One node's containers, of one cluster. Every call has a timeout of its own and raises `errors.NodeError`."""

    def facts(self) -> Facts:
        """What a Node object says: {"capacity": {"cpu", "memory", "pods", "ephemeral-storage"}, "nodeInfo": {…}, "addresses": [...],
        "bootID", "missing": [what `node check` would complain of]}."""

    def pulse(self) -> str:
        """A cheap token that changes whenever any container of ours may have changed (no runtime call, under 5 ms locally)."""

    def observe(self) -> list[PodState]:
        """Every pod of this cluster on the node, also those the cluster has forgotten."""

    def apply(self, action: Action) -> dict[str, Any]:
        """Carry out one action; the answer holds what is new, as {"imageID"} for pull or {"id"} for start."""

    def logs(
        self,
        pod: dict[str, Any],
        container: str,
        *,
        attempt: int | None = None,
        follow: bool = False,
        since: float = 0,
        stop: threading.Event | None = None,
    ) -> Iterator[tuple[str, str, bytes]]:
        """Log lines as (RFC 3339 nanosecond time, "stdout" | "stderr", line with its newline), oldest first; following ends soon
        after `stop` was set, by whatever thread."""

    def exec(self, pod: dict[str, Any], container: str, command: list[str], *, stdin: bool = False, tty: bool = False) -> Stream:
        """Run a command in a running container."""

    def attach(self, pod: dict[str, Any], container: str, *, stdin: bool = False, tty: bool = False) -> Stream:
        """Join a running container's own process."""

    def probe(self, pod: dict[str, Any], container: str, probe: dict[str, Any], timeout: float) -> tuple[bool, str]:
        """Run one probe's handler now: (passed, what it said)."""

    def dial(self, pod: dict[str, Any], port: int) -> BinaryIO | Any:
        """A connected stream socket to the pod's port, seen from inside the pod (127.0.0.1)."""

    def stats(self) -> list[dict[str, Any]]:
        """Per container {"uid", "container", "cpu": cumulative seconds, "memory": working set bytes, "swap": bytes, "at": epoch seconds},
        and one row with uid "" for the node."""

    def images(self) -> list[dict[str, Any]]:
        """What is stored on the node: {"names": [...], "sizeBytes": n, "id"}."""

    def orphans(self) -> list[dict[str, Any]]:
        """What bears our labels for other, vanished clusters: {"cluster", "pod", "uid", "kind", "id"}; see `node clean`."""

    def clean(self, orphan: dict[str, Any]) -> None:
        """Remove one orphan."""

    def close(self) -> None:
        """Let go of connections; containers run on."""
