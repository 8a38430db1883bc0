"""The background process: the engine, running for as long as it holds the lead.

It keeps no state of its own: killed at any point, the next command or daemon goes on from the store.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time

from pkctl import errors, setups, wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.setups import Setup
    from pkctl.store import base

MARK = "engine/daemon"
"""Who runs in the background: {"pid", "host", "since"}; believed only while that process holds the lead."""

SETTLING = "engine/settling"
"""The same of a process that ends by itself when nothing is left to do."""

PATIENCE = 10.0
"""Seconds that a daemon waits for the lead, and others for it to stop."""

GLANCE = 0.2
"""Seconds between two looks at who settles: one that has the lead may not have said so yet."""


def run(setup: Setup) -> int:
    """Run in the foreground until SIGTERM or SIGINT; what is under way then is left to a process that settles."""
    stopped = _told_to_stop()
    api = wiring.open_api(setup)
    with _lead(api.store) as leads:
        if not leads:
            raise errors.CommandError(f"another process runs this cluster already ({api.store.lead_holder() or 'unknown'})")
        with _announced(setup, api.store, MARK):
            engine = wiring.engine(setup, api, bridging=False)
            try:
                engine.run(lambda: bool(stopped))
            finally:
                is_done = engine.close(leaves_slow=True)
    if not is_done:
        wiring.spawn(setup, "daemon", "settle")
    return 0


def settle(setup: Setup) -> int:
    """Do what is due, and what comes meanwhile, until nothing is left to do; nothing when another process goes on leading.

    Told to stop, it leaves the rest to whoever told it.
    """
    stopped = _told_to_stop()
    api = wiring.open_api(setup)
    with api.store.lead(timeout=PATIENCE) as leads:
        if leads:
            with _announced(setup, api.store, SETTLING):
                engine = wiring.engine(setup, api, bridging=True)
                try:
                    engine.finish(lambda: bool(stopped))
                finally:
                    engine.close(leaves_slow=True)
    return 0


@contextlib.contextmanager
def _lead(store: base.Store) -> Iterator[bool]:
    """The lead for the block, a settling process being told to leave it; whether it could be had."""
    end = time.monotonic() + PATIENCE
    while True:
        _relieve(store)
        with store.lead(timeout=GLANCE) as leads:
            if leads or time.monotonic() >= end:
                yield leads
                return


def _relieve(store: base.Store) -> None:
    """Tell the process of this machine that settles, if one does, to leave the rest to us."""
    settler = holder(store, SETTLING)
    if settler and settler["host"] == os.uname().nodename:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(settler["pid"]), signal.SIGTERM)


def _told_to_stop() -> list[int]:
    """A list that holds the signals by which this process has been told to stop, from now on."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _: stopped.append(signum))
    return stopped


@contextlib.contextmanager
def _announced(setup: Setup, store: base.Store, mark: str) -> Iterator[None]:
    """Let others know for the block who leads."""
    said = {"pid": os.getpid(), "host": os.uname().nodename, "since": setup.sources.now()}
    with store.write(durable=False) as tx:
        tx.set_mark(mark, json.dumps(said))
    try:
        yield
    finally:
        with store.write(durable=False) as tx:
            tx.set_mark(mark, None)


def holder(store: base.Store, mark: str = MARK) -> dict[str, str | int | float] | None:
    """The daemon that runs this cluster, None when there is none."""
    text = store.mark(mark)
    if text is None:
        return None
    said: dict[str, str | int | float] = json.loads(text)
    return said if store.lead_holder().startswith(f"{said['pid']}@") else None


def start(setup: Setup) -> str:
    """Start in the background, detached from this terminal; returns what to tell the user."""
    store = wiring.open_api(setup).store
    if found := holder(store):
        return f"daemon is already running (pid {found['pid']})"
    log, process = setups.log_path(setup), wiring.spawn(setup, "daemon", "run")
    if _wait_for(
        lambda: (found := holder(store)) is not None and found["pid"] == process.pid, lambda: process.poll() is None, 2 * PATIENCE
    ):
        return f"daemon started (pid {process.pid}, log {log})"
    if leader := store.lead_holder():
        raise errors.CommandError(f"the daemon did not start: {leader} runs this cluster meanwhile; end that watch, log or monitor first")
    raise errors.CommandError(f"the daemon did not start; see {log}")


def stop(setup: Setup) -> str:
    """Ask a running daemon to stop, and wait until it has."""
    store = wiring.open_api(setup).store
    found = holder(store)
    if found is None:
        return "daemon is not running"
    if found["host"] != os.uname().nodename:
        raise errors.CommandError(f"the daemon runs on {found['host']}: stop it there")
    os.kill(int(found["pid"]), signal.SIGTERM)
    if _wait_for(lambda: holder(store) is None, lambda: True, PATIENCE):
        return f"daemon stopped (pid {found['pid']})"
    raise errors.CommandError(f"the daemon (pid {found['pid']}) has not stopped within {PATIENCE:g} s")


def status(setup: Setup) -> tuple[str, int]:
    """What to tell the user, and an exit code as of `systemctl status`: 0 running, 3 not."""
    from pkctl.objects import times

    store = wiring.open_api(setup).store
    found = holder(store)
    if found is None:
        return f"daemon is not running; commands settle {store.place()} themselves", 3
    age = times.human(setup.sources.now() - float(found["since"]))
    return f"daemon is running (pid {found['pid']} on {found['host']}, for {age}), cluster {store.place()}", 0


UNIT = """[Unit]
Description=pkctl: Kubernetes workloads in Podman ({place})
After=network.target

[Service]
ExecStart={python} -m pkctl --cluster {place} daemon run
Restart=on-failure
KillMode=process

[Install]
WantedBy={target}
"""


def install(setup: Setup) -> str:
    """Write a systemd unit for this cluster (a system unit as root, else a user unit); returns what to do next."""
    import sys

    root = os.geteuid() == 0
    folder = "/etc/systemd/system" if root else os.path.join(setups.config_home(setup), "..", "systemd", "user")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "pkctl.service")
    with open(path, "w") as file:
        file.write(UNIT.format(python=sys.executable, place=setups.place(setup), target="multi-user.target" if root else "default.target"))
    user = "" if root else " --user"
    return f"wrote {path}; enable it with: systemctl{user} daemon-reload && systemctl{user} enable --now pkctl"


def _wait_for(is_so: wiring.Condition, is_worth_waiting: wiring.Condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        if not is_worth_waiting():
            return False
        time.sleep(0.05)
    return False
