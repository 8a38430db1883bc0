"""Podman's own REST API (libpod) over a unix socket: requests, errors, upgraded connections.

Written here because the podman package has neither attach nor exec input, and takes a third of a second to import. The server
ignores the version in the path, so 4.0.0 is said to every Podman. Connections are kept and shared by threads; the service ends
itself when idle, so a kept connection that turns out dead is opened anew once. Every call is safe to send twice.
"""

from __future__ import annotations

import contextlib
import json
import threading
from urllib import parse

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import http.client
    import socket
    from collections.abc import Callable, Iterator
    from typing import Any

    Open = Callable[..., socket.socket]

ROOT = "/v4.0.0/libpod"
TIMEOUT = 30.0


class Refused(errors.NodeError):
    """An answer other than success: `status` is the HTTP code; `kind` is what the caller makes of it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__("RuntimeUnavailable", message)
        self.status = status


class Client:
    """`reach(timeout, fresh=False)` gives a connected socket; fresh when the service must be looked after first."""

    def __init__(self, reach: Open) -> None:
        self._reach = reach
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, query)

    def post(self, path: str, body: Any = None, *, timeout: float = TIMEOUT, **query: Any) -> Any:
        return self.call("POST", path, query, body, timeout)

    def delete(self, path: str, *, timeout: float = TIMEOUT, **query: Any) -> Any:
        return self.call("DELETE", path, query, None, timeout)

    def call(self, method: str, path: str, query: dict[str, Any], body: Any = None, timeout: float = TIMEOUT) -> Any:
        """The decoded answer, None when it is empty; Refused for a 4xx or 5xx, NodeError when Podman can't be reached."""
        link, answer = self.send(method, path, query, json.dumps(body).encode() if body is not None else b"", timeout)
        with self._mapped(link):
            raw = answer.read()
        self._keep(link, answer)
        if answer.status >= 400:
            raise Refused(answer.status, _message(raw))
        return json.loads(raw) if raw.strip() else None

    def lines(
        self, method: str, path: str, query: dict[str, Any], *, headers: dict[str, str] | None = None, timeout: float = TIMEOUT
    ) -> Iterator[dict[str, Any]]:
        """An answer that comes as JSON lines; a silence longer than `timeout` is a NodeError."""
        link, answer = self.send(method, path, query, b"", timeout, headers)
        try:
            with self._mapped(link):
                if answer.status >= 400:
                    raise Refused(answer.status, _message(answer.read()))
                for line in answer:
                    yield json.loads(line)
        finally:
            link.close()

    def send(
        self, method: str, path: str, query: dict[str, Any], body: Any, timeout: float, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """The connection and the opened answer; the caller reads it to the end and closes the connection."""
        link = self._take(timeout)
        try:
            return link, _ask(link, method, path, query, body, headers)
        except _broken():
            link.close()
        with self._lock:
            self._idle.clear()
        link = self._open(timeout, fresh=True)
        with self._mapped(link):
            return link, _ask(link, method, path, query, body, headers)

    def upgrade(self, path: str, query: dict[str, Any], body: Any, timeout: float = TIMEOUT) -> tuple[socket.socket, bytes]:
        """POST and take the connection over: the raw socket and the bytes that came behind the headers."""
        raw = b"" if body is None else json.dumps(body).encode()
        head = (
            f"POST {_url(path, query)} HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        try:
            return _taken(self._reach(timeout), head.encode() + raw)
        except OSError:
            pass
        try:
            return _taken(self._reach(timeout, fresh=True), head.encode() + raw)
        except OSError as error:
            raise errors.NodeError("RuntimeUnavailable", f"Podman broke the connection: {error}") from None

    def _take(self, timeout: float) -> http.client.HTTPConnection:
        with self._lock:
            link = self._idle.pop() if self._idle else None
        if link is None:
            return self._open(timeout)
        link.sock.settimeout(timeout)
        return link

    def _open(self, timeout: float, *, fresh: bool = False) -> http.client.HTTPConnection:
        import http.client

        link = http.client.HTTPConnection("d", timeout=timeout)
        try:
            link.sock = self._reach(timeout, fresh=fresh)
        except OSError as error:
            raise errors.NodeError("RuntimeUnavailable", f"the Podman service can't be reached: {error}") from None
        return link

    def _keep(self, link: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
        if answer.will_close:
            link.close()
            return
        with self._lock:
            self._idle.append(link)

    @contextlib.contextmanager
    def _mapped(self, link: http.client.HTTPConnection) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            link.close()
            raise errors.NodeError("NodeUnreachable", "Podman doesn't answer") from None
        except _broken() as error:
            link.close()
            raise errors.NodeError("RuntimeUnavailable", f"Podman broke the connection: {error}") from None

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for link in idle:
            link.close()


def _broken() -> tuple[type[Exception], ...]:
    import http.client

    return (ConnectionError, http.client.HTTPException)


def _ask(
    link: http.client.HTTPConnection, method: str, path: str, query: dict[str, Any], body: Any, headers: dict[str, str] | None
) -> http.client.HTTPResponse:
    kind = {"Content-Type": "application/x-tar" if hasattr(body, "read") else "application/json"} if body else {}
    try:
        link.request(method, _url(path, query), body or None, {**kind, **(headers or {})})
        return link.getresponse()
    except TimeoutError:
        link.close()
        raise errors.NodeError("NodeUnreachable", "Podman doesn't answer") from None


def _url(path: str, query: dict[str, Any]) -> str:
    # `timeout_` is Podman's parameter, `timeout` the call's own.
    pairs = {name.rstrip("_"): _word(value) for name, value in query.items() if value is not None}
    return f"{ROOT}{path}?{parse.urlencode(pairs)}" if pairs else f"{ROOT}{path}"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _message(raw: bytes) -> str:
    try:
        body = json.loads(raw)
        return str(body.get("message") or body.get("cause") or raw.decode())
    except (ValueError, AttributeError):
        return raw.decode(errors="replace").strip()


def _taken(link: socket.socket, request: bytes) -> tuple[socket.socket, bytes]:
    try:
        link.sendall(request)
        return link, _upgraded(link)
    except (OSError, errors.NodeError):
        link.close()
        raise


def _upgraded(link: socket.socket) -> bytes:
    seen = bytearray()
    while b"\r\n\r\n" not in seen:
        chunk = link.recv(4096)
        if not chunk:
            raise ConnectionResetError("the connection was closed")
        seen += chunk
    head, _, rest = bytes(seen).partition(b"\r\n\r\n")
    status = int(head.split(None, 2)[1])
    if status not in (101, 200):
        while chunk := link.recv(4096):
            rest += chunk
        raise Refused(status, _message(rest))
    return rest
