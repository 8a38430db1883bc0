"""Probes over a socket that a test serves."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from pkctl import errors
from pkctl.runtime import grpcs, probing

CONTAINER = {"name": "c", "ports": [{"name": "web", "containerPort": 80}]}


def serving(*pieces):
    """A dial whose other end reads once and answers with each piece."""

    def dial(host, port, timeout):
        near, far = socket.socketpair()
        near.settimeout(timeout)

        def serve():
            with far:
                far.recv(65536)
                for piece in pieces:
                    far.sendall(piece)

        threading.Thread(target=serve).start()
        return near

    return dial


def refusing(host, port, timeout):
    raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(("status", "passed"), [(200, True), (302, True), (399, True), (400, False), (500, False)])
def test_http_passes_below_400(status, passed):
    dial = serving(f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nhi".encode())
    assert probing.http(dial, "10.0.0.1", CONTAINER, {"port": "web"}, 1)[0] is passed


def test_http_says_the_code():
    dial = serving(b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")
    assert probing.http(dial, "10.0.0.1", CONTAINER, {"port": 80}, 1) == (False, "HTTP probe failed with statuscode: 503")


def test_http_that_is_refused_says_so():
    said = probing.http(refusing, "10.0.0.1", CONTAINER, {"port": 80, "path": "/x"}, 1)
    assert said == (False, 'Get "http://10.0.0.1:80/x": dial tcp 10.0.0.1:80: connect: connection refused')


def test_a_port_without_a_name_is_not_guessed():
    with pytest.raises(errors.NodeError, match='unable to find port "none"'):
        probing.tcp(serving(), "10.0.0.1", CONTAINER, {"port": "none"}, 1)


def test_exec_that_takes_too_long_says_so():
    assert probing.verdict(124, b"") == (False, "command timed out")


def frame(kind, flags, stream, content):
    return struct.pack(">L", len(content))[1:] + struct.pack(">BBL", kind, flags, stream) + content


def answer(state):
    message = b"\x08" + bytes([state])
    return frame(4, 0, 0, b"") + frame(1, 4, 1, b"\x88") + frame(0, 0, 1, b"\0" + struct.pack(">L", len(message)) + message)


@pytest.mark.parametrize(
    ("state", "expected"),
    [(1, (True, "")), (2, (False, 'service unhealthy (responded with "NOT_SERVING")'))],
    ids=["serving", "not serving"],
)
def test_grpc_asks_for_health(state, expected):
    assert grpcs.check(serving(answer(state)), "10.0.0.1", {"port": 1}, 1) == expected


def test_grpc_without_the_service_is_told():
    dial = serving(frame(4, 0, 0, b"") + frame(1, 5, 1, b"\x88"))
    assert "does not implement the grpc health protocol" in grpcs.check(dial, "10.0.0.1", {"port": 1}, 1)[1]


def test_grpc_refused_is_told():
    assert grpcs.check(refusing, "10.0.0.1", {"port": 9}, 1) == (False, 'error: failed to connect service "10.0.0.1:9": connection refused')
