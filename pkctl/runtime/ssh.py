"""A node over SSH, with the system's own `ssh`: one multiplexed connection per node, shared by all commands, gone when unused.

The Podman socket and a shell go through that connection; nothing of ours is installed on the node. Host keys are checked against
known_hosts of our own; a new one is accepted only by `trust`, when the node is added. A dead node shows within about two seconds.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import socket
import subprocess
import threading

from pkctl import errors
from pkctl.runtime import glances, podman, reach, shells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.runtime import places

CONNECT = 2
"""Seconds for a connection to come about; after that one lost keep-alive of a second ends it."""

RELAY = """
import ctypes, os, socket, sys, threading
pin, host, port, limit = sys.argv[1:]
try:
    if pin != '-':
        try: fd = os.open(pin, os.O_RDONLY)
        except FileNotFoundError: raise OSError(2, 'no network namespace')
        if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000): raise OSError(ctypes.get_errno(), 'setns')
    link = socket.create_connection((host, int(port)), float(limit))
except OSError as error:
    os.write(1, b'-%d\\n' % (110 if isinstance(error, TimeoutError) else error.errno or 5)); sys.exit(1)
os.write(1, b'+\\n'); link.settimeout(None)
def send():
    while data := os.read(0, 65536): link.sendall(data)
    link.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := link.recv(65536):
    while data: data = data[os.write(1, data):]
"""


class Target:
    """Where a node is: `destination` as ssh takes it (user@host or a name of ssh's configuration), and how to get in."""

    __slots__ = ("control", "destination", "known_hosts", "options")

    def __init__(self, destination: str, *, known_hosts: str, control: str, port: int = 0, identity: str = "", config: str = "") -> None:
        """`control`: a folder of this user for the connections' sockets; its path must be short (a socket's name has 107 bytes)."""
        self.destination, self.known_hosts, self.control = destination, known_hosts, control
        options = ["-F", config] if config else []
        options += ["-p", str(port)] if port else []
        options += ["-i", identity, "-o", "IdentitiesOnly=yes"] if identity else []
        self.options = tuple(options)

    @property
    def socket(self) -> str:
        """The master connection's control socket."""
        import hashlib

        key = " ".join((self.destination, self.known_hosts, *self.options))
        return f"{self.control}/{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def command(self, *more: str) -> list[str]:
        """An ssh command line up to the destination."""
        settings = {
            "BatchMode": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": self.known_hosts,
            "GlobalKnownHostsFile": "/dev/null",
            "UpdateHostKeys": "no",
            "ControlPath": self.socket,
            "ConnectTimeout": str(CONNECT),
            "ServerAliveInterval": "1",
            "ServerAliveCountMax": "1",
            "LogLevel": "ERROR",
        }
        given = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        return ["ssh", *self.options, *more, *given, self.destination]

    def through(self, *more: str) -> list[str]:
        """A command line that uses the master connection or fails at once: where it would connect by itself stands a broken proxy."""
        return self.command("-o", "ControlMaster=no", "-o", "ProxyCommand=false", *more)


def runtime(place: places.Place, target: Target, *, memory: str = "", source: podman.Podman | None = None) -> podman.Podman:
    """`base.Runtime` for a remote node."""
    return podman.Podman(place, Remote(place, target), memory=memory, source=source)


def trust(target: Target) -> str:
    """Connect for the first time: the host key becomes known; its line of known_hosts. NodeError when it is known and has changed."""
    os.makedirs(os.path.dirname(target.known_hosts), mode=0o700, exist_ok=True)
    with _locked(target):
        _start(target, "-o", "StrictHostKeyChecking=accept-new")
    with open(target.known_hosts) as file:
        return file.read().splitlines()[-1]


class Remote:
    """`reach.Reach` over SSH."""

    def __init__(self, place: places.Place, target: Target) -> None:
        self.place, self.target = place, target
        self._shells = shells.Shells(self._shell)
        self._lock = threading.Lock()
        self._relays: list[subprocess.Popen[bytes]] = []

    def _shell(self) -> subprocess.Popen[bytes]:
        self._connect()
        return subprocess.Popen(
            [*self.target.through("-T"), "sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _connect(self) -> None:
        """See that the master connection stands."""
        with self._lock, _locked(self.target):
            if not _is_up(self.target):
                _start(self.target)

    def shell(self, script: str, timeout: float = 20) -> bytes:
        return reach.checked(self.attempt(script, timeout))

    def attempt(self, script: str, timeout: float = 20) -> tuple[int, bytes]:
        return self._shells.run(script, timeout)

    def podman(self, timeout: float, *, fresh: bool = False) -> socket.socket:
        local = self.target.socket + f".{self.place.socket.rpartition('-')[2]}"
        if not fresh:
            try:
                return reach.connect(local, timeout)
            except OSError:
                pass
        self.shell(reach.service(self.place))
        try:
            return reach.connect(local, timeout)
        except OSError:
            self._forward(local)
        return reach.connect(local, timeout)

    def _forward(self, local: str) -> None:
        with self._lock, _locked(self.target):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(local)
            done = _run(self.target.command("-O", "forward", "-L", f"{local}:{self.place.socket}"))
        if done.returncode:
            raise errors.NodeError(
                "NodeUnreachable", f"node {self.place.node}: forwarding Podman's socket: {explain(done.stderr, self.target)}"
            )

    def marks(self, paths: tuple[str, ...], pids: tuple[int, ...]) -> glances.Marks:
        sweep = f"for pid in {' '.join(map(str, pids))}; do kill -0 $pid 2>/dev/null || echo dead $pid; done" if pids else ":"
        words = " ".join(map(shlex.quote, paths))
        text = self.shell(
            f"date +%s.%N; cat /proc/sys/kernel/random/boot_id; stat -c 'mark %.9Y %s %n' {words} 2>/dev/null; {sweep}", timeout=5
        ).decode()
        now, boot, *rest = text.splitlines()
        seen = {line.split(" ", 3)[3]: " ".join(line.split(" ", 3)[1:3]) for line in rest if line.startswith("mark ")}
        dead = tuple(int(line[5:]) for line in rest if line.startswith("dead "))
        return glances.Marks(float(now), boot, tuple(seen.get(path, "-") for path in paths), dead)

    def read(self, path: str, offset: int, limit: int) -> bytes:
        import base64

        code, text = self.attempt(f"[ -e {path} ] || exit 3; tail -c +{offset + 1} {path} | head -c {limit} | base64 -w0")
        if code == 3:
            raise FileNotFoundError(path)
        return base64.b64decode(reach.checked((code, text)))

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._relay("-", host, port, timeout)

    def dial_inside(self, pin: str, port: int, timeout: float) -> socket.socket:
        return self._relay(pin, "127.0.0.1", port, timeout)

    def _relay(self, pin: str, host: str, port: int, timeout: float) -> socket.socket:
        self._connect()
        self._relays = [one for one in self._relays if one.poll() is None]
        near, far = socket.socketpair()
        words = shlex.join(["python3", "-c", RELAY, pin, host, str(port), f"{timeout:g}"])
        with far:
            process = subprocess.Popen(
                [*self.target.through("-T"), words],
                stdin=far.fileno(),
                stdout=far.fileno(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._relays.append(process)
        near.settimeout(timeout + 2)
        try:
            _expect(near)
        except OSError:
            near.close()
            raise
        near.settimeout(timeout)
        return near

    def close(self) -> None:
        """Let go; the connection itself stays a minute for the next command."""
        self._shells.close()
        for process in self._relays:
            process.kill()
            process.wait()
        self._relays = []

    def disconnect(self) -> None:
        """End the connection for everybody, as when a node is removed."""
        self.close()
        _run(self.target.command("-O", "exit"))


def explain(stderr: str, target: Target) -> str:
    """ssh's complaint as one line with what to do."""
    host = target.destination.rpartition("@")[2]
    if "IDENTIFICATION HAS CHANGED" in stderr:
        return (
            f"the host key of {host} has changed: somebody may be listening in. "
            f"If the machine was set up anew, remove its line from {target.known_hosts} and add the node again"
        )
    if "Host key verification failed" in stderr or "host key is known" in stderr:
        return f"the host key of {host} is not known: add the node with pkctl node add"
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"no connection to {host}"


def _is_up(target: Target) -> bool:
    return os.path.exists(target.socket) and _run(target.command("-O", "check")).returncode == 0


def _start(target: Target, *more: str) -> None:
    """The master connection; it ends itself a minute after its last use."""
    import tempfile

    with tempfile.TemporaryFile("w+") as said:
        command = target.command(
            *more, "-M", "-N", "-f", "-o", "ControlMaster=yes", "-o", "ControlPersist=60", "-o", "StreamLocalBindUnlink=yes"
        )
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target.socket)
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, timeout=CONNECT + 12, start_new_session=True
            )
        except subprocess.TimeoutExpired:
            raise errors.NodeError("NodeUnreachable", f"no connection to {target.destination} in time") from None
        except FileNotFoundError:
            raise errors.NodeError("NodeUnreachable", "ssh is not installed: apt-get install openssh-client") from None
        said.seek(0)
        if done.returncode:
            raise errors.NodeError("NodeUnreachable", explain(said.read(), target))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=CONNECT + 5)


@contextlib.contextmanager
def _locked(target: Target) -> Iterator[None]:
    """One command at a time connects to a node; the others then find the connection."""
    os.makedirs(target.control, mode=0o700, exist_ok=True)
    with open(target.socket + ".lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _expect(link: socket.socket) -> None:
    said = b""
    while not said.endswith(b"\n"):
        byte = link.recv(1)
        if not byte:
            raise ConnectionError("the node closed the connection")
        said += byte
    if said[:1] == b"-":
        code = int(said[1:])
        raise TimeoutError(code, os.strerror(code)) if code == 110 else OSError(code, os.strerror(code))
