"""`autoscale`: a HorizontalPodAutoscaler for a workload. Upstream: kubectl's cmd/autoscale."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting, writes
from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

UNITS = {"cpu": "m", "memory": "Mi"}

DEPRECATED = (
    "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' "
    "for milliCPU).\n"
)


def run(ctx: Context) -> int:
    """Make an autoscaler for what the arguments name."""
    flags = ctx.flags
    if flags.given("cpu-percent"):
        ctx.io.err(DEPRECATED)
    if flags.given("cpu-percent") and flags["cpu"]:
        raise errors.CommandError("--cpu-percent and --cpu are mutually exclusive")
    if flags["max"] < 1:
        raise errors.CommandError(f"--max=MAXPODS is required and must be at least 1, max: {flags['max']}")
    if flags["max"] < flags["min"]:
        raise errors.CommandError(f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {flags['max']}, min: {flags['min']}")
    metrics = _metrics(ctx)
    printer = printing.select(ctx, "autoscaled", ordered=ctx.dry_run == "client")
    return resources.each(ctx, ctx.args, lambda visit: _autoscale(ctx, printer, visit, metrics), latest=False)


def _metrics(ctx: Context) -> list[Object]:
    found = []
    wanted = {"cpu": str(ctx.flags["cpu"]), "memory": str(ctx.flags["memory"])}
    if not wanted["cpu"] and ctx.flags["cpu-percent"] >= 0:
        wanted["cpu"] = f"{ctx.flags['cpu-percent']}%"
    for name, text in wanted.items():
        if text:
            found.append({"type": "Resource", "resource": {"name": name, "target": _target(name, text)}})
    return found


def _target(name: str, text: str) -> Object:
    """What is aimed at: a share in percent, or an amount; a bare number counts in UNITS."""
    import re

    from pkctl.objects import floats, quantities

    if text.endswith("%"):
        if not re.fullmatch(r"[+]?[0-9]+", text[:-1]):
            raise errors.CommandError(f"invalid percentage value: {text[:-1]}")
        return {"type": "Utilization", "averageUtilization": int(text[:-1])}
    is_bare = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
    try:
        amount = f"{floats.decimal(float(text))}{UNITS[name]}" if is_bare else text
        return {"type": "AverageValue", "averageValue": quantities.canonical(amount)}
    except quantities.QuantityError as error:
        raise errors.CommandError(str(error) if is_bare else f"invalid resource {name} value: {text}") from None


def _autoscale(ctx: Context, printer: printing.Printer, visit: visiting.Visit, metrics: list[Object]) -> None:
    if "scale" not in visit.row.subresources:
        place = f"{visit.row.group}/{visit.row.version or 'v1'}, Resource={visit.row.plural}"
        raise errors.CommandError(
            f"cannot autoscale a {visit.row.kind}: could not find scale subresource for {place} in discovery information"
        )
    spec: Object = {"scaleTargetRef": {"kind": visit.row.kind, "name": visit.name, "apiVersion": visit.row.api_version}}
    if ctx.flags["min"] > 0:
        spec["minReplicas"] = int(ctx.flags["min"])
    spec["maxReplicas"] = int(ctx.flags["max"])
    if metrics:
        spec["metrics"] = metrics
    obj: Object = {
        "kind": "HorizontalPodAutoscaler",
        "apiVersion": "autoscaling/v2",
        "metadata": {"name": str(ctx.flags["name"]) or visit.name} | ({"namespace": ctx.namespace} if ctx.enforced else {}),
        "spec": spec,
        "status": {"desiredReplicas": 0, "currentMetrics": None},
    }
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    assert row is not None
    obj = writes.recorded(ctx, obj)
    if ctx.dry_run != "client":
        sent = writes.noted(obj) if ctx.flags["save-config"] else obj
        obj = ctx.client.create(row, visit.namespace, sent, writes.options(ctx))
    printer.show(obj, row)
