"""`run`: one pod of an image; followed, joined and removed when asked. Upstream: kubectl's cmd/run/run.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import envs, images, overrides, printing, resources, waiting, writes
from pkctl.cli.generators import simple
from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

RESTARTS = ("Always", "OnFailure", "Never")
PULLS = ("Always", "IfNotPresent", "Never")


def run(ctx: Context) -> int:
    """Make the pod; with -i, -t or --attach join it."""
    name = _judge(ctx)
    printer = printing.select(ctx, "created", ordered=ctx.dry_run == "client")
    row = table.BUILTIN.by_id("pods")
    assert row is not None
    obj = overrides.merged(ctx, build(ctx, name))
    if ctx.flags["save-config"]:
        obj = writes.noted(obj)
    if ctx.dry_run != "client":
        obj = ctx.client.create(row, ctx.namespace, obj, writes.options(ctx))
    visit = resources.Visit(row, ctx.namespace, name, obj)
    if ctx.flags["expose"]:
        _expose(ctx, name, obj)
    if _attaches(ctx):
        return _join(ctx, visit)
    printer.show(obj, row)
    return 0


def _attaches(ctx: Context) -> bool:
    flags = ctx.flags
    return bool(flags["attach"]) if flags.given("attach") else bool(flags["stdin"] or flags["tty"])


def _judge(ctx: Context) -> str:
    flags = ctx.flags
    count = ctx.flags.dash if ctx.flags.dash >= 0 else len(ctx.args)
    if count == 0:
        raise errors.CommandError("NAME is required for run")
    images.judge(str(flags["image"]))
    if flags["rm"] and not _attaches(ctx):
        raise errors.CommandError("--rm should only be used for attached containers")
    if _attaches(ctx) and ctx.dry_run != "none":
        raise errors.CommandError("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
    if flags["tty"] and not flags["stdin"]:
        raise errors.CommandError("-i/--stdin is required for containers with -t/--tty=true")
    if flags["expose"] and not flags["port"]:
        raise errors.CommandError("--port must be set when exposing a service")
    if flags["restart"] not in ("", *RESTARTS):
        raise errors.CommandError(f"invalid restart policy: {flags['restart']}, valid values are: {', '.join(RESTARTS)}")
    if flags["image-pull-policy"] not in ("", *PULLS):
        raise errors.CommandError(f"invalid image pull policy: {flags['image-pull-policy']}, valid values are: {', '.join(PULLS)}")
    if flags["port"] and not str(flags["port"]).isdigit():
        raise errors.CommandError("--port must be a number")
    return ctx.args[0]


def build(ctx: Context, name: str) -> Object:
    """The pod's object, in Go's field order."""
    flags, rest = ctx.flags, ctx.args[1:]
    container: Object = {"name": name, "image": str(flags["image"])}
    if rest:
        container["command" if flags["command"] else "args"] = rest
    if flags["port"]:
        container["ports"] = [{"containerPort": int(flags["port"])}]
    env = _env(ctx)
    if env:
        container["env"] = env
    container["resources"] = {}
    if flags["image-pull-policy"]:
        container["imagePullPolicy"] = str(flags["image-pull-policy"])
    if flags["privileged"]:
        container["securityContext"] = {"privileged": True}
    container.update(_streams(ctx))
    meta: Object = {"name": name}
    if ctx.enforced:
        meta["namespace"] = ctx.namespace
    labels = str(flags["labels"])
    for part in filter(None, labels.split(",")):
        if part.count("=") != 1 or part.startswith("="):
            raise errors.CommandError(f"unexpected label spec: {part}")
    meta["labels"] = simple.label_selector(labels)["matchLabels"] if labels else {"run": name}
    marks = dict(text.partition("=")[::2] for text in flags["annotations"])
    if marks:
        meta["annotations"] = dict(sorted(marks.items()))
    spec = {"containers": [container], "restartPolicy": str(flags["restart"]) or "Always", "dnsPolicy": "ClusterFirst"}
    return {"kind": "Pod", "apiVersion": "v1", "metadata": meta, "spec": spec, "status": {}}


def _streams(ctx: Context) -> Object:
    found: Object = {}
    if ctx.flags["stdin"]:
        found["stdin"] = True
        if not ctx.flags["leave-stdin-open"]:
            found["stdinOnce"] = True
    if ctx.flags["tty"]:
        found["tty"] = True
    return found


def _env(ctx: Context) -> list[Object]:
    found = []
    for text in ctx.flags["env"]:
        name, equals, value = text.partition("=")
        if not equals or envs.wrong(name):
            raise errors.CommandError(f"invalid env: {text}")
        found.append({"name": name, **({"value": value} if value else {})})
    return found


def _expose(ctx: Context, name: str, pod: Object) -> None:
    port = int(ctx.flags["port"])
    row = table.BUILTIN.by_id("services")
    assert row is not None
    meta: Object = {"name": name}
    if ctx.enforced:
        meta["namespace"] = ctx.namespace
    spec = {"ports": [{"protocol": "TCP", "port": port, "targetPort": port}], "selector": pod["metadata"]["labels"]}
    service = {"kind": "Service", "apiVersion": "v1", "metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}
    if ctx.dry_run != "client":
        service = ctx.client.create(row, ctx.namespace, service, writes.options(ctx))
    printing.select(ctx, "created", ordered=True).show(service, row)
    if printing.split(str(ctx.flags["output"]))[0] == "yaml":
        ctx.io.out("---\n")


def _join(ctx: Context, visit: resources.Visit) -> int:
    """Wait for the pod, join it, and answer with its exit code; `--rm` deletes it in the end."""
    from pkctl.cli import attach

    try:
        pod = _started(ctx, visit)
        if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
            for line in ctx.client.logs(visit.namespace, visit.name, container=pod["spec"]["containers"][0]["name"]):
                ctx.io.out_bytes(line)
        else:
            attach.join(ctx, pod, "")
        return 0 if ctx.flags["restart"] == "Always" or ctx.flags["leave-stdin-open"] else _code(ctx, visit)
    finally:
        if ctx.flags["rm"]:
            _remove(ctx, visit)


def _started(ctx: Context, visit: resources.Visit) -> Object:
    def check() -> bool:
        pod = visit.fetch(ctx)
        phase = (pod.get("status") or {}).get("phase")
        return phase in ("Running", "Succeeded", "Failed")

    if not waiting.until(ctx, check, float(ctx.flags["pod-running-timeout"])):
        raise errors.CommandError(f"timed out waiting for the condition on pods/{visit.name}")
    return visit.obj or {}


def _code(ctx: Context, visit: resources.Visit) -> int:
    ended: Object = {}

    def check() -> bool:
        statuses = (visit.fetch(ctx).get("status") or {}).get("containerStatuses") or []
        ended.update(((statuses or [{}])[0].get("state") or {}).get("terminated") or {})
        return bool(ended)

    waiting.until(ctx, check, waiting.FOREVER)
    code = int(ended.get("exitCode") or 0)
    if code:
        error = errors.CommandError(f"pod {visit.namespace}/{visit.name} terminated ({ended.get('reason', 'Error')})", code)
        error.bare = True  # type: ignore[attr-defined]
        ctx.io.err(f"{error}\n")
    return code


def _remove(ctx: Context, visit: resources.Visit) -> None:
    grace = int(ctx.flags["grace-period"])
    if ctx.flags["force"] and grace < 0:
        grace = 0
    try:
        ctx.client.delete(visit.row, visit.namespace, visit.name, writes.options(ctx, grace=grace if grace >= 0 else None))
    except errors.NotFound:
        return
    ctx.io.out(f'pod "{visit.name}" deleted from {visit.namespace} namespace\n')
