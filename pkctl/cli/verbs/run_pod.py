"""`run`: one pod of an image; followed, joined and removed when asked. Upstream: kubectl's cmd/run/run.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import envs, images, overrides, pods, printing, visiting, waiting, writes
from pkctl.cli.generators import simple
from pkctl.cli.verbs import delete
from pkctl.kinds import table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

RESTARTS = ("Always", "OnFailure", "Never")
PULLS = ("Always", "IfNotPresent", "Never")


def run(ctx: Context) -> int:
    """Make the pod; with -i, -t or --attach join it."""
    printer = printing.select(ctx, "created", ordered=ctx.dry_run == "client")
    delete.propagation_of(ctx)
    name = _judge(ctx)
    row = table.BUILTIN.by_id("pods")
    assert row is not None
    obj = writes.recorded(ctx, overrides.merged(ctx, build(ctx, name)))
    if ctx.dry_run != "client":
        obj = writes.noted(obj) if ctx.flags["save-config"] else obj
        obj = ctx.client.create(row, ctx.namespace, obj, writes.options(ctx))
    made = [visiting.Visit(row, ctx.namespace, name, obj)]
    if ctx.flags["expose"]:
        made.append(_expose(ctx, name, obj, printer))
    if _attaches(ctx):
        return _join(ctx, made)
    printer.show(obj, row)
    return 0


def _attaches(ctx: Context) -> bool:
    flags = ctx.flags
    return bool(flags["attach"]) if flags.given("attach") else bool(flags["stdin"] or flags["tty"])


def _judge(ctx: Context) -> str:
    flags, image = ctx.flags, str(ctx.flags["image"])
    if not ctx.args:
        raise ctx.usage("NAME is required for run")
    pods.judge_timeout(ctx)
    if not image:
        raise errors.CommandError("--image is required")
    if not images.is_name(image):
        raise errors.CommandError(f"Invalid image name {texts.quoted(image)}: invalid reference format")
    if flags["tty"] and not flags["stdin"]:
        raise ctx.usage("-i/--stdin is required for containers with -t/--tty=true")
    if flags["expose"] and not flags["port"]:
        raise ctx.usage("--port must be set when exposing a service")
    if flags["restart"] not in ("", *RESTARTS):
        raise ctx.usage(f"invalid restart policy: {flags['restart']}")
    if flags["rm"] and not _attaches(ctx):
        raise ctx.usage("--rm should only be used for attached containers")
    if _attaches(ctx) and ctx.dry_run != "none":
        raise ctx.usage("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
    if flags["image-pull-policy"] not in ("", *PULLS):
        raise ctx.usage(f"invalid image pull policy: {flags['image-pull-policy']}")
    if flags["filename"]:
        ctx.moot.append("--filename has no effect: no file is read by this command")
    if not ctx.args[0]:
        raise errors.CommandError("Parameter: name is required")
    return ctx.args[0]


def build(ctx: Context, name: str) -> Object:
    """The pod's object, in Go's field order."""
    flags, rest = ctx.flags, ctx.args[1:]
    container: Object = {"name": name, "image": str(flags["image"])}
    env, marks = _env(ctx), _annotations(ctx)
    labels = simple.labels(str(flags["labels"])) if flags["labels"] else {"run": name}
    if rest:
        container["command" if flags["command"] else "args"] = rest
    if flags["port"]:
        container["ports"] = [{"containerPort": _port(str(flags["port"]))}]
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
    meta["labels"] = labels
    if marks:
        meta["annotations"] = dict(sorted(marks.items()))
    spec = {"containers": [container], "restartPolicy": str(flags["restart"]) or "Always", "dnsPolicy": "ClusterFirst"}
    return {"kind": "Pod", "apiVersion": "v1", "metadata": meta, "spec": spec, "status": {}}


def _port(text: str) -> int:
    """A port as Go's strconv.Atoi and int32 read it; CommandError."""
    digits = text[1:] if text[0] in "+-" else text
    if not (digits.isascii() and digits.isdigit()):
        raise errors.CommandError(f"strconv.Atoi: parsing {texts.quoted(text)}: invalid syntax")
    if not -(1 << 63) <= int(text) < 1 << 63:
        raise errors.CommandError(f"strconv.Atoi: parsing {texts.quoted(text)}: value out of range")
    return (int(text) + (1 << 31)) % (1 << 32) - (1 << 31)


def _annotations(ctx: Context) -> dict[str, str]:
    found = {}
    for text in ctx.flags["annotations"]:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise errors.CommandError(f"invalid annotations format: {text}")
        found[name] = value
    return found


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


def _expose(ctx: Context, name: str, pod: Object, printer: printing.Printer) -> visiting.Visit:
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
    printer.show(service, row)
    if printing.split(str(ctx.flags["output"]))[0] == "yaml":
        ctx.io.out("---\n")
    return visiting.Visit(row, ctx.namespace, name, service)


def _join(ctx: Context, made: list[visiting.Visit]) -> int:
    """Wait for the pod, join it, and answer with its exit code; `--rm` deletes what was made in the end."""
    from pkctl.cli.verbs import attach

    visit, leaves = made[0], ctx.flags["restart"] == "Always" or bool(ctx.flags["leave-stdin-open"])
    try:
        pod = _started(ctx, visit)
        if pod["status"]["phase"] in ENDED:
            _log(ctx, visit, pod)
        else:
            try:
                leaves = attach.join(ctx, pod, "") or leaves
            except (errors.StatusError, errors.NodeError) as error:
                ctx.io.err(f"warning: couldn't attach to pod/{visit.name}, falling back to streaming logs: {error}\n")
                _log(ctx, visit, pod)
        ended = None if leaves else _ended(ctx, visit)
    finally:
        if ctx.flags["rm"]:
            for each in made:
                _remove(ctx, each)
    return _code(ended) if ended else 0


ENDED = ("Succeeded", "Failed")


def _log(ctx: Context, visit: visiting.Visit, pod: Object) -> None:
    for line in ctx.client.logs(visit.namespace, visit.name, container=pod["spec"]["containers"][0]["name"]):
        ctx.io.out_bytes(line)


def _phase(ctx: Context, visit: visiting.Visit, phases: tuple[str, ...]) -> Object:
    """The pod once it is in one of the phases, within `--pod-running-timeout`."""

    def check() -> bool:
        return (visit.fetch(ctx).get("status") or {}).get("phase") in phases

    if not waiting.until(ctx, check, float(ctx.flags["pod-running-timeout"])):
        raise errors.CommandError("timed out waiting for the condition")
    return visit.obj or {}


def _started(ctx: Context, visit: visiting.Visit) -> Object:
    return _phase(ctx, visit, ("Running", *ENDED))


def _ended(ctx: Context, visit: visiting.Visit) -> Object:
    """The pod at its end: one that is to be restarted on a failure has none but its success."""
    return _phase(ctx, visit, ("Succeeded",) if ctx.flags["restart"] == "OnFailure" else ENDED)


def _code(pod: Object) -> int:
    """0 for a pod that succeeded; CommandError with the code of the container's process."""
    if pod["status"]["phase"] == "Succeeded":
        return 0
    name = f"pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"
    statuses = pod["status"].get("containerStatuses") or [{}]
    state = (statuses[0].get("state") or {}).get("terminated") or {}
    if not state.get("exitCode"):
        raise errors.CommandError(f"{name} failed with unknown exit code")
    raise errors.BareError(f"{name} terminated ({state.get('reason', '')})\n{state.get('message', '')}", int(state["exitCode"]))


def _remove(ctx: Context, visit: visiting.Visit) -> None:
    grace = int(ctx.flags["grace-period"])
    if ctx.flags["force"] and grace < 0:
        grace = 0
    try:
        ctx.client.delete(visit.row, visit.namespace, visit.name, writes.options(ctx, grace=grace if grace >= 0 else None))
    except errors.NotFound:
        return
    if not ctx.flags["quiet"]:
        ctx.io.out(f'{visiting.shown_kind(visit.row)} "{visit.name}" deleted from {visit.namespace} namespace\n')
