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


def run(ctx: Context) -> int:
    """Make an autoscaler for what the arguments name."""
    flags = ctx.flags
    if flags["max"] < 1:
        raise errors.CommandError(f"--max=MAXPODS is required and must be at least 1, max: {flags['max']}")
    if flags["max"] < flags["min"]:
        raise errors.CommandError(f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {flags['max']}, min: {flags['min']}")
    if flags["cpu-percent"] > 0 and flags["cpu"]:
        raise errors.CommandError("--cpu-percent and --cpu are mutually exclusive")
    metrics = _metrics(ctx)
    return resources.each(ctx, ctx.args, lambda visit: _autoscale(ctx, visit, metrics), latest=False)


def _metrics(ctx: Context) -> list[Object]:
    found = []
    wanted = {"cpu": str(ctx.flags["cpu"]), "memory": str(ctx.flags["memory"])}
    if not wanted["cpu"] and ctx.flags["cpu-percent"] > 0:
        wanted["cpu"] = f"{ctx.flags['cpu-percent']}%"
    for name, text in wanted.items():
        if text:
            found.append({"type": "Resource", "resource": {"name": name, "target": _target(name, text)}})
    return found


def _target(name: str, text: str) -> Object:
    """What is aimed at: a share in percent, or an amount; a bare number counts in UNITS."""
    import re

    from pkctl.objects import floats, quantities

    if not (text := text.strip()):
        raise errors.CommandError("empty input")
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


def _autoscale(ctx: Context, visit: visiting.Visit, metrics: list[Object]) -> None:
    """The autoscaler made, in the older version when the newer one can't be made or shown and the older can say as much."""
    if "scale" not in visit.row.subresources:
        place = f"{visit.row.group}/{visit.row.version or 'v1'}, Resource={visit.row.plural}"
        raise errors.CommandError(
            f"cannot autoscale a {visit.row.kind}: could not find scale subresource for {place} in discovery information"
        )
    try:
        _make(ctx, visit, metrics, "autoscaling/v2")
    except errors.PkctlError:
        if why := _unfit(ctx):
            raise errors.CommandError(
                f"failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: {why}"
            ) from None
        _make(ctx, visit, metrics, "autoscaling/v1")


def _unfit(ctx: Context) -> str:
    """Why autoscaling/v1 can't say what is wanted, "" when it can; kubectl has no words for a memory that it would need."""
    if not str(ctx.flags["cpu"]).strip():
        return "empty input"
    is_fit = not ctx.flags["memory"] and (str(ctx.flags["cpu"]).strip().endswith("%") or ctx.flags["cpu-percent"] >= 0)
    return "" if is_fit else "%!w(<nil>)"


def _make(ctx: Context, visit: visiting.Visit, metrics: list[Object], version: str) -> None:
    obj = writes.recorded(ctx, _object(ctx, visit, metrics, version))
    row = table.BUILTIN.by_gvk(version, obj["kind"])
    assert row is not None
    is_made = ctx.dry_run != "client"
    if is_made:
        sent = writes.noted(obj) if ctx.flags["save-config"] else obj
        obj = ctx.client.create(row, visit.namespace, sent, writes.options(ctx))
    printing.select(ctx, "autoscaled" if is_made else "created", ordered=not is_made).show(obj, row)


def _object(ctx: Context, visit: visiting.Visit, metrics: list[Object], version: str) -> Object:
    """The autoscaler, in Go's field order; of what is measured autoscaling/v1 knows `--cpu-percent`."""
    spec: Object = {"scaleTargetRef": {"kind": visit.row.kind, "name": visit.name, "apiVersion": visit.row.api_version}}
    if ctx.flags["min"] > 0:
        spec["minReplicas"] = int(ctx.flags["min"])
    spec["maxReplicas"] = int(ctx.flags["max"])
    status: Object = {"desiredReplicas": 0, "currentMetrics": None}
    if version == "autoscaling/v1":
        status = {"currentReplicas": 0, "desiredReplicas": 0}
        if ctx.flags["cpu-percent"] >= 0:
            spec["targetCPUUtilizationPercentage"] = int(ctx.flags["cpu-percent"])
    elif metrics:
        spec["metrics"] = metrics
    meta = {"name": str(ctx.flags["name"]) or visit.name} | ({"namespace": ctx.namespace} if ctx.enforced else {})
    return {"kind": "HorizontalPodAutoscaler", "apiVersion": version, "metadata": meta, "spec": spec, "status": status}
