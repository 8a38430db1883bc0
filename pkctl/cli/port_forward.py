"""`port-forward`: local ports carried to a pod's. Upstream: kubectl's cmd/portforward."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import pods

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NEEDS = "TYPE/NAME and list of ports are required for port-forward"


def run(ctx: Context) -> int:
    """Forward until interrupted."""
    if len(ctx.args) < 2:
        raise ctx.usage(NEEDS)
    pods.judge_timeout(ctx)
    target = pods.find(ctx, ctx.args[0])
    pod = target if target["kind"] == "Pod" else pods.one(ctx, ctx.args[0])
    ports = [_pair(target, pod, text) for text in ctx.args[1:]]
    phase = (pod.get("status") or {}).get("phase")
    if phase != "Running":
        raise errors.CommandError(f"unable to forward port because pod is not running. Current status={phase}")
    listening = [(sock, remote) for local, remote in ports for sock in _listen(ctx, local, remote)]
    if not listening:
        raise errors.CommandError("unable to listen on any of the requested ports: " + str(ports))
    _serve(ctx, pods_of(ctx, ctx.args[0], pod), listening)
    return 0


def _pair(target: Object, pod: Object, text: str) -> tuple[int, int]:
    """`LOCAL:REMOTE`, `REMOTE`, `:REMOTE`; names of a Service's or a pod's ports are looked up."""
    local, colon, remote = text.partition(":")
    remote = remote if colon else local
    if not remote or (local and not local.isdigit() and colon):
        raise errors.CommandError(f"invalid port format '{text}'" if not remote else f"error parsing local port '{local}': invalid syntax")
    number = _number(target, pod, remote)
    return (int(local) if local.isdigit() else 0 if colon else number), number


def _number(target: Object, pod: Object, text: str) -> int:
    if target["kind"] == "Service":
        for port in target["spec"].get("ports") or []:
            if text in (str(port["port"]), port.get("name")):
                wanted = port.get("targetPort", port["port"])
                return int(wanted) if str(wanted).isdigit() else _named(pod, str(wanted))
        raise errors.CommandError(f"Service {target['metadata']['name']} does not have a service port {text}")
    return int(text) if text.isdigit() else _named(pod, text)


def _named(pod: Object, name: str) -> int:
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or []:
            if port.get("name") == name:
                return int(port["containerPort"])
    raise errors.CommandError(f"Pod '{pod['metadata']['name']}' does not have a named port '{name}'")


def _listen(ctx: Context, local: int, remote: int) -> list[socket.socket]:
    import socket

    found: list[socket.socket] = []
    addresses = {"localhost": ["127.0.0.1", "::1"]}
    for given in ctx.flags["address"]:
        for address in addresses.get(given, [given]):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((address, local))
            except OSError as error:
                sock.close()
                if address != "::1":
                    ctx.io.err(f"Unable to listen on port {local}: {error.strerror}\n")
                continue
            sock.listen(64)
            local = int(sock.getsockname()[1])
            shown = f"[{address}]" if ":" in address else address
            ctx.io.out(f"Forwarding from {shown}:{local} -> {remote}\n")
            found.append(sock)
    ctx.io.stdout.flush()
    return found


def pods_of(ctx: Context, word: str, first: Object) -> Any:
    """A function that names the pod to dial now: another one of the workload when the first is gone."""
    current = [first]

    def pod() -> Object:
        meta = current[0]["metadata"]
        row = ctx.kinds().by_id("pods")
        assert row is not None
        try:
            now = ctx.client.get(row, meta["namespace"], meta["name"])
            if now["metadata"]["uid"] == meta["uid"] and (now.get("status") or {}).get("phase") == "Running":
                return current[0]
        except errors.NotFound:
            pass
        current[0] = pods.one(ctx, word)
        return current[0]

    return pod


def _serve(ctx: Context, pod: Any, listening: list[tuple[socket.socket, int]]) -> None:
    import select
    import threading

    ports = {sock.fileno(): (sock, remote) for sock, remote in listening}
    while True:
        ready, _, _ = select.select(list(ports), [], [], 60)
        for place in ready:
            sock, remote = ports[place]
            caller, _ = sock.accept()
            ctx.io.out(f"Handling connection for {sock.getsockname()[1]}\n")
            ctx.io.stdout.flush()
            try:
                meta = pod()["metadata"]
                far = ctx.client.dial(meta["namespace"], meta["name"], remote)
            except errors.PkctlError as error:
                ctx.io.err(f"E an error occurred forwarding {sock.getsockname()[1]} -> {remote}: {error}\n")
                caller.close()
                continue
            threading.Thread(target=_copy, args=(caller, far), daemon=True).start()
            threading.Thread(target=_copy, args=(far, caller), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    import socket

    try:
        while body := source.recv(65536):
            target.sendall(body)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One side hung up: nothing is left to carry.
        return
