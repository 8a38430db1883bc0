"""`create job` and `create cronjob`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common
from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """A Job, from an image or from a CronJob; or a CronJob."""
    return _cronjob(ctx) if ctx.path == "create cronjob" else _job(ctx)


def _job(ctx: Context) -> int:
    name, command = common.name(ctx, may_be_empty=True), common.command(ctx)
    image, source = str(ctx.flags["image"]), str(ctx.flags["from"])
    if bool(image) == bool(source):
        raise errors.CommandError("either --image or --from must be specified")
    if source and command:
        raise errors.CommandError("cannot specify --from and command")
    obj = _from_cronjob(ctx, name, source) if source else _new(ctx, name, template(name, image, command, "Never"))
    return common.finish(ctx, obj, failed="failed to create job: ")


def _new(ctx: Context, name: str, pod: Object) -> Object:
    return {"kind": "Job", "apiVersion": "batch/v1", "metadata": common.meta(ctx, name), "spec": {"template": pod}, "status": {}}


def _from_cronjob(ctx: Context, name: str, source: str) -> Object:
    kind, slash, cron = source.partition("/")
    row = table.BUILTIN.find(kind) if slash else None
    if row is None or row.id != "cronjobs.batch":
        raise errors.CommandError(f"from must be an existing cronjob: {source}")
    found = ctx.client.get(row, ctx.namespace, cron)
    job = found["spec"]["jobTemplate"]
    marks = {"cronjob.kubernetes.io/instantiate": "manual", **((job.get("metadata") or {}).get("annotations") or {})}
    meta: Object = {**common.meta(ctx, name), "annotations": marks}
    if (job.get("metadata") or {}).get("labels"):
        meta["labels"] = job["metadata"]["labels"]
    meta["ownerReferences"] = [
        {"apiVersion": "batch/v1", "kind": "CronJob", "name": cron, "uid": found["metadata"]["uid"], "controller": True}
    ]
    return {"kind": "Job", "apiVersion": "batch/v1", "metadata": meta, "spec": job["spec"], "status": {}}


def _cronjob(ctx: Context) -> int:
    name = common.name(ctx, may_be_empty=True)
    restart = str(ctx.flags["restart"]) or "OnFailure"
    job = {
        "metadata": {"name": name} if name else {},
        "spec": {"template": template(name, str(ctx.flags["image"]), common.command(ctx), restart)},
    }
    spec = {"schedule": str(ctx.flags["schedule"]), "jobTemplate": job}
    obj = {"kind": "CronJob", "apiVersion": "batch/v1", "metadata": common.meta(ctx, name), "spec": spec, "status": {}}
    return common.finish(ctx, obj, failed="failed to create cronjob: ")


def template(name: str, image: str, command: list[str], restart: str) -> Object:
    """A pod template of one container named as the job."""
    made: Object = {"name": name, "image": image}
    if command:
        made["command"] = command
    return {"metadata": {}, "spec": {"containers": [{**made, "resources": {}}], "restartPolicy": restart}}
