"""`port-forward`: local ports carried to a pod's. Upstream: kubectl's cmd/portforward."""

from __future__ import annotations

import contextlib

from pkctl import errors
from pkctl.cli import interrupts, pods

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
    words = [_numbered(target, pod, *_split(text)) for text in ctx.args[1:]]
    phase = (pod.get("status") or {}).get("phase")
    if phase != "Running":
        raise errors.CommandError(f"unable to forward port because pod is not running. Current status={phase}")
    addresses = _addresses(ctx.flags["address"])
    ports = [(_port("local", local or "0"), _port("remote", remote)) for local, remote in words]
    if any(not remote for _, remote in ports):
        raise errors.CommandError("remote port must be > 0")
    listening = [(sock, remote) for local, remote in ports for sock in _listen(ctx, addresses, local, remote)]
    if not listening:
        shown = " ".join(f"{{{local} {remote}}}" for local, remote in ports)
        raise errors.CommandError(f"unable to listen on any of the requested ports: [{shown}]")
    interrupts.hear()
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it, and no failure
        _serve(ctx, pods_of(ctx, ctx.args[0], pod), listening)
    return 0


def _split(text: str) -> tuple[str, str]:
    """`LOCAL:REMOTE` or one port for both."""
    parts = text.split(":")
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[0])


def _numbered(target: Object, pod: Object, local: str, remote: str) -> tuple[str, str]:
    """The same with the names of a Service's or a pod's ports looked up."""
    if target["kind"] == "Service":
        port = remote if _is_number(remote) else str(_service_port(target, remote))
        if any(str(each["port"]) == port and each.get("protocol") == "UDP" for each in target["spec"].get("ports") or ()):
            raise errors.CommandError(f"UDP protocol is not supported for {remote}")
        return (port if local == remote else local), str(_target_port(target, pod, int(port)))
    if not remote:
        raise errors.CommandError("remote port cannot be empty")
    number = remote if _is_number(remote) else str(_named(pod, remote))
    found = {each.get("protocol", "TCP") for each in _ports(pod) if str(each["containerPort"]) == number}
    if found == {"UDP"}:
        raise errors.CommandError(f"UDP protocol is not supported for {remote}")
    return (number if local == remote else local), number


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _port(which: str, text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        why = "value out of range" if text.isdecimal() else "invalid syntax"
        raise errors.CommandError(f"error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": {why}")
    return int(text)


def _service_port(service: Object, name: str) -> int:
    for port in service["spec"].get("ports") or ():
        if port.get("name") == name:
            return int(port["port"])
    raise errors.CommandError(f"Service '{service['metadata']['name']}' does not have a named port '{name}'")


def _target_port(service: Object, pod: Object, number: int) -> int:
    spec = service["spec"]
    port = next((each for each in spec.get("ports") or () if each["port"] == number), None)
    if port is None:
        raise errors.CommandError(f"Service {service['metadata']['name']} does not have a service port {number}")
    wanted = str(port.get("targetPort") or number)
    if spec.get("clusterIP") == "None":
        return number
    return int(wanted) if wanted.isdecimal() else _named(pod, wanted)


def _ports(pod: Object) -> list[Object]:
    """Every port of the containers that run for as long as the pod does."""
    spec = pod["spec"]
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    return [port for container in [*spec["containers"], *sidecars] for port in container.get("ports") or ()]


def _named(pod: Object, name: str) -> int:
    for port in _ports(pod):
        if port.get("name") == name:
            return int(port["containerPort"])
    raise errors.CommandError(f"Pod '{pod['metadata']['name']}' does not have a named port '{name}'")


LOCALHOST = ("127.0.0.1", "::1")


def _addresses(given: list[str]) -> dict[str, bool]:
    """The addresses to listen on, in order, and whether each must work: of localhost's two one is enough."""
    from ipaddress import ip_address

    found: dict[str, bool] = {}
    for word in given:
        if word == "localhost":
            found = {**dict.fromkeys(LOCALHOST, False), **found}
            continue
        try:
            ip_address(word)
        except ValueError:
            raise errors.CommandError(f"{word} is not a valid IP") from None
        found[word] = True
    if not found:
        raise errors.CommandError("you must specify at least 1 address")
    return dict(sorted(found.items()))


def _listen(ctx: Context, addresses: dict[str, bool], local: int, remote: int) -> list[socket.socket]:
    """The sockets of one port, none when they could not be had, which is told."""
    found: list[socket.socket] = []
    failed: list[str] = []
    refused, eased = False, False
    for address, is_needed in addresses.items():
        shown = f"[{address}]" if ":" in address else address
        try:
            sock = _bound(address, local)
        except OSError as error:
            family = "tcp6" if ":" in address else "tcp4"
            said = (error.strerror or "").lower()
            failed.append(f"unable to create listener: Error listen {family} {shown}:{local}: bind: {said}")
            refused = refused or is_needed
            continue
        local = int(sock.getsockname()[1])
        eased = eased or not is_needed
        ctx.io.out(f"Forwarding from {shown}:{local} -> {remote}\n")
        found.append(sock)
    optional = not all(addresses.values())
    if failed and (refused or (optional and not eased)):
        why = f"Listeners failed to create with the following errors: [{' '.join(failed)}]"
        ctx.io.err(f"Unable to listen on port {local}: {why}\n")
        return []
    ctx.io.stdout.flush()
    return found


def _bound(address: str, port: int) -> socket.socket:
    import socket

    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(64)
    except OSError:
        sock.close()
        raise
    return sock


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
            threading.Thread(target=_connect, args=(ctx, pod, caller, sock.getsockname()[1], remote), daemon=True).start()


def _connect(ctx: Context, pod: Any, caller: socket.socket, local: int, remote: int) -> None:
    """Dial for one caller, in a thread of its own, since a pod may take its time to answer; then carry."""
    far = _dialled(ctx, pod, local, remote)
    if far is None:
        caller.close()
    else:
        carry(caller, far)


def _dialled(ctx: Context, pod: Any, local: int, remote: int) -> socket.socket | None:
    """A connection to the pod's port; None, and a line of kubectl's log, when there is none to be had."""
    try:
        meta = pod()["metadata"]
        return ctx.client.dial(meta["namespace"], meta["name"], remote)  # type: ignore[no-any-return]
    except (errors.PkctlError, OSError) as error:
        said = (error.strerror or "").lower() if isinstance(error, OSError) else str(error)
        said = f"connect to localhost:{remote} in the pod: {said}" if isinstance(error, OSError) else said
        text = f'"An error occurred forwarding" err="{said}" localPort={local} remotePort={remote}'
        ctx.io.log("E", "portforward.go:413", text)
        return None


def carry(caller: socket.socket, far: socket.socket) -> None:
    """Bytes both ways until the pod's side has ended, as `kubectl` does; then let go of both."""
    import contextlib
    import socket
    import threading

    sender = threading.Thread(target=_copy, args=(caller, far), daemon=True)
    sender.start()
    _copy(far, caller)
    for each in (caller, far):
        # A socket that is closed while a thread reads it stays open, and the thread in it, for as long as the other side likes.
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
    sender.join()
    far.close()
    caller.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    import socket

    try:
        while body := source.recv(65536):
            target.sendall(body)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One side hung up: nothing is left to carry.
        return
