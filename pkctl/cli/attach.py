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
    if not ctx.args:
        raise errors.CommandError("at least 1 argument is required for attach")
    if len(ctx.args) > 2:
        raise errors.CommandError("expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw " +
                                  f"{len(ctx.args)}: [{' '.join(ctx.args)}]")  # fmt: skip
    pod = pods.one(ctx, "/".join(ctx.args))
    return join(ctx, pod, str(ctx.flags["container"]))


def join(ctx: Context, pod: Object, wanted: str) -> int:
    """Attach to one pod's container; the process's exit code is not ours."""
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise errors.CommandError(f"cannot attach a container in a completed pod; current phase is {phase}")
    quiet = bool(ctx.flags["quiet"])
    container = pods.container(ctx, pod, wanted, quiet=quiet)
    stdin = bool(ctx.flags["stdin"])
    tty = terminal.wants_tty(ctx, tty=bool(ctx.flags["tty"]), stdin=stdin)
    every = [*pod["spec"]["containers"], *(pod["spec"].get("ephemeralContainers") or [])]
    spec: Object = next((each for each in every if each["name"] == container), {})
    if tty and not spec.get("tty"):
        tty = False
        if not quiet:
            ctx.io.err(f"error: Unable to use a TTY - container {container} did not allocate one\n")
    if not quiet and ctx.io.is_terminal("stderr") and (stdin or tty):
        ctx.io.err("If you don't see a command prompt, try pressing enter.\n")
    meta = pod["metadata"]
    stream = ctx.client.attach(meta.get("namespace", ""), meta["name"], container, stdin=stdin, tty=tty)
    terminal.run(ctx, stream, stdin=stdin, tty=tty, detach=str(ctx.flags.get("detach-keys", "")))
    return 0
