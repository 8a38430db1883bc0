"""A running exec or attach over an upgraded connection: Podman's frames in, plain bytes out, sizes of the terminal aside.

Without a terminal every chunk comes in a frame: one byte of stream number, three of padding, four of length (big endian). With a
terminal the bytes are bare.
"""

from __future__ import annotations

import struct

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

LOST = b"Error: read unixpacket "
"""What Podman says, behind the reason, when a command could not be started: about its own insides."""
NAMES = {0: "stdout", 1: "stdout", 2: "stderr"}


class Upgraded:
    """`base.Stream` over a socket: `resize(rows, columns)` and `ended()` -> exit code are calls of the API beside it."""

    def __init__(
        self, link: socket.socket, rest: bytes, *, tty: bool, resize: Callable[[int, int], object], ended: Callable[[], int]
    ) -> None:
        self._link, self._seen, self._tty, self._resize, self._ended = link, bytearray(rest), tty, resize, ended
        self._over = False
        link.settimeout(None)

    def read(self, timeout: float | None = None) -> tuple[str, bytes] | None:
        while True:
            chunk = self._cut()
            if chunk and chunk[1].startswith(LOST):
                continue
            if chunk:
                return chunk
            if self._over:
                return None
            self._receive(timeout)

    def _cut(self) -> tuple[str, bytes] | None:
        if self._tty:
            taken, self._seen = bytes(self._seen), bytearray()
            return ("stdout", taken) if taken else None
        if len(self._seen) < 8:
            return None
        number, size = struct.unpack(">BxxxL", self._seen[:8])
        if len(self._seen) < 8 + size:
            return None
        taken = bytes(self._seen[8 : 8 + size])
        del self._seen[: 8 + size]
        return NAMES.get(number, "stderr"), taken

    def _receive(self, timeout: float | None) -> None:
        self._link.settimeout(timeout)
        try:
            chunk = self._link.recv(65536)
        except (BlockingIOError, TimeoutError):
            raise TimeoutError from None
        except OSError:
            chunk = b""
        self._seen += chunk
        self._over = not chunk

    def write(self, data: bytes) -> None:
        self._link.settimeout(None)
        try:
            self._link.sendall(data)
        except OSError:
            raise errors.NodeError("RuntimeUnavailable", "the command has ended or the node is gone") from None

    def close_stdin(self) -> None:
        import socket

        try:
            self._link.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def resize(self, rows: int, columns: int) -> None:
        self._resize(rows, columns)

    def exit_code(self) -> int:
        return self._ended()

    def fileno(self) -> int:
        return self._link.fileno()

    def close(self) -> None:
        self._link.close()
