"""`attach`: join a running container's own process. Upstream: kubectl's cmd/attach."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import pods, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Attach to what the one argument names."""
    pods.judge_timeout(ctx)
    if not ctx.args:
        raise errors.CommandError("at least 1 argument is required for attach")
    if len(ctx.args) > 2:
        raise errors.CommandError("expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw " +
                                  f"{len(ctx.args)}: [{' '.join(ctx.args)}]")  # fmt: skip
    pod = pods.one(ctx, "/".join(ctx.args))
    join(ctx, pod, str(ctx.flags["container"]))
    return 0


DETACH = "ctrl-p,ctrl-q"
"""The keys that detach where the command has no flag for them."""

RECORDED = (
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive information "
    "passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n"
)


def join(ctx: Context, pod: Object, wanted: str) -> bool:
    """Attach to one pod's container, whose exit code is not ours; whether its process is still there, since the user detached."""
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise errors.CommandError(f"cannot attach a container in a completed pod; current phase is {phase}")
    quiet, stdin = bool(ctx.flags["quiet"]), bool(ctx.flags["stdin"])
    try:
        container = pods.container(ctx, pod, wanted, quiet=quiet)
    except errors.CommandError as error:
        raise errors.CommandError(f"cannot attach to the container: {error}") from None
    has = _has_tty(ctx, pod, container, quiet=quiet)
    tty = has and stdin and terminal.wants_tty(ctx, tty=True, stdin=True)
    if not quiet:
        ctx.io.err(RECORDED)
    meta = pod["metadata"]
    stream = ctx.client.attach(meta.get("namespace", ""), meta["name"], container, stdin=stdin, tty=has)
    code = terminal.run(ctx, stream, stdin=stdin, tty=tty, detach=str(ctx.flags.get("detach-keys") or DETACH))
    if tty and not quiet:
        ctx.io.out(f"{_ended(ctx, pod, container)}\n")
    return code is None


def _has_tty(ctx: Context, pod: Object, container: str, *, quiet: bool) -> bool:
    """Whether the container has a terminal, which decides how it is spoken to, whatever was asked for."""
    every = [*pod["spec"]["containers"], *(pod["spec"].get("ephemeralContainers") or [])]
    has = any(each["name"] == container and each.get("tty") for each in every)
    if ctx.flags["tty"] and not has and not quiet:
        ctx.io.err(f"error: Unable to use a TTY - container {container} did not allocate one\n")
    return has


def _ended(ctx: Context, pod: Object, container: str) -> str:
    """How to come back."""
    meta = pod["metadata"]
    again = f"'{ctx.io.program} attach {meta['name']} -c {container} -n {meta.get('namespace', '')} -i -t'"
    if any(each["name"] == container for each in pod["spec"].get("ephemeralContainers") or []):
        return f"Session ended, the ephemeral container will not be restarted but may be reattached using {again} if it is still running"
    return f"Session ended, resume using {again} command"
