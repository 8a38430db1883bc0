"""`scale`: the number of replicas. Upstream: kubectl's cmd/scale/scale.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, waiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Scale what the arguments name, up to the first that can't be; what could not be found is told at the end."""
    flags = ctx.flags
    if flags["replicas"] < 0:
        raise errors.CommandError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    if flags["current-replicas"] < -1:
        raise errors.CommandError("The --current-replicas must specify an integer of -1 or greater")
    printer = printing.select(ctx, "scaled")
    visits, failed = resources.gather(ctx, ctx.args, latest=False)
    if flags["resource-version"] and len(visits) > 1:
        raise errors.CommandError("cannot use --resource-version with multiple resources")
    if not visits and not failed:
        raise errors.CommandError("no objects passed to scale")
    for visit in visits:
        _scale(ctx, printer, visit)
    report.raise_all(failed)
    return 0


def _scale(ctx: Context, printer: printing.Printer, visit: visiting.Visit) -> None:
    visit.need_path("patch")
    if "scale" not in visit.row.subresources and visit.row.schema is None:
        raise visit.unserved("patch")
    count = int(ctx.flags["replicas"])
    shown = _counted(visit.obj or {}, count)
    if ctx.dry_run == "client":
        printer.show(shown, visit.row)
        return
    _check(ctx, visit)
    patch: Object = {"spec": {"replicas": count}}
    if ctx.flags["resource-version"]:
        patch["metadata"] = {"resourceVersion": str(ctx.flags["resource-version"])}
    options = writes.options(ctx, subresource="scale")
    scaled = ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, options)
    writes.record(ctx, visit, scaled)
    if ctx.flags["timeout"] and ctx.dry_run == "none":
        _wait(ctx, visit, count)
    printer.show(shown, visit.row)


def _counted(obj: Object, count: int) -> Object:
    """The object as it was, but for its count: so kubectl shows what it scaled."""
    spec = obj.get("spec") or {}
    return {**obj, "spec": {**spec, "replicas": count}} if "replicas" in spec else obj


def _check(ctx: Context, visit: visiting.Visit) -> None:
    """`--current-replicas` and `--resource-version` as preconditions, in kubectl's words."""
    expected = int(ctx.flags["current-replicas"])
    version = str(ctx.flags["resource-version"])
    if expected < 0 and not version:
        return
    obj = ctx.client.get(visit.row, visit.namespace, visit.name)
    found = int((obj.get("spec") or {}).get("replicas", 1))
    if 0 <= expected != found:
        raise errors.CommandError(f"Expected replicas to be {expected}, was {found}")
    if version and obj["metadata"].get("resourceVersion") != version:
        raise errors.CommandError(f"Expected resource version to be {version}, was {obj['metadata'].get('resourceVersion')}")


def _wait(ctx: Context, visit: visiting.Visit, count: int) -> None:
    def check() -> bool:
        obj = ctx.client.get(visit.row, visit.namespace, visit.name)
        status = obj.get("status") or {}
        seen = int(status.get("observedGeneration") or 0) >= int(obj["metadata"].get("generation") or 0)
        return seen and int(status.get("replicas") or 0) == count

    if not waiting.until(ctx, check, float(ctx.flags["timeout"])):
        raise errors.CommandError(f'timed out waiting for "{visit.name}" to be synced')
