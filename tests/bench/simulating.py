"""A simulated cluster brought up through the real store, API, controllers and scheduler: 200 Deployments of 10 on 50 nodes."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator

from pkctl import machines
from pkctl.api import opening, options, resources, session
from pkctl.controllers import table
from pkctl.engine import heartbeats, settling
from pkctl.objects import sources
from pkctl.runtime import sim
from pkctl.store import sqlite
from tests.bench.__main__ import row

NODES, DEPLOYMENTS, REPLICAS = 50, 200, 10


def figures() -> Iterator[str]:
    """Rows for the table."""
    with tempfile.TemporaryDirectory(prefix="pkctl-bench-") as folder:
        clock = sources.Frozen(time.time())
        api = opening.api(sqlite.open(os.path.join(folder, "cluster.db")), sources=clock)
        _fill(api)
        machines: dict[str, sim.Sim] = {}
        engine = settling.Engine(
            api, lambda node: machines.setdefault(node["metadata"]["name"], sim.Sim(node["metadata"]["name"], clock)),
            controllers=table.CONTROLLERS, inline=True, report=print,
        )  # fmt: skip
        started = time.perf_counter()
        done = engine.run_until(lambda: _ready(api) == DEPLOYMENTS * REPLICAS, timeout=600)
        took = time.perf_counter() - started
        pods = DEPLOYMENTS * REPLICAS
        name = f"sim: {DEPLOYMENTS} Deployments x {REPLICAS} on {NODES} nodes, all Ready" + ("" if done else " (NOT REACHED)")
        yield row(name, f"{took:.1f} s", f"{pods / took:.0f} pods/s", None, "30 s")
        api.store.close()


def _fill(api: session.Api) -> None:
    with api.writing() as open_session:
        nodes, deployments = open_session.row("nodes"), open_session.row("deployments.apps")
        for number in range(NODES):
            node = heartbeats.node(f"node-{number:02}", {machines.RUNTIME: "sim"}, {})
            resources.create(open_session, nodes, "", node, options.Options())
        for number in range(DEPLOYMENTS):
            resources.create(open_session, deployments, "default", _deployment(f"web-{number:03}"), options.Options())


def _deployment(name: str) -> dict[str, object]:
    pod = {"containers": [{"name": "web", "image": "localhost/pkctl/web:1", "resources": {"requests": {"cpu": "10m"}}}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
        },
    }


def _ready(api: session.Api) -> int:
    with api.reading() as open_session:
        return sum((one.get("status") or {}).get("readyReplicas", 0) for one in open_session.read_all("deployments.apps"))
