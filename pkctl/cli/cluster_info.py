"""`cluster-info`: where the cluster is; `cluster-info dump` writes everything down. Upstream: kubectl's cmd/clusterinfo."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import printing, resources
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NAMESPACED = ("events", "replicationcontrollers", "services", "daemonsets.apps", "deployments.apps", "replicasets.apps", "pods")


def run(ctx: Context) -> int:
    """One of the two."""
    if ctx.path == "cluster-info dump":
        return _dump(ctx)
    if ctx.args:
        raise ctx.usage(f"unknown command: {writes_list(ctx.args)}")
    version = ctx.client.version()
    place = ctx.settings.place or "the default cluster file"
    ctx.io.out(f"Kubernetes control plane is running at {place} ({version.get('gitVersion', '')})\n")
    ctx.io.out(f"\nTo further debug and diagnose cluster problems, use '{ctx.io.program} cluster-info dump'.\n")
    return 0


def writes_list(words: list[str]) -> str:
    """Words as Go prints a slice."""
    return f"[{' '.join(words)}]"


def _dump(ctx: Context) -> int:
    form = printing.split(str(ctx.flags["output"]))[0]
    printer = printing.select(ctx)
    folder = str(ctx.flags["output-directory"])
    suffix = {"yaml": ".yaml", "kyaml": ".yaml", "json": ".json"}.get(form, ".txt")
    render = printing.renderer(ctx, form, printing.split(str(ctx.flags["output"]))[1])
    if render is None:
        raise errors.CommandError(f"output format {printer.form or 'name'} can't hold a dump")

    def put(name: str, text: str) -> None:
        if folder in ("", "-"):
            ctx.io.out(text)
            return
        place = os.path.join(folder, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(text)

    put(f"nodes{suffix}", render(_listed(ctx, "nodes", "")))
    for namespace in _namespaces(ctx):
        for kind in NAMESPACED:
            put(f"{namespace}/{kind.partition('.')[0]}{suffix}", render(_listed(ctx, kind, namespace)))
        for visit in resources.listed(ctx, resources.find(ctx, "pods"), namespace):
            _pod_logs(ctx, visit, put)
    if folder not in ("", "-"):
        ctx.io.out(f"Cluster info dumped to {folder}\n")
    return 0


def _listed(ctx: Context, kind_id: str, namespace: str) -> Object:
    row = ctx.kinds().by_id(kind_id)
    assert row is not None
    return printing.without_managed_fields(ctx.client.list(row, namespace))


def _namespaces(ctx: Context) -> list[str]:
    if ctx.flags["all-namespaces"]:
        return [visit.name for visit in resources.listed(ctx, resources.find(ctx, "namespaces"), "")]
    return list(ctx.flags["namespaces"]) or ["kube-system", ctx.namespace]


def _pod_logs(ctx: Context, visit: resources.Visit, put: Any) -> None:
    for container in [each["name"] for each in meta.at(visit.obj or {}, "spec", "containers", default=[])]:
        start = f"==== START logs for container {container} of pod {visit.namespace}/{visit.name} ====\n"
        end = f"==== END logs for container {container} of pod {visit.namespace}/{visit.name} ====\n"
        try:
            text = b"".join(ctx.client.logs(visit.namespace, visit.name, container=container)).decode(errors="replace")
        except errors.PkctlError as error:
            text = f"Request log error: {error}\n"
        put(f"{visit.namespace}/{visit.name}/logs.txt", start + text + end)
