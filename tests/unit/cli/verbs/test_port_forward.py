"""`port-forward`: which ports a command line means, and how it is refused."""

from __future__ import annotations

import socket
import threading

import pytest

from pkctl.cli.verbs import port_forward
from tests.unit.cli import lines

OBJECTS = """apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: "web:1", ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: www, port: 80, targetPort: http}]}
"""


@pytest.fixture
def web(sh: lines.Shell) -> lines.Shell:
    """A running pod and its service."""
    sh("create", "-f", "-", text=OBJECTS)
    sh("patch", "pod", "web", "--subresource=status", "--type=merge", "-p", '{"status":{"phase":"Running"}}')
    return sh


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("web x", "Pod 'web' does not have a named port 'x'"),
        ("web 80:", "remote port cannot be empty"),
        ("web 0", "remote port must be > 0"),
        ("web x:80", "error parsing local port 'x': strconv.ParseUint: parsing \"x\": invalid syntax"),
        ("web 1:70000", "error parsing remote port '70000': strconv.ParseUint: parsing \"70000\": value out of range"),
        ("web 53", "UDP protocol is not supported for 53"),
        ("web dns", "UDP protocol is not supported for dns"),
        ("svc/web 81", "Service web does not have a service port 81"),
        ("svc/web x", "Service 'web' does not have a named port 'x'"),
        ("web 80 --address=here", "here is not a valid IP"),
    ],
)
def test_a_port_that_can_not_be_meant_is_refused(web: lines.Shell, words: str, said: str) -> None:
    assert web("port-forward", *words.split()).err == f"error: {said}\n"


def test_a_port_in_use_is_told_as_go_tells_it(web: lines.Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = web("port-forward", "web", f"{port}:http", "--address=127.0.0.1").err
    assert said == (
        f"Unable to listen on port {port}: Listeners failed to create with the following errors: "
        f"[unable to create listener: Error listen tcp4 127.0.0.1:{port}: bind: address already in use]\n"
        f"error: unable to listen on any of the requested ports: [{{{port} 8080}}]\n"
    )


def test_a_connection_whose_pod_hung_up_is_let_go_of_although_its_caller_stays() -> None:
    caller, user = socket.socketpair()
    far, pod = socket.socketpair()
    pod.close()
    before = set(threading.enumerate())
    with user:
        port_forward.carry(caller, far)
        assert (user.recv(1), set(threading.enumerate()) - before) == (b"", set())
