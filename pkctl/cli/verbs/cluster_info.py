"""`cluster-info`: where the cluster is; `cluster-info dump` writes everything down. Upstream: kubectl's cmd/clusterinfo."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import printing, resources, typed, visiting
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NAMESPACED = {
    "events": "events", "replicationcontrollers": "replication-controllers", "services": "services", "daemonsets.apps": "daemonsets",
    "deployments.apps": "deployments", "replicasets.apps": "replicasets", "pods": "pods",
}  # fmt: skip
"""The kinds of a namespace that are written down, and under what names."""


def run(ctx: Context) -> int:
    """One of the two."""
    if ctx.path == "cluster-info dump":
        return _dump(ctx)
    place = _place(ctx)
    ctx.io.out(f"Kubernetes control plane is running at {place}\n")
    services = resources.listed(ctx, resources.find(ctx, "services"), "kube-system", "kubernetes.io/cluster-service=true")
    for obj in (visit.obj or {} for visit in services):
        name = meta.at(obj, "metadata", "labels", "kubernetes.io/name", default=obj["metadata"]["name"])
        ctx.io.out(f"{name} is running at {_link(obj, place)}\n")
    ctx.io.out(f"\nTo further debug and diagnose cluster problems, use '{ctx.io.program} cluster-info dump'.\n")
    return 0


def _place(ctx: Context) -> str:
    """Where the cluster is: a file or an address without its password."""
    ctx.client.version()
    return ctx.settings.place.removeprefix("sqlite:///") or "the default cluster file"


def _link(service: Object, place: str) -> str:
    """Where a Service of the cluster's own is reached: its outer addresses, or its path in the API."""
    ports = meta.at(service, "spec", "ports", default=[])
    outer = meta.at(service, "status", "loadBalancer", "ingress", default=[])
    if outer:
        return "".join(f"http://{outer[0].get('ip') or outer[0].get('hostname')}:{port['port']} " for port in ports)
    name = str(service["metadata"]["name"])
    if ports:
        scheme = "https" if ports[0].get("name") == "https" or ports[0]["port"] == 443 else ""
        name = f"{scheme}:{name}:{ports[0].get('name', '')}" if scheme or ports[0].get("name") else name
    return f"{place}/api/v1/namespaces/{service['metadata']['namespace']}/services/{name}/proxy"


def _dump(ctx: Context) -> int:
    form, text = printing.split(str(ctx.flags["output"]))
    printing.select(ctx)
    if ctx.flags["pod-running-timeout"] <= 0:
        raise errors.CommandError("--pod-running-timeout must be higher than zero")
    folder = str(ctx.flags["output-directory"])
    suffix = {"yaml": ".yaml", "json": ".json"}.get(form, ".txt")
    render = printing.renderer(ctx, form, text, ordered=True)
    if render is None:
        raise errors.CommandError("list types are not supported by name printing: *v1.NodeList")

    written: list[str] = []

    def put(name: str, text: str) -> None:
        # kubectl's one printer parts its documents, also those that go to files of their own.
        text = f"---\n{text}" if form == "yaml" and written and name.endswith(suffix) else text
        written.append(name)
        if folder in ("", "-"):
            ctx.io.out(text)
            return
        place = os.path.join(folder, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(text)

    put(f"nodes{suffix}", render(_listed(ctx, "nodes", "")))
    for namespace in _namespaces(ctx):
        for kind, name in NAMESPACED.items():
            put(f"{namespace}/{name}{suffix}", render(_listed(ctx, kind, namespace)))
        for visit in resources.listed(ctx, resources.find(ctx, "pods"), namespace):
            put(f"{namespace}/{visit.name}/logs.txt", "".join(_logs(ctx, visit)))
    if folder not in ("", "-"):
        ctx.io.out(f"Cluster info dumped to {folder}\n")
    return 0


def _listed(ctx: Context, kind_id: str, namespace: str) -> Object:
    row = ctx.kinds().by_id(kind_id)
    assert row is not None
    found = printing.without_managed_fields(ctx.client.list(row, namespace))
    named = {"kind": row.kind, "apiVersion": row.api_version}
    items = [typed.filled({**each, **named}) for each in found.get("items") or []]
    bare = [{name: value for name, value in each.items() if name not in named} for each in items]
    return {"kind": found["kind"], "apiVersion": found["apiVersion"], "metadata": found["metadata"], "items": bare}


def _namespaces(ctx: Context) -> list[str]:
    if ctx.flags["all-namespaces"]:
        return [visit.name for visit in resources.listed(ctx, resources.find(ctx, "namespaces"), "")]
    return list(ctx.flags["namespaces"]) or ["kube-system", ctx.namespace]


def _logs(ctx: Context, visit: visiting.Visit) -> Iterator[str]:
    """What each container of a pod wrote, between lines that say whose it is."""
    parts = (meta.at(visit.obj or {}, "spec", part, default=[]) for part in ("initContainers", "containers"))
    for container in (each["name"] for part in parts for each in part):
        whose = f"logs for container {container} of pod {visit.namespace}/{visit.name}"
        yield f"==== START {whose} ====\n"
        try:
            yield b"".join(ctx.client.logs(visit.namespace, visit.name, container=container)).decode(errors="replace")
        except errors.PkctlError as error:
            yield f"Request log error: {error}\n"
        yield f"==== END {whose} ====\n"
