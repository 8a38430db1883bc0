"""This machine and the others: who they are, and the runtime that reaches each node's containers."""

from __future__ import annotations

import os

from pkctl import setups
from pkctl.objects import meta, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api import session as sessions
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime
    from pkctl.runtime import places, podman, ssh
    from pkctl.store import base

RUNTIME, MACHINE, SSH = "pkctl.dev/runtime", "pkctl.dev/machine", "pkctl.dev/ssh"
"""Node annotations: podman, ssh or sim; for podman the machine it is on; for ssh where to log in."""

LONGEST_CONTROL = 60
"""Characters of the folder for ssh's control sockets: a socket's name has to fit into 107 bytes."""


def node_name() -> str:
    """This machine's node name: its host name, as Kubernetes allows it."""
    name = os.uname().nodename.lower().replace("_", "-").strip("-.")
    return name or "localhost"


def machine_id() -> str:
    """What tells this machine from others that share a database; the host name where there is no machine id."""
    try:
        with open("/etc/machine-id") as file:
            return file.read().strip() or node_name()
    except OSError:
        return node_name()


def register(api: sessions.Api) -> None:
    """This machine becomes a node when the cluster first runs here."""
    with api.reading() as session:
        row = session.kinds().by_id("nodes")
        assert row is not None
        if session.tx.get(row.key("", node_name())) is not None:
            return
    from pkctl.api import options, resources
    from pkctl.engine import heartbeats

    annotations = {RUNTIME: "podman", MACHINE: machine_id()}
    with api.writing() as session:
        resources.create(session, row, "", heartbeats.node(node_name(), annotations, {}), options.Options(field_manager="kubelet"))


def runtime_named(setup: setups.Setup, api: sessions.Api, name: str) -> runtime.Runtime:
    """The runtime of a node by name; NodeError when this process can't reach it."""
    from pkctl import errors

    with api.reading() as session:
        row = session.kinds().by_id("nodes")
        entry = session.tx.get(row.key("", name)) if row else None
        found = runtime_of(setup, api, session.decode(entry)) if entry else None
    if found is None:
        raise errors.NodeError("NodeUnreachable", f"node {name!r} can't be reached from this machine")
    return found


def runtime_of(setup: setups.Setup, api: sessions.Api, node: Object) -> runtime.Runtime | None:
    """The runtime of a Node object, one for each node and process; None for another machine's local node."""
    name, notes = meta.name(node), meta.annotations(node)
    if name not in setup.runtimes:
        made = _make_runtime(setup, api.store, name, notes)
        if made is None:
            return None
        setup.runtimes[name] = made
    return setup.runtimes[name]


def _make_runtime(setup: setups.Setup, store: base.Store, name: str, notes: dict[str, str]) -> runtime.Runtime | None:
    kind = notes.get(RUNTIME)
    if kind == "podman":
        return local_runtime(setup, store) if notes.get(MACHINE) == machine_id() else None
    if kind == "ssh":
        return _remote_runtime(setup, store, name, notes[SSH])
    if kind == "sim":
        from pkctl.runtime import sim

        return sim.Sim(name, setup.sources, path=memory_path(setup, store, name))
    return None


def local_runtime(setup: setups.Setup, store: base.Store) -> podman.Podman:
    """This machine's own Podman."""
    from pkctl.runtime import podman

    name = node_name()
    return podman.Podman(
        _runtime_place(setup, store, name, setup.env.get("PKCTL_RUNTIME_ROOT", "")), memory=memory_path(setup, store, name)
    )


def _remote_runtime(setup: setups.Setup, store: base.Store, name: str, destination: str) -> runtime.Runtime:
    from pkctl.runtime import ssh

    source = local_runtime(setup, store) if has_local_node(setup) and os.geteuid() == 0 else None
    where = _runtime_place(setup, store, name, "")
    return ssh.runtime(where, target(setup, destination), memory=memory_path(setup, store, name), source=source)


def target(setup: setups.Setup, destination: str) -> ssh.Target:
    """Where and how to log in; PKCTL_SSH_CONFIG names an ssh configuration to use instead of the user's own."""
    from pkctl.runtime import ssh

    host, _, port = destination.rpartition(":")
    known_hosts = os.path.join(setups.config_home(setup), "known_hosts")
    control = os.path.join(setup.env.get("XDG_RUNTIME_DIR") or f"/tmp/pkctl-{os.geteuid()}", "pkctl-ssh")
    if len(control) > LONGEST_CONTROL:
        control = f"/tmp/pkctl-{os.geteuid()}/ssh"
    os.makedirs(control, mode=0o700, exist_ok=True)
    config = setup.env.get("PKCTL_SSH_CONFIG", "")
    if host and port.isdecimal():
        return ssh.Target(host, known_hosts=known_hosts, control=control, port=int(port), config=config)
    return ssh.Target(destination, known_hosts=known_hosts, control=control, config=config)


def _runtime_place(setup: setups.Setup, store: base.Store, name: str, root: str) -> places.Place:
    """Where this cluster's containers live on a node; `root` moves everything below one folder (tests)."""
    from pkctl.runtime import places

    settings = texts.loads(store.mark("cluster") or "{}")
    where = setups.place(setup)
    moved: dict[str, Any] = {}
    if root:
        options = ("--root", f"{root}/storage", "--runroot", f"{root}/runroot", "--tmpdir", f"{root}/libpod")
        moved = {"podman": options, "tmp": f"{root}/libpod", "base": f"{root}/base", "run": f"{root}/run"}
    return places.Place(settings["id"], name, path=where if "://" in where else places.here(where), network=settings["podCIDR"], **moved)


def memory_path(setup: setups.Setup, store: base.Store, name: str) -> str:
    """The file that keeps what was last seen of a node for the next command; one for each container store it is seen through."""
    folder = os.path.join(setups.xdg(setup, "XDG_CACHE_HOME", ".cache"), texts.loads(store.mark("cluster") or "{}").get("id", "new"))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    root = setup.env.get("PKCTL_RUNTIME_ROOT", "")
    if root:
        from zlib import crc32

        name = f"{name}-{crc32(root.encode()):08x}"
    return os.path.join(folder, f"{name}.json")


def has_local_node(setup: setups.Setup) -> bool:
    """Whether this machine is a node of the clusters it opens."""
    return setup.env.get("PKCTL_NODES", "local") != "none"
