"""What a read costs before it reads: imports over a bare interpreter, and the whole command against a kubectl that only starts."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import homes, measure
from tests.bench.__main__ import row

IMPORTS = (
    "from pkctl.cli import run, streams\n"
    "import pkctl.wiring, pkctl.cli.verbs.get, pkctl.client.local, pkctl.store.sqlite, pkctl.api.resources"
)  # fmt: skip


def pod(number: int) -> str:
    """A pod's manifest."""
    return f"""---
apiVersion: v1
kind: Pod
metadata: {{name: pod-{number:04}, labels: {{app: web, number: "{number}"}}}}
spec: {{containers: [{{name: web, image: "localhost/busybox:1.36", ports: [{{containerPort: 80}}]}}]}}
"""


def figures() -> Iterator[str]:
    """Rows for the table."""
    with homes.home(PKCTL_NODES="none") as env:
        ours, bare = measure.pairs(
            lambda: measure.run([sys.executable, "-c", IMPORTS], env), lambda: measure.run([sys.executable, "-c", "pass"], env)
        )
        over = measure.median(ours, "cpu") - measure.median(bare, "cpu")
        yield row(
            "imports of get over bare python, CPU", f"{over * 1000:.0f} ms", f"{measure.median(bare, 'cpu') * 1000:.0f} ms", None, "40 ms"
        )
        homes.pkctl(env, "apply", "-f", "-", text="".join(pod(number) for number in range(100)))
        yield from _against_kubectl(env, "get pods, 100 stored, against kubectl version --client", ["get", "pods"], ["version", "--client"])
        dry = ["create", "deployment", "web", "--image=web", "--dry-run=client", "-o", "yaml"]
        recursive = ["explain", "deployment.spec", "--recursive"]
        for argv in (["get", "pods"], dry, ["explain", "pods"], recursive, ["--help"], ["__complete", "get", "pods", "pod-00"]):
            yield from _against_kubectl(env, f"{' '.join(argv[:3])} against kubectl create deployment --dry-run", argv, dry)


def _against_kubectl(env: dict[str, str], figure: str, argv: list[str], peer: list[str]) -> Iterator[str]:
    ours, theirs = measure.pairs(lambda: measure.run([homes.PKCTL, *argv], env), lambda: measure.run([homes.KUBECTL, *peer], env))
    mine, other = measure.median(ours, "wall") * 1000, measure.median(theirs, "wall") * 1000
    yield row(figure, f"{mine:.0f} ms", f"{other:.0f} ms", measure.ratio(ours, theirs), "1.0")
