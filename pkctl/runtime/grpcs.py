"""A gRPC health check with nothing but a socket: one request of grpc.health.v1.Health/Check over HTTP/2.

Only what the check needs: headers are sent uncompressed, and of the answer only its first message is read. Upstream:
pkg/probe/grpc/grpc.go.
"""

from __future__ import annotations

import contextlib
import struct

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from typing import Any

    Dial = Callable[[str, int, float], socket.socket]

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
STATES = {0: "UNKNOWN", 1: "SERVING", 2: "NOT_SERVING", 3: "SERVICE_UNKNOWN"}


def check(dial: Dial, ip: str, wanted: dict[str, Any], timeout: float) -> tuple[bool, str]:
    """Passed when the service says SERVING; else what went wrong."""
    port, service = int(wanted["port"]), wanted.get("service") or ""
    where = f"{ip}:{port}"
    late = f'timeout: failed to connect service "{where}" within {timeout:g}s: context deadline exceeded'
    try:
        link = dial(ip, port, timeout)
    except TimeoutError:
        return False, late
    except (OSError, errors.NodeError):
        return False, f'error: failed to connect service "{where}": connection refused'
    with link:
        try:
            return _judged(_ask(link, where, service))
        except TimeoutError:
            return False, late
        except (OSError, ValueError) as error:
            return False, f"error: health rpc probe failed: {error}"


def _judged(answer: bytes | None) -> tuple[bool, str]:
    if answer is None:
        return False, "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)"
    state = STATES.get(answer[6] if len(answer) > 6 else 0, "UNKNOWN")
    return (True, "") if state == "SERVING" else (False, f'service unhealthy (responded with "{state}")')


def _ask(link: socket.socket, where: str, service: str) -> bytes | None:
    """The answer's first message with its five bytes of length; None when it is only an error."""
    name = service.encode()
    message = b"\x0a" + bytes([len(name)]) + name if name else b""
    body = b"\0" + struct.pack(">L", len(message)) + message
    link.sendall(PREFACE + _frame(SETTINGS, 0, 0, b"") + _frame(HEADERS, 4, 1, _headers(where)) + _frame(DATA, 1, 1, body))
    seen = b""
    for kind, flags, stream, content in _frames(link):
        if kind == SETTINGS and not flags & 1:
            _acknowledge(link, SETTINGS, b"")
        elif kind == PING and not flags & 1:
            _acknowledge(link, PING, content)
        elif kind == GOAWAY or (kind == RESET and stream == 1):
            raise ConnectionError("the connection was closed by the server")
        elif kind == DATA and stream == 1:
            seen += content
            if len(seen) >= 5 and len(seen) >= 5 + struct.unpack(">L", seen[1:5])[0]:
                return seen
        elif kind == HEADERS and flags & 1:
            return None
    raise ConnectionError("the connection was closed by the server")


def _acknowledge(link: socket.socket, kind: int, content: bytes) -> None:
    # A server that has answered and hung up needs no acknowledgement.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        link.sendall(_frame(kind, 1, 0, content))


def _headers(where: str) -> bytes:
    rows = {
        ":method": "POST",
        ":scheme": "http",
        ":path": "/grpc.health.v1.Health/Check",
        ":authority": where,
        "content-type": "application/grpc",
        "te": "trailers",
        "user-agent": "kube-probe/1.36",
    }
    return b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode() for name, value in rows.items())


def _frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    return struct.pack(">L", len(content))[1:] + struct.pack(">BBL", kind, flags, stream) + content


def _frames(link: socket.socket) -> Iterator[tuple[int, int, int, bytes]]:
    while head := _exactly(link, 9):
        size = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBL", head[3:])
        yield kind, flags, stream, _exactly(link, size)


def _exactly(link: socket.socket, size: int) -> bytes:
    seen = b""
    while len(seen) < size:
        chunk = link.recv(size - len(seen))
        if not chunk:
            return b""
        seen += chunk
    return seen
