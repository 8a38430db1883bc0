"""Ten real pods: from `apply` to all Running, against the same containers started by plain podman with the same parallelism."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pkctl.engine import agent
from tests import stores
from tests.bench import homes
from tests.bench.__main__ import row

COUNT, ROUNDS = 10, 3
IMAGE = "localhost/busybox:1.36"
MANIFEST = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ten}}
spec:
  replicas: {COUNT}
  selector: {{matchLabels: {{app: ten}}}}
  template:
    metadata: {{labels: {{app: ten}}}}
    spec: {{terminationGracePeriodSeconds: 0, containers: [{{name: c, image: {IMAGE}, command: [sleep, "1000"]}}]}}
"""


def figures() -> Iterator[str]:
    """Rows for the table."""
    root = tempfile.mkdtemp(prefix="pkb", dir="/tmp")
    try:
        with homes.home(PKCTL_RUNTIME_ROOT=root) as env:
            subprocess.run([Path(__file__).parents[2] / "scripts" / "images"], env=env, check=True, capture_output=True)
            homes.pkctl(env, "get", "nodes")
            rounds = [(_ours(env), _peers(env, root)) for _ in range(ROUNDS)]
    finally:
        stores.leave(Path(root))
    mine, theirs = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    yield row(f"{COUNT} pods from apply to Running, against podman run -d", f"{mine:.2f} s", f"{theirs:.2f} s", ratio, "1.25")


def _ours(env: dict[str, str]) -> float:
    started = time.perf_counter()
    homes.pkctl(env, "apply", "-f", "-", text=MANIFEST)
    took = time.perf_counter() - started
    phases = homes.pkctl(env, "get", "pods", "-o", "jsonpath={.items[*].status.phase}").split()
    if phases != ["Running"] * COUNT:
        raise RuntimeError(f"apply settled, and the pods are {phases}")
    homes.pkctl(env, "delete", "deployment", "ten")
    homes.pkctl(env, "delete", "pods", "--all")
    return took


def _peers(env: dict[str, str], root: str) -> float:
    podman = ["podman", "--root", f"{root}/storage", "--runroot", f"{root}/runroot", "--tmpdir", f"{root}/libpod"]
    command = [*podman, "run", "-d", "--network", "none", "--name", "peer-{}", IMAGE, "sleep", "1000"]
    started = time.perf_counter()
    subprocess.run(
        ["xargs", "-P", str(agent.TURNS), "-I", "{}", *command],
        input="\n".join(map(str, range(COUNT))), text=True, env=env, check=True, capture_output=True,
    )  # fmt: skip
    took = time.perf_counter() - started
    subprocess.run(
        [*podman, "rm", "-f", "-t", "0", *(f"peer-{number}" for number in range(COUNT))], env=env, check=True, capture_output=True
    )
    return took
