"""The API in one process, on a file: creating, listing and applying, with all that Kubernetes does to an object on the way."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from pkctl.api import opening, options
from pkctl.client import local
from pkctl.objects import sources
from pkctl.store import sqlite
from tests.bench import measure
from tests.bench.__main__ import row

DEPLOYMENTS, PODS, APPLIES = 1000, 10_000, 100
Object = dict[str, Any]


def figures() -> Iterator[str]:
    """Rows for the table."""
    with tempfile.TemporaryDirectory() as home:
        api = opening.api(sqlite.open(os.path.join(home, "cluster.db")), sources=sources.Sources(), hollow=True)
        client = local.Local(api, settle=lambda *_: None, glance=lambda: None, runtime_of={}.__getitem__)
        try:
            yield creating(client)
            yield applying(client)
            yield listing(client)
        finally:
            client.close()


def creating(client: local.Local) -> str:
    """A Deployment at a time, each in a transaction of its own."""
    kind = client.kinds().find("deployments")
    assert kind is not None
    chosen = options.Options(field_manager="bench")
    client.create(kind, "default", deployment("first"), chosen)
    wishes = [deployment(f"web-{number:04}") for number in range(DEPLOYMENTS)]
    busy = measure.own_cpu()
    spent = seconds(lambda: [client.create(kind, "default", wish, chosen) for wish in wishes])
    busy = measure.own_cpu() - busy
    each, own = spent * 1000 / DEPLOYMENTS, busy * 1000 / DEPLOYMENTS
    return row("api: create 1,000 Deployments, an object", f"{each:.2f} ms", f"{own:.2f} ms CPU", None, "2 ms")


def applying(client: local.Local) -> str:
    """One Deployment of thirty fields applied again and again by its manager, its image another each time."""
    kind = client.kinds().find("deployments")
    assert kind is not None
    chosen = options.Options(field_manager="bench")
    wishes = [deployment("applied", f"web:{number}") for number in range(APPLIES + 1)]
    client.patch(kind, "default", "applied", "apply", wishes.pop(), chosen)
    busy = measure.own_cpu()
    each = [seconds(lambda wish=wish: client.patch(kind, "default", "applied", "apply", wish, chosen)) for wish in wishes]  # type: ignore[misc]
    own = (measure.own_cpu() - busy) * 1000 / APPLIES
    spent = statistics.median(each) * 1000
    return row("api: server-side apply of a 30-field Deployment", f"{spent:.2f} ms", f"{own:.2f} ms CPU", None, "3 ms")


def listing(client: local.Local) -> str:
    """Ten thousand pods, a tenth of which the selector picks."""
    kind = client.kinds().find("pods")
    assert kind is not None
    chosen = options.Options(field_manager="bench")
    with client.api.writing(durable=False) as writing:
        from pkctl.api import resources

        for number in range(PODS):
            resources.create(writing, kind, "default", pod(number), chosen)
    query = options.Query(labels="app=app-7")
    found = client.list(kind, "default", query)["items"]
    if len(found) != PODS / 10:
        raise RuntimeError(f"the selector picked {len(found)} pods")
    spent = statistics.median(seconds(lambda: client.list(kind, "default", query)) for _ in range(5))
    return row("api: list of 10,000 pods by a label (1,000 picked)", f"{spent:.3f} s", "", None, "0.4 s")


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def deployment(name: str, image: str = "web:1") -> Object:
    """A Deployment that states thirty fields."""
    labels = {"app": name, "tier": "web"}
    container = {
        "name": "web",
        "image": image,
        "command": ["/bin/web"],
        "args": ["--port=80"],
        "ports": [{"name": "http", "containerPort": 80}, {"name": "admin", "containerPort": 81}],
        "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "128Mi"}},
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5},
        "livenessProbe": {"tcpSocket": {"port": 81}, "failureThreshold": 3},
        "volumeMounts": [{"name": "config", "mountPath": "/config"}],
    }
    pod_spec = {"containers": [container], "volumes": [{"name": "config", "configMap": {"name": "web"}}], "nodeSelector": {"disk": "ssd"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels, "annotations": {"note": "a bench"}},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": labels},
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {"metadata": {"labels": labels}, "spec": pod_spec},
        },
    }


def pod(number: int) -> Object:
    """A Pod of one of ten applications."""
    meta = {"name": f"pod-{number:05}", "labels": {"app": f"app-{number % 10}"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [{"name": "c", "image": "i"}]}}
