"""The only module that knows which concrete class is used where.

From an environment and a place it makes the store, the API over it, the engine that settles it, and the client a command uses.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from pkctl.engine import due
from pkctl.objects import meta, texts
from pkctl.objects import sources as source_module
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from pkctl.api import session as sessions
    from pkctl.client import local
    from pkctl.engine import settling
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime
    from pkctl.runtime import places, podman, ssh

    Condition = Callable[[], bool]

RUNTIME, MACHINE, SSH = "pkctl.dev/runtime", "pkctl.dev/machine", "pkctl.dev/ssh"
"""Node annotations: podman, ssh or sim; for podman the machine it is on; for ssh where to log in."""

GLANCE = 2.0
"""Seconds that a read may spend on what is due before it shows what is known."""

LONGEST_CONTROL = 60
"""Characters of the folder for ssh's control sockets: a socket's name has to fit into 107 bytes."""

HOLLOW = ("namespaces", "garbage", "rootcas")
"""The controllers that a hollow cluster runs."""

REMOTE_AGE = 10.0
"""Seconds after which a read looks at remote nodes again."""


class Setup:
    """One process's choice of cluster: the environment it goes by, the place ("" for the user's own), clock and warnings."""

    def __init__(
        self,
        env: Mapping[str, str],
        place: str = "",
        *,
        sources: source_module.Sources | None = None,
        warn: Callable[[str], None] = lambda _: None,
        hollow: bool = False,
    ) -> None:
        """`hollow`: a cluster that does not exist yet is made without nodes."""
        self.env, self.place, self.warn, self.hollow = env, place, warn, hollow
        self.sources = sources or source_module.Sources()
        self.runtimes: dict[str, runtime.Runtime] = {}


def data_home(setup: Setup) -> str:
    """The folder of pkctl's data, by the XDG rules."""
    return _xdg(setup, "XDG_DATA_HOME", ".local/share")


def config_home(setup: Setup) -> str:
    """The folder of pkctl's configuration: keys live here, apart from the data they open."""
    return _xdg(setup, "XDG_CONFIG_HOME", ".config")


def _xdg(setup: Setup, name: str, default: str) -> str:
    home = setup.env.get("HOME") or os.path.expanduser("~")
    return os.path.join(setup.env.get(name) or os.path.join(home, default), "pkctl")


def place(setup: Setup) -> str:
    """Where the cluster is: as chosen, else PKCTL_CLUSTER, else the user's own file."""
    chosen = setup.place or setup.env.get("PKCTL_CLUSTER", "")
    if not chosen:
        return os.path.join(data_home(setup), "cluster.db")
    if chosen.startswith("sqlite:///"):
        chosen = chosen.removeprefix("sqlite://")
    return chosen if "://" in chosen else os.path.abspath(os.path.expanduser(chosen))


def log_path(setup: Setup) -> str:
    """Where the daemon of the cluster writes."""
    folder = data_home(setup)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return os.path.join(folder, "daemon.log")


def open_store(setup: Setup) -> base.Store:
    """The cluster's store; StoreError when it can't be used."""
    where = place(setup)
    if "://" in where:
        from pkctl.store import alchemy

        return alchemy.open(where)
    from pkctl.store import sqlite

    return sqlite.open(where)


def open_api(setup: Setup) -> sessions.Api:
    """The API over the cluster's store; CommandError when a cluster that has nodes is to have none."""
    from pkctl.api import session

    store = open_store(setup)
    made = session.Api(store, sources=setup.sources, sealer=lambda: _sealer(setup, store), warn=setup.warn, hollow=setup.hollow)
    if setup.hollow and not is_hollow(made):
        store.close()
        from pkctl import errors

        raise errors.CommandError("--no-nodes is for a new cluster: this one was made with nodes")
    return made


def is_hollow(api: sessions.Api) -> bool:
    """Whether the cluster was made without nodes."""
    with api.reading() as session:
        return bool(api.settings(session).get("hollow"))


def acting_api(setup: Setup, api: sessions.Api, actor: Mapping[str, Any]) -> sessions.Api:
    """The same cluster as another user sees it: whose `token` is given, or as whom `user`, `groups`, `uid`, `extra` ask to act.

    Unauthorized for a token that isn't good, Forbidden to act as somebody.
    """
    from pkctl.api import session

    found = _user(api, actor)
    return session.Api(
        api.store,
        sources=setup.sources,
        sealer=lambda: api.sealer,
        warn=setup.warn,
        user=found["username"],
        groups=found["groups"],
        claims={name: found[name] for name in ("uid", "extra") if found.get(name)},
    )


def _user(api: sessions.Api, actor: Mapping[str, Any]) -> dict[str, Any]:
    """UserInfo of an actor."""
    from pkctl.api import impersonating

    name, groups = api.user, api.groups
    found: dict[str, Any] = {}
    with api.reading() as session:
        if actor.get("token"):
            from pkctl import errors
            from pkctl.api import authenticating

            try:
                found = authenticating.authenticate(session, actor["token"])[0]
            except authenticating.Refused as refused:
                raise errors.Unauthorized("Unauthorized") from refused
            name, groups = found["username"], found["groups"]
        if actor.get("user"):
            impersonating.check(session, name, groups, actor)
            found = impersonating.user(actor)
    return found


def _sealer(setup: Setup, store: base.Store) -> Any:
    from pkctl.api import sealing

    return sealing.Sealer(setup.env.get("PKCTL_KEY") or os.path.join(config_home(setup), "secrets.key"), store)


def client(settings: Any, sources: source_module.Sources | None = None) -> local.Local:
    """The client of a command; `settings` has `place`, `env`, `hollow` and `actor` (see `acting_api`; empty for the administrator)."""
    return client_of(Setup(settings.env, settings.place, sources=sources, hollow=settings.hollow), settings.actor)


def client_of(setup: Setup, actor: Mapping[str, Any] | None = None) -> local.Local:
    """A client in this process, which settles and glances by this module's engine; with an `actor`, one that roles judge."""
    api = open_api(setup)
    seen, form = api, local_form(actor)
    if actor:
        seen = acting_api(setup, api, actor)
    made = form(
        seen,
        settle=lambda timeout, progress: settle(setup, api, timeout, progress),
        glance=lambda: glance(setup, api),
        runtime_of=lambda node: runtime_named(setup, api, node),
        ticking=lambda: background(setup, api),
    )
    setup.warn = lambda text: made.warn(text)
    return made


def local_form(actor: Mapping[str, Any] | None) -> type[local.Local]:
    """The class of a client: whoever opens the store is its administrator, and asks no roles."""
    if actor:
        from pkctl.client import acting

        return acting.Acting
    from pkctl.client import local

    return local.Local


def engine(setup: Setup, api: sessions.Api, *, bridging: bool) -> settling.Engine:
    """The engine of a cluster, to be run while holding its lead."""
    from pkctl.controllers import table
    from pkctl.engine import settling

    chosen, hollow = setup.env.get("PKCTL_CONTROLLERS"), is_hollow(api)
    names = chosen.split(",") if chosen is not None else HOLLOW if hollow else [row.name for row in table.CONTROLLERS]
    if unknown := sorted({*names} - {row.name for row in table.CONTROLLERS} - {""}):
        from pkctl import errors

        raise errors.CommandError(f"PKCTL_CONTROLLERS names no controller of pkctl's: {', '.join(unknown)}")
    rows = tuple(row for row in table.CONTROLLERS if row.name in names)
    if has_local_node(setup) and not hollow:
        register(api)
    return settling.Engine(api, lambda node: runtime_of(setup, api, node), controllers=rows, report=setup.warn, bridging=bridging)


def has_local_node(setup: Setup) -> bool:
    """Whether this machine is a node of the clusters it opens."""
    return setup.env.get("PKCTL_NODES", "local") != "none"


def settle(setup: Setup, api: sessions.Api, timeout: float | None, progress: Callable[[str], None] | None) -> None:
    """Bring about what is due; where another process leads, wait until it has drawn what was written so far."""
    wanted, store = api.store.rev(), api.store
    if not _calls(setup, store):
        return
    while True:
        with store.lead(timeout=0) as leads:
            if leads:
                _run(setup, api, timeout, progress)
                return
        if has_daemon(store) or int(store.mark(due.CURSOR) or 0) >= wanted:
            return
        setup.sources.sleep(0.02)


def glance(setup: Setup, api: sessions.Api) -> None:
    """Before a read: do what is due, for a moment; a node that does not answer is named on stderr, and read as last seen."""
    store = api.store
    told: set[str] = set()
    if _calls(setup, store):
        with store.lead(timeout=0) as leads:
            if leads:
                told = _run(setup, api, GLANCE, None)
    _tell_silent(setup, store, told)


def _tell_silent(setup: Setup, store: base.Store, told: set[str]) -> None:
    """Name the nodes that don't answer and have not been told of, and how old is what is known of them."""
    text = store.mark(due.SILENT) or "{}"
    if text == "{}":
        return
    from pkctl.objects import times

    ours = store.marks(due.LOOKED)
    for name, since in texts.loads(text).items():
        if due.LOOKED + name in ours and name not in told:
            setup.warn(f"node {name} has not answered for {times.human(setup.sources.now() - since)}: its pods are shown as last seen")


def _calls(setup: Setup, store: base.Store) -> bool:
    """Whether anything calls for the engine: the log, the clock, the local node's pulse, or a remote node long unseen."""
    now = setup.sources.now()
    if due.is_due(store, now):
        return True
    local_name = node_name()
    for mark, looked in store.marks(due.LOOKED).items():
        name = mark.removeprefix(due.LOOKED)
        if name == local_name:
            if _pulse(setup.runtimes.get(name) or _local_runtime(setup, store)) != store.mark(due.PULSE + name):
                return True
        elif now - float(looked) >= REMOTE_AGE:
            return True
    return False


def _pulse(known: runtime.Runtime) -> str:
    """A runtime's pulse; "" when it has none, which the engine's look then explains."""
    from pkctl import errors

    try:
        return known.pulse()
    except errors.NodeError:
        return ""


def _run(setup: Setup, api: sessions.Api, timeout: float | None, progress: Callable[[str], None] | None) -> set[str]:
    """Settle with an engine of our own; the nodes that failed, each of which has been warned of."""
    run = engine(setup, api, bridging=True)
    try:
        run.settle(timeout=timeout, progress=progress)
    finally:
        run.close()
        setup.runtimes.clear()
    failed = {each.name: each.failure for each in run.agents.values() if each.failure}
    for name, failure in failed.items():
        setup.warn(f"node {name}: {failure.message}")
    return set(failed)


@contextmanager
def background(setup: Setup, api: sessions.Api) -> Iterator[None]:
    """Run the engine in a thread while the block lasts, as soon as nobody else does."""
    import threading

    over = threading.Event()
    running: list[settling.Engine] = []

    def work() -> None:
        while not over.is_set():
            with api.store.lead(timeout=1.0) as leads:
                if leads:
                    run = engine(setup, api, bridging=False)
                    running[:] = [run]
                    try:
                        run.run(over.is_set)
                    finally:
                        run.close()

    thread = threading.Thread(target=work, name="engine")
    thread.start()
    try:
        yield
    finally:
        over.set()
        for each in running:
            each.wake()
        thread.join()


def rotate_key(setup: Setup) -> str:
    """Seal every Secret with a new key; returns what to tell the user."""
    api = open_api(setup)
    count = api.sealer.rotate(api.store)
    return f"{count} object{'' if count == 1 else 's'} sealed with a new key"


def has_daemon(store: base.Store) -> bool:
    """Whether a daemon leads the cluster now."""
    import json

    said = json.loads(store.mark("engine/daemon") or "null")
    return bool(said) and store.lead_holder().startswith(f"{said['pid']}@")


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


def runtime_named(setup: Setup, api: sessions.Api, name: str) -> runtime.Runtime:
    """The runtime of a node by name; NodeError when this process can't reach it."""
    from pkctl import errors

    with api.reading() as session:
        row = session.kinds().by_id("nodes")
        entry = session.tx.get(row.key("", name)) if row else None
        found = runtime_of(setup, api, session.decode(entry)) if entry else None
    if found is None:
        raise errors.NodeError("NodeUnreachable", f"node {name!r} can't be reached from this machine")
    return found


def runtime_of(setup: Setup, api: sessions.Api, node: Object) -> runtime.Runtime | None:
    """The runtime of a Node object, one for each node and process; None for another machine's local node."""
    name, notes = meta.name(node), meta.annotations(node)
    if name not in setup.runtimes:
        made = _make_runtime(setup, api.store, name, notes)
        if made is None:
            return None
        setup.runtimes[name] = made
    return setup.runtimes[name]


def _make_runtime(setup: Setup, store: base.Store, name: str, notes: dict[str, str]) -> runtime.Runtime | None:
    kind = notes.get(RUNTIME)
    if kind == "podman":
        return _local_runtime(setup, store) if notes.get(MACHINE) == machine_id() else None
    if kind == "ssh":
        return _remote_runtime(setup, store, name, notes[SSH])
    if kind == "sim":
        from pkctl.runtime import sim

        return sim.Sim(name, setup.sources, path=memory_path(setup, store, name))
    return None


def _local_runtime(setup: Setup, store: base.Store) -> podman.Podman:
    from pkctl.runtime import podman

    name = node_name()
    return podman.Podman(
        _runtime_place(setup, store, name, setup.env.get("PKCTL_RUNTIME_ROOT", "")), memory=memory_path(setup, store, name)
    )


def _remote_runtime(setup: Setup, store: base.Store, name: str, destination: str) -> runtime.Runtime:
    from pkctl.runtime import ssh

    source = _local_runtime(setup, store) if has_local_node(setup) and os.geteuid() == 0 else None
    where = _runtime_place(setup, store, name, "")
    return ssh.runtime(where, target(setup, destination), memory=memory_path(setup, store, name), source=source)


def target(setup: Setup, destination: str) -> ssh.Target:
    """Where and how to log in; PKCTL_SSH_CONFIG names an ssh configuration to use instead of the user's own."""
    from pkctl.runtime import ssh

    host, _, port = destination.rpartition(":")
    known_hosts = os.path.join(config_home(setup), "known_hosts")
    control = os.path.join(setup.env.get("XDG_RUNTIME_DIR") or f"/tmp/pkctl-{os.geteuid()}", "pkctl-ssh")
    if len(control) > LONGEST_CONTROL:
        control = f"/tmp/pkctl-{os.geteuid()}/ssh"
    os.makedirs(control, mode=0o700, exist_ok=True)
    config = setup.env.get("PKCTL_SSH_CONFIG", "")
    if host and port.isdecimal():
        return ssh.Target(host, known_hosts=known_hosts, control=control, port=int(port), config=config)
    return ssh.Target(destination, known_hosts=known_hosts, control=control, config=config)


def _runtime_place(setup: Setup, store: base.Store, name: str, root: str) -> places.Place:
    """Where this cluster's containers live on a node; `root` moves everything below one folder (tests)."""
    from pkctl.runtime import places

    settings = texts.loads(store.mark("cluster") or "{}")
    where = place(setup)
    moved: dict[str, Any] = {}
    if root:
        options = ("--root", f"{root}/storage", "--runroot", f"{root}/runroot", "--tmpdir", f"{root}/libpod")
        moved = {"podman": options, "tmp": f"{root}/libpod", "base": f"{root}/base", "run": f"{root}/run"}
    return places.Place(settings["id"], name, path=where if "://" in where else places.here(where), network=settings["podCIDR"], **moved)


def memory_path(setup: Setup, store: base.Store, name: str) -> str:
    """The file that keeps what was last seen of a node for the next command; one for each container store it is seen through."""
    folder = os.path.join(_xdg(setup, "XDG_CACHE_HOME", ".cache"), texts.loads(store.mark("cluster") or "{}").get("id", "new"))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    root = setup.env.get("PKCTL_RUNTIME_ROOT", "")
    if root:
        from zlib import crc32

        name = f"{name}-{crc32(root.encode()):08x}"
    return os.path.join(folder, f"{name}.json")
