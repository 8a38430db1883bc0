"""`exec`: a command in a running container; its exit code is ours. Upstream: kubectl's cmd/exec."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import manifests, pods, report, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Run the command."""
    command = _command(ctx)
    pod = pods.chosen(ctx, _from_file(ctx)) if ctx.flags["filename"] else pods.one(ctx, ctx.args[0])
    _running(pod)
    # A container that was named is the server's to judge.
    container = str(ctx.flags["container"]) or pods.container(ctx, pod, quiet=bool(ctx.flags["quiet"]))
    stdin = bool(ctx.flags["stdin"])
    tty = terminal.wants_tty(ctx, tty=bool(ctx.flags["tty"]), stdin=stdin)
    meta = pod["metadata"]
    stream = ctx.client.exec(meta.get("namespace", ""), meta["name"], container, command, stdin=stdin, tty=tty)
    return terminal.leave(terminal.run(ctx, stream, stdin=stdin, tty=tty))


def _command(ctx: Context) -> list[str]:
    args, dash, files = ctx.args, ctx.flags.dash, ctx.flags["filename"]
    if dash == -1 and (len(args) > 1 or (args and files)):
        raise ctx.usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
    pods.judge_timeout(ctx)
    if not files and (not args or dash == 0):
        raise errors.CommandError("pod, type/name or --filename must be specified")
    command = args[dash:] if dash >= 0 else []
    if not command:
        raise errors.CommandError("you must specify at least one command for the container")
    return command


def _from_file(ctx: Context) -> Object:
    """What the one file says, which need not be what the cluster has."""
    files = ctx.flags["filename"]
    if ctx.flags.dash > 0:
        raise errors.CommandError("resource/name arguments cannot be provided when a path is specified")
    visits, failed = manifests.visits(ctx, files)
    report.raise_all(failed)
    if len(visits) != 1 or not manifests.is_single(files):
        raise errors.CommandError("cannot exec into multiple objects at a time")
    return visits[0].obj or {}


def _running(pod: Object) -> None:
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise errors.CommandError(f"cannot exec into a container in a completed pod; current phase is {phase}")
