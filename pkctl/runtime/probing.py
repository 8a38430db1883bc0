"""Running a probe's question once: a command, an HTTP request, a connection, a gRPC health check. Upstream: pkg/probe/*.

Connections are made from the node to the pod's address, as the kubelet does it. Not here: periods, thresholds, what follows.
"""

from __future__ import annotations

import shlex

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import Any

    Object = dict[str, Any]
    Dial = Callable[[str, int, float], socket.socket]

LIMIT = 10 * 1024


def port_of(container: Object, port: int | str) -> int:
    """A probe's port as a number; NodeError when no port has that name."""
    if isinstance(port, int) or str(port).isdigit():
        return int(port)
    for one in container.get("ports") or ():
        if one.get("name") == port:
            return int(one["containerPort"])
    raise errors.NodeError("RuntimeUnavailable", f'unable to find port "{port}" in container {container["name"]}')


def command(runtime: str, id: str, words: list[str], timeout: float) -> str:
    """The script that runs a command in a container by the OCI runtime itself: the container's own limits hold, in half Podman's time."""
    return f"timeout -k 1 {timeout:g} {shlex.quote(runtime)} exec {id} {shlex.join(words)}"


def verdict(code: int, output: bytes) -> tuple[bool, str]:
    """What an exec probe's exit code says; 124 is `timeout`'s own."""
    text = output[:LIMIT].decode(errors="replace")
    return code == 0, "command timed out" if code in (124, 137) else text


def http(dial: Dial, ip: str, container: Object, get: Object, timeout: float) -> tuple[bool, str]:
    """An httpGet probe: passed from 200 to 399. Redirects to other hosts count as passed, those within aren't followed."""
    import http.client

    host, port = get.get("host") or ip, port_of(container, get["port"])
    secure = get.get("scheme", "HTTP").upper() == "HTTPS"
    path = "/" + (get.get("path") or "/").lstrip("/")
    url = f"{'https' if secure else 'http'}://{host}:{port}{path}"
    headers = {"User-Agent": "kube-probe/1.36", "Accept": "*/*", "Connection": "close"}
    headers |= {one["name"]: one["value"] for one in get.get("httpHeaders") or ()}
    link = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        raw = dial(host, port, timeout)
        link.sock = _wrapped(raw) if secure else raw
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        text = answer.read(LIMIT).decode(errors="replace")
    except TimeoutError:
        return False, f'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    except (OSError, http.client.HTTPException, errors.NodeError) as error:
        return False, f'Get "{url}": dial tcp {host}:{port}: {_said(error)}'
    finally:
        link.close()
    if 200 <= answer.status < 400:
        return True, text
    return False, f"HTTP probe failed with statuscode: {answer.status}"


def tcp(dial: Dial, ip: str, container: Object, wanted: Object, timeout: float) -> tuple[bool, str]:
    """A tcpSocket probe: passed when somebody accepts."""
    host, port = wanted.get("host") or ip, port_of(container, wanted["port"])
    try:
        dial(host, port, timeout).close()
    except TimeoutError:
        return False, f"dial tcp {host}:{port}: i/o timeout"
    except (OSError, errors.NodeError) as error:
        return False, f"dial tcp {host}:{port}: {_said(error)}"
    return True, ""


def _said(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connect: connection refused"
    return str(getattr(error, "strerror", None) or error).lower()


def _wrapped(link: socket.socket) -> socket.socket:
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(link)
