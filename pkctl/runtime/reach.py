"""How a node is reached: a shell on it, its Podman socket, its files, its network. `Local` is this machine; `ssh` has the other.

Everything else in this package is written against `Reach`, so a pod on this machine and one on another take the same path.
"""

from __future__ import annotations

import os
import socket
import threading

from pkctl import errors
from pkctl.runtime import glances, shells

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from typing import Protocol

    from pkctl.runtime import places
else:
    Protocol = object

ROOTLESS = "pkctl runs pods as root for now: use sudo, or a node that is reached as root (pkctl node add NAME --ssh root@HOST)"


class Reach(Protocol):
    """Every call has a time limit and raises `errors.NodeError`."""

    place: places.Place

    def shell(self, script: str, timeout: float = 20) -> bytes:
        """Run a script as root on the node, what it printed; NodeError kind RuntimeUnavailable when it ends with another code than 0."""

    def attempt(self, script: str, timeout: float = 20) -> tuple[int, bytes]:
        """As `shell`, with the exit code."""

    def podman(self, timeout: float, *, fresh: bool = False) -> socket.socket:
        """A connection to the Podman service, which is started when it doesn't run; `fresh`: the last one broke."""

    def marks(self, paths: tuple[str, ...], pids: tuple[int, ...]) -> glances.Marks:
        """A glance, cheap enough to be taken before every command."""

    def read(self, path: str, offset: int, limit: int) -> bytes:
        """A piece of a file; b"" at its end, FileNotFoundError when it isn't there."""

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection from the node to an address."""

    def dial_inside(self, pin: str, port: int, timeout: float) -> socket.socket:
        """A connection to 127.0.0.1 inside a pinned network namespace."""

    def close(self) -> None:
        """Let go of shells and connections."""


def checked(answer: tuple[int, bytes]) -> bytes:
    """The output of a script that ended well, else NodeError."""
    code, output = answer
    if code:
        text = output.decode(errors="replace").strip() or f"exit code {code}"
        raise errors.NodeError("RuntimeUnavailable", text)
    return output


def service(place: places.Place) -> str:
    """The script that starts Podman's service, unless it runs; it ends itself a minute after the last request.

    Its working folder is ours, since conmon leaves a file named `oom` where it was started. One that no longer listens is about to end.
    """
    command = " ".join(f"'{word}'" for word in ("podman", *place.podman, "system", "service", "--time=60", f"unix://{place.socket}"))
    return f"""
command -v podman >/dev/null || {{ echo "podman is not installed: apt-get install podman"; exit 1; }}
mkdir -p {place.run}/service && chmod 700 {place.run} && cd {place.run}/service || exit 1
exec 9>{place.socket}.lock; flock -w 10 9 || {{ echo "the Podman service is being started by somebody else, who doesn't finish"; exit 1; }}
runs() {{ grep -qsaF '{place.socket}' /proc/$1/cmdline; }}
listens() {{ grep -qs ' 00010000 .* {place.socket}$' /proc/$1/net/unix; }}
read -r pid 2>/dev/null <{place.socket}.pid || pid=none
i=0; while runs $pid && [ $i -lt 500 ]; do listens $pid && exit 0; sleep 0.01; i=$((i+1)); done
rm -f {place.socket}
setsid {command} </dev/null >{place.socket}.log 2>&1 9>&- &
echo $! >{place.socket}.pid
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  i=0; while [ $i -lt 25 ]; do listens $! && exit 0; sleep 0.01; i=$((i+1)); done
  kill -0 $! 2>/dev/null || break
done
tail -n 3 {place.socket}.log; exit 1
"""


class Local:
    """This machine."""

    def __init__(self, place: places.Place) -> None:
        self.place = place
        self._shells = shells.Shells(self._start)
        self._lock = threading.Lock()

    def _start(self) -> subprocess.Popen[bytes]:
        import subprocess

        if os.geteuid():
            raise errors.NodeError("RuntimeUnavailable", ROOTLESS)
        return subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def shell(self, script: str, timeout: float = 20) -> bytes:
        return checked(self.attempt(script, timeout))

    def attempt(self, script: str, timeout: float = 20) -> tuple[int, bytes]:
        return self._shells.run(script, timeout)

    def podman(self, timeout: float, *, fresh: bool = False) -> socket.socket:
        if not fresh:
            try:
                return connect(self.place.socket, timeout)
            except OSError:
                pass
        with self._lock:
            self.shell(service(self.place))
        return connect(self.place.socket, timeout)

    def marks(self, paths: tuple[str, ...], pids: tuple[int, ...]) -> glances.Marks:
        return glances.here(paths, pids)

    def read(self, path: str, offset: int, limit: int) -> bytes:
        with open(path, "rb") as file:
            file.seek(offset)
            return file.read(limit)

    def dial(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((host, port), timeout)

    def dial_inside(self, pin: str, port: int, timeout: float) -> socket.socket:
        return _in_namespace(pin, lambda: socket.create_connection(("127.0.0.1", port), timeout))

    def close(self) -> None:
        self._shells.close()


def connect(path: str, timeout: float) -> socket.socket:
    """A connection to a unix socket."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(timeout)
    try:
        link.connect(path)
    except OSError:
        link.close()
        raise
    return link


def _in_namespace(pin: str, act: Callable[[], socket.socket]) -> socket.socket:
    """Run `act` in a thread of its own that enters the namespace: a thread's namespace ends with it."""
    found: list[socket.socket | BaseException] = []

    def enter() -> None:
        try:
            _setns(pin)
            found.append(act())
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(found[0], socket.socket):
        return found[0]
    raise found[0]


def _setns(pin: str) -> None:
    import ctypes

    fd = os.open(pin, os.O_RDONLY)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(fd, 0x40000000):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(fd)
