"""`exec`: a command in a running container; its exit code is ours. Upstream: kubectl's cmd/exec."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import manifests, pods, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Run the command."""
    word, command = _complete(ctx)
    pod = pods.one(ctx, word)
    _running(pod)
    # A container that was named is the server's to judge.
    container = str(ctx.flags["container"]) or pods.container(ctx, pod, quiet=bool(ctx.flags["quiet"]))
    stdin = bool(ctx.flags["stdin"])
    tty = terminal.wants_tty(ctx, tty=bool(ctx.flags["tty"]), stdin=stdin)
    meta = pod["metadata"]
    stream = ctx.client.exec(meta.get("namespace", ""), meta["name"], container, command, stdin=stdin, tty=tty)
    return terminal.leave(terminal.run(ctx, stream, stdin=stdin, tty=tty))


def _complete(ctx: Context) -> tuple[str, list[str]]:
    args, dash, files = ctx.args, ctx.flags.dash, ctx.flags["filename"]
    if dash == -1 and len(args) > 1:
        raise ctx.usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
    pods.judge_timeout(ctx)
    if not args and not files:
        raise errors.CommandError("pod, type/name or --filename must be specified")
    if files:
        command = args
    elif dash == 0:
        raise errors.CommandError("pod, type/name or --filename must be specified")
    else:
        command = args[1:]
    if not command:
        raise errors.CommandError("you must specify at least one command for the container")
    if not files:
        return args[0], command
    visits, failed = manifests.visits(ctx, files)
    if failed:
        raise failed[0]
    return f"{visits[0].row.id}/{visits[0].name}", command


def _running(pod: dict[str, object]) -> None:
    status, meta = pod.get("status") or {}, pod["metadata"]
    assert isinstance(status, dict)
    assert isinstance(meta, dict)
    phase = status.get("phase")
    if phase in ("Succeeded", "Failed"):
        raise errors.CommandError(f"cannot exec into a container in a completed pod; current phase is {phase}")
