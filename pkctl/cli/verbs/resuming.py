"""A path of a container as a tar to read, which goes on where it broke off. Upstream: TarPipe of kubectl's cmd/cp.

Not here: what is done with the tar's members (`cp`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.cli.streams import Io
    from pkctl.runtime import base as runtime

    Begin = Callable[[list[str]], runtime.Stream]

BLOCK = 512
"""Bytes of which a tar is made."""


def command(path: str, retries: int, start: int) -> list[str]:
    """What makes the tar in the container: all of it, or with retries from a byte on, counted from one."""
    if not retries:
        return ["tar", "cf", "-", path]
    quoted = path.replace("'", "'\\''")
    return ["sh", "-c", f"tar cf - '{quoted}' | tail -c+{start}"]


class Archive:
    """`begin` runs a command in the container; `retries` is how often it may be run again, without end when below zero."""

    def __init__(self, begin: Begin, path: str, retries: int, io: Io) -> None:
        self._begin, self._path, self._retries, self._io = begin, path, retries, io
        self._kept = b""
        self._tried = self._passed = 0
        self.is_over = False
        self._stream = begin(command(path, retries, 0))

    def read(self, size: int) -> bytes:
        """At least one byte, at most `size`; none at the end; CommandError when the command failed."""
        while not self._kept and not self.is_over:
            if not self._receive():
                self._resume()
        body, self._kept = self._kept[:size], self._kept[size:]
        self._passed += len(body)
        return body

    @property
    def is_cut(self) -> bool:
        """Whether it ended within a block of the tar."""
        return self.is_over and self._passed % BLOCK != 0

    def finish(self) -> None:
        """Leave what follows the tar's end; CommandError when the command failed."""
        while not self.is_over and self._receive():
            self._kept = b""

    def _receive(self) -> bool:
        """Whether there may be more after what has come now; the command's own errors go where kubectl shows them."""
        try:
            chunk = self._stream.read(30)
        except TimeoutError:
            return True
        if chunk is None:
            self._end()
            return False
        if chunk[0] == "stderr":
            self._io.out_bytes(chunk[1])
        else:
            self._kept += chunk[1]
        return True

    def _end(self) -> None:
        code = 0
        try:
            code = self._stream.exit_code()
        except errors.NodeError:
            if not self._is_resumable:
                raise
        finally:
            self._stream.close()
        terminal.leave(code)

    @property
    def _is_resumable(self) -> bool:
        return self._retries < 0 or self._tried < self._retries

    def _resume(self) -> None:
        if not self._is_resumable:
            self._io.out(f"Dropping out copy after {self._tried} retries\n")
            self.is_over = True
            return
        self._tried += 1
        self._io.out(f"Resuming copy at {self._passed} bytes, retry {self._tried}/{self._retries}\n")
        self._stream = self._begin(command(self._path, self._retries, self._passed + 1))
