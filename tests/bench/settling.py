"""A settle that changes nothing, with a hundred pods running: what it costs beyond the runtime's own answer."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator

from pkctl import machines
from pkctl.api import opening, options, resources, session
from pkctl.engine import due, heartbeats, settling
from pkctl.objects import sources
from pkctl.runtime import sim
from pkctl.store import sqlite
from tests.bench.__main__ import row

PODS = 100


def figures() -> Iterator[str]:
    """Rows for the table."""
    with tempfile.TemporaryDirectory(prefix="pkctl-bench-") as folder:
        clock = sources.Frozen(time.time())
        api = opening.api(sqlite.open(os.path.join(folder, "cluster.db")), sources=clock)
        machine = sim.Sim("n1", clock, size={"pods": "200"})
        with api.writing() as writing:
            resources.create(writing, writing.row("nodes"), "", heartbeats.node("n1", {machines.RUNTIME: "sim"}, {}), options.Options())
            for number in range(PODS):
                pod = {"metadata": {"name": f"p{number:03}"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
                resources.create(writing, writing.row("pods"), "default", {"apiVersion": "v1", "kind": "Pod", **pod}, options.Options())
        _engine(api, machine).run_until(lambda: False, timeout=60)
        settles = [_timed(lambda: _engine(api, machine).settle()) for _ in range(7)]
        looks = [_timed(lambda: due.is_due(api.store, clock.now())) for _ in range(7)]
        observed = statistics.median(_timed(machine.observe) for _ in range(7))
        took = statistics.median(settles) - observed
        yield row(f"settle with {PODS} pods and nothing to do, beyond the runtime", f"{took:.0f} ms", "", None, "50 ms")
        yield row("asking whether anything is due", f"{statistics.median(looks):.2f} ms", "", None, "")
        api.store.close()


def _engine(api: session.Api, machine: sim.Sim) -> settling.Engine:
    return settling.Engine(api, lambda _: machine, inline=True)


def _timed(work: object) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
