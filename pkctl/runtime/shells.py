"""A shell on a node, kept open: scripts in, text and exit code out.

The same code serves `sh` on this machine and `ssh NODE sh`; only the command that starts it differs. Several threads share a
few shells, since a slow probe must not hold up everybody else.
"""

from __future__ import annotations

import os
import select
import shlex
import threading
import time

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

LIMIT = 4
"""Shells per node; sshd allows ten sessions on one connection, and port-forwards and attached terminals need some too."""


class Shell:
    """One running shell; not for use by two threads at once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process, self._in, self._out = process, process.stdin.fileno(), process.stdout.fileno()
        self._rest = b""

    def run(self, script: str, timeout: float) -> tuple[int, bytes]:
        """Exit code and everything printed; TimeoutError and EOFError leave the shell unusable."""
        mark = f"--{os.urandom(8).hex()}--"
        text = f"( eval {shlex.quote(script)} ) </dev/null 2>&1; printf '\\n{mark}%d\\n' $?\n"
        deadline = time.monotonic() + timeout
        self._send(text.encode(), deadline)
        return self._answer(b"\n" + mark.encode(), deadline)

    def _send(self, text: bytes, deadline: float) -> None:
        view = memoryview(text)
        while view:
            if not select.select([], [self._in], [], max(0, deadline - time.monotonic()))[1]:
                raise TimeoutError
            try:
                view = view[os.write(self._in, view[:4096]) :]
            except BrokenPipeError:
                raise EOFError from None

    def _answer(self, mark: bytes, deadline: float) -> tuple[int, bytes]:
        seen = bytearray()
        while True:
            at = seen.find(mark, max(0, len(seen) - 65536 - len(mark)))
            if at >= 0 and seen.endswith(b"\n"):
                return int(seen[at + len(mark) :]), bytes(seen[:at])
            if not select.select([self._out], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            chunk = os.read(self._out, 65536)
            if not chunk:
                raise EOFError
            seen += chunk

    def close(self) -> None:
        """End the shell and what runs in it."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait()


class Shells:
    """A few shells, opened when needed and reused; `start` opens one or raises NodeError."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._idle: list[Shell] = []
        self._room = threading.BoundedSemaphore(LIMIT)
        self._lock = threading.Lock()

    def run(self, script: str, timeout: float) -> tuple[int, bytes]:
        """Exit code and output; NodeError when the shell is gone or silent."""
        with self._room:
            shell, fresh = self._take()
            try:
                answer = shell.run(script, timeout)
            except EOFError:
                shell.close()
                if fresh:
                    raise errors.NodeError("NodeUnreachable", "the node closed the connection") from None
                return self.run_fresh(script, timeout)
            except TimeoutError:
                shell.close()
                raise errors.NodeError("NodeUnreachable", f"no answer from the node within {timeout:g} s") from None
            with self._lock:
                self._idle.append(shell)
            return answer

    def run_fresh(self, script: str, timeout: float) -> tuple[int, bytes]:
        """As `run`, in a shell just opened: the kept ones may all belong to a connection that is gone."""
        self.close()
        shell = Shell(self._start())
        try:
            return shell.run(script, timeout)
        except (EOFError, TimeoutError):
            raise errors.NodeError("NodeUnreachable", "the node closed the connection") from None
        finally:
            shell.close()

    def _take(self) -> tuple[Shell, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), False
        return Shell(self._start()), True

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for shell in idle:
            shell.close()
