"""`expose`: a Service in front of a pod, a workload or another Service. Upstream: kubectl's cmd/expose."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import overrides, pods, printing, resources, visiting, writes
from pkctl.cli.generators import simple
from pkctl.kinds import table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

EXPOSED = ("pods", "services", "replicationcontrollers", "deployments.apps", "replicasets.apps")


def run(ctx: Context) -> int:
    """Expose what the arguments name."""
    printer = printing.select(ctx, "exposed", ordered=ctx.dry_run == "client")
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(resources.NOTHING)
    return resources.each(ctx, ctx.args, lambda visit: _expose(ctx, printer, visit), latest=False)


def _expose(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    if visit.row.id not in EXPOSED:
        raise errors.CommandError(f"cannot expose a {visit.row.kind}{'.' if visit.row.group else ''}{visit.row.group}")
    service = writes.recorded(ctx, overrides.merged(ctx, build(ctx, visit)))
    row = table.BUILTIN.by_id("services")
    assert row is not None
    if ctx.flags["save-config"] and ctx.dry_run != "client":
        service = writes.noted(service)
    if ctx.dry_run != "client":
        service = ctx.client.create(row, visit.namespace, service, writes.options(ctx))
    printer.show(service, row)


def build(ctx: Context, visit: visiting.Visit) -> Object:
    """The Service's object."""
    flags, obj = ctx.flags, visit.obj or {}
    kind = str(flags["type"]) or "ClusterIP"
    selector, ports = _selector(ctx, obj), _ports(ctx, obj)
    spec: Object = {"ports": ports} if ports else {}
    spec["selector"] = selector
    if flags["external-ip"]:
        spec["externalIPs"] = [str(flags["external-ip"])]
    if flags["load-balancer-ip"]:
        spec["loadBalancerIP"] = str(flags["load-balancer-ip"])
    if flags["type"]:
        spec["type"] = kind
    if flags["session-affinity"]:
        if flags["session-affinity"] not in ("None", "ClientIP"):
            raise errors.CommandError(f"unknown session affinity: {flags['session-affinity']}")
        spec["sessionAffinity"] = str(flags["session-affinity"])
    if flags["cluster-ip"]:
        spec["clusterIP"] = str(flags["cluster-ip"])
    meta: Object = {"name": str(flags["name"]) or visit.name[:63]}
    if visit.namespace and (ctx.enforced or ctx.dry_run != "client"):
        meta["namespace"] = visit.namespace
    labels = _labels(ctx, obj)
    if labels:
        meta["labels"] = labels
    return {"kind": "Service", "apiVersion": "v1", "metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}


def _labels(ctx: Context, obj: Object) -> Object:
    if ctx.flags["labels"]:
        return simple.labels(str(ctx.flags["labels"]))
    return dict((obj.get("metadata") or {}).get("labels") or {})


UNFIT = "couldn't retrieve selectors via --selector flag or introspection:"
NO_SELECTOR = {
    "Pod": "the pod has no labels and cannot be exposed",
    "Service": "the service has no pod selector set",
    "Deployment": "invalid deployment: no selectors, therefore cannot be exposed",
    "ReplicaSet": "invalid replicaset: no selectors, therefore cannot be exposed",
}
"""What is told of an object that selects nothing, by its kind."""


def _selector(ctx: Context, obj: Object) -> Object:
    if ctx.flags["selector"]:
        return simple.labels(str(ctx.flags["selector"]))
    kind = str(obj["kind"])
    if kind == "Service" and not (obj.get("spec") or {}).get("selector"):
        raise errors.CommandError(f"{UNFIT} {NO_SELECTOR[kind]}")
    found: Object = {"matchLabels": (obj.get("metadata") or {}).get("labels")} if kind == "Pod" else pods.selector(obj) or {}
    if found.get("matchExpressions"):
        raise errors.CommandError(f"{UNFIT} couldn't convert expressions - selector to map")
    if not found.get("matchLabels"):
        raise errors.CommandError(f"{UNFIT} {NO_SELECTOR.get(kind, 'invalid service: no selectors, cannot be exposed')}")
    return dict(found["matchLabels"])


def _ports(ctx: Context, obj: Object) -> list[Object]:
    flags = ctx.flags
    known = _known_ports(obj)
    wanted = [(each, "") for each in str(flags["port"]).split(",")] if flags["port"] else known
    if not wanted and flags["cluster-ip"] != "None":
        raise errors.CommandError("couldn't find port via --port flag or introspection")
    protocols = dict(known)
    found = []
    for number, (port, protocol) in enumerate(wanted):
        if not port.removeprefix("-").isdigit():
            raise errors.CommandError(f"strconv.Atoi: parsing {texts.quoted(port)}: invalid syntax")
        made: Object = {"name": f"port-{number + 1}"} if len(wanted) > 1 else {}
        made["protocol"] = str(flags["protocol"]) or protocol or protocols.get(port) or "TCP"
        made["port"] = int(port)
        target = str(flags["target-port"]) or port
        found.append({**made, "targetPort": int(target) if target.removeprefix("-").isdigit() else target})
    return found


def _known_ports(obj: Object) -> list[tuple[str, str]]:
    spec = obj.get("spec") or {}
    if obj["kind"] == "Service":
        return [(str(each["port"]), each.get("protocol", "TCP")) for each in spec.get("ports") or []]
    holder = spec if obj["kind"] == "Pod" else (spec.get("template") or {}).get("spec") or {}
    return [
        (str(port["containerPort"]), port.get("protocol", "TCP"))
        for container in holder.get("containers") or []
        for port in container.get("ports") or []
    ]
