"""The only module that knows which store, engine and client are used where.

From an environment and a place this module makes the store, the API over it, the engine that settles it, and the client a command uses.
What was chosen is in `setups`, the nodes' runtimes are in `machines`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

from pkctl import machines, setups
from pkctl.engine import due
from pkctl.objects import texts
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from pkctl.api import session as sessions
    from pkctl.client import local
    from pkctl.engine import settling
    from pkctl.objects.sources import Sources
    from pkctl.runtime import base as runtime
    from pkctl.setups import Setup

    Condition = Callable[[], bool]

GLANCE = 2.0
"""Seconds that a read may spend on what is due before it shows what is known."""

HOLLOW = ("namespaces", "garbage", "rootcas", "claimprotection", "volumeprotection")
"""The controllers that a hollow cluster runs."""

AGAIN = 1.0
"""Seconds after which an engine whose store failed is run again."""

REMOTE_AGE = 10.0
"""Seconds after which a read looks at remote nodes again."""


def open_store(setup: Setup) -> base.Store:
    """The cluster's store; StoreError when it can't be used."""
    where = setups.place(setup)
    if "://" in where:
        from pkctl.store import alchemy

        return alchemy.open(where)
    from pkctl.store import sqlite

    return sqlite.open(where)


def open_api(setup: Setup) -> sessions.Api:
    """The API over the cluster's store; CommandError when a cluster that has nodes is to have none."""
    from pkctl.api import opening

    store = open_store(setup)
    made = opening.api(store, sources=setup.sources, sealer=lambda: _sealer(setup, store), warn=setup.warn, hollow=setup.hollow)
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
    from pkctl.api import opening

    found = _user(api, actor)
    return opening.api(
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

    return sealing.Sealer(setup.env.get("PKCTL_KEY") or os.path.join(setups.config_home(setup), "secrets.key"), store)


def client(settings: Any, sources: Sources | None = None) -> local.Local:
    """The client of a command; `settings` has `place`, `env`, `hollow` and `actor` (see `acting_api`; empty for the administrator)."""
    return client_of(setups.Setup(settings.env, settings.place, sources=sources, hollow=settings.hollow), settings.actor)


def client_of(setup: Setup, actor: Mapping[str, Any] | None = None) -> local.Local:
    """A client in this process, which settles and glances by this module's engine; with an `actor`, one that roles judge."""
    api = open_api(setup)
    seen, form = api, local_form(actor)
    if actor:
        seen = acting_api(setup, api, actor)
    made = form(
        seen,
        settle=lambda **how: settle(setup, api, **how),
        glance=lambda: glance(setup, api),
        runtime_of=lambda node: machines.runtime_named(setup, api, node),
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
    if machines.has_local_node(setup) and not hollow:
        machines.register(api)
    return settling.Engine(api, lambda node: machines.runtime_of(setup, api, node), controllers=rows, report=setup.warn, bridging=bridging)


def settle(
    setup: Setup,
    api: sessions.Api,
    *,
    timeout: float | None = None,
    patience: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Bring about what is due; where another process leads, wait until it has drawn what was written so far.

    After `patience` seconds of waiting for nothing but processes that stop, a process in the background takes over, as it does
    for all that `timeout` seconds were not enough for.
    """
    wanted, store = api.store.rev(), api.store
    if not _calls(setup, store):
        return
    while True:
        with store.lead(timeout=0) as leads:
            if leads:
                if not _run(setup, api, timeout, progress, patience):
                    spawn(setup, "daemon", "settle")
                return
        if has_daemon(store) or int(store.mark(due.CURSOR) or 0) >= wanted:
            return
        setup.sources.sleep(0.02)


def glance(setup: Setup, api: sessions.Api) -> None:
    """Before a read: do what is due, for a moment, and leave the rest to the background.

    A node that does not answer is named on stderr, and read as last seen.
    """
    store = api.store
    told: set[str] = set()
    if _calls(setup, store):
        with store.lead(timeout=0) as leads:
            if leads and not _run(setup, api, GLANCE, patience=GLANCE, told=told):
                spawn(setup, "daemon", "settle")
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
    local_name = machines.node_name()
    for mark, looked in store.marks(due.LOOKED).items():
        name = mark.removeprefix(due.LOOKED)
        if name == local_name:
            if _pulse(setup.runtimes.get(name) or machines.local_runtime(setup, store)) != store.mark(due.PULSE + name):
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


def _run(
    setup: Setup,
    api: sessions.Api,
    timeout: float | None,
    progress: Callable[[str], None] | None = None,
    patience: float | None = None,
    told: set[str] | None = None,
) -> bool:
    """Settle with an engine of our own, and warn of the nodes that failed, which `told` is given; False when something was left.

    What is slow is left: this process is about to end, or to show what it has read, and may have been told to.
    """
    run = engine(setup, api, bridging=True)
    is_done = True
    try:
        run.settle(timeout=timeout, patience=patience, progress=progress)
    finally:
        is_done = run.close(leaves_slow=True)
        setup.runtimes.clear()
    failed = {each.name: each.failure for each in run.agents.values() if each.failure}
    for name, failure in failed.items():
        setup.warn(f"node {name}: {failure.message}")
    if told is not None:
        told.update(failed)
    return is_done


def spawn(setup: Setup, *words: str) -> subprocess.Popen[bytes]:
    """Start a pkctl command on the same cluster, detached from this terminal; what it says goes to the daemon's log.

    The place of a cluster may hold a password, which others could read among the arguments.
    """
    import subprocess
    import sys

    with open(os.open(setups.log_path(setup), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "pkctl", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            cwd="/",
            env={**setup.env, "PKCTL_CLUSTER": setups.place(setup)},
        )


@contextmanager
def background(setup: Setup, api: sessions.Api) -> Iterator[None]:
    """Run the engine in a thread while the block lasts, as soon as nobody else does.

    What is under way at its end is left to a process in the background.
    """
    import threading

    from pkctl import errors

    over = threading.Event()
    running: list[settling.Engine] = []

    def lead() -> None:
        with api.store.lead(timeout=1.0) as leads:
            if leads:
                run = engine(setup, api, bridging=False)
                running[:] = [run]
                try:
                    run.run(over.is_set)
                finally:
                    if not run.close(leaves_slow=True):
                        spawn(setup, "daemon", "settle")

    def work() -> None:
        while not over.is_set():
            try:
                lead()
            except errors.StoreError as error:
                # The block's own reading fails as well, unless the store comes back.
                over.wait(AGAIN)
                if not over.is_set():
                    setup.warn(str(error))

    thread = threading.Thread(target=work, name="engine")
    try:
        # Within, since an interrupt may fall as soon as it runs, and a command ends only after it.
        thread.start()
        yield
    finally:
        over.set()
        for each in running:
            each.wake()
        if thread.ident:
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
