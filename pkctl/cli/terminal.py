"""A container's process at the command's own streams: which input it gets, and what its exit code means to the user."""

from __future__ import annotations

from pkctl import errors
from pkctl.client import terminals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context
    from pkctl.runtime.base import Stream

NO_TTY = "Unable to use a TTY - input is not a terminal or the right kind of file"


def wants_tty(ctx: Context, *, tty: bool, stdin: bool) -> bool:
    """Whether to ask for a terminal: `-t` is dropped without `-i`, and, with kubectl's line, when ours is none."""
    if not tty or not stdin:
        return False
    if not ctx.io.is_terminal("stdin"):
        if not ctx.flags.get("quiet"):
            ctx.io.err(f"{NO_TTY}\n")
        return False
    return True


def run(ctx: Context, stream: Stream, *, stdin: bool, tty: bool, detach: str = "") -> int | None:
    """Carry bytes until the process ended; its exit code, None when the user detached."""
    raw = getattr(ctx.io.stdin, "buffer", None) if stdin else None
    keyboard = raw.fileno() if raw is not None else None
    typed = ctx.io.stdin.read().encode() if stdin and raw is None else None
    code = terminals.run(stream, lambda name, body: _show(ctx, name, body), keyboard=keyboard, typed=typed, tty=tty, detach=detach)
    return None if code == terminals.DETACHED else int(code)


def _show(ctx: Context, name: str, body: bytes) -> None:
    (ctx.io.err_bytes if name == "stderr" else ctx.io.out_bytes)(body)


def leave(code: int | None) -> int:
    """0, or kubectl's line and the process's own code."""
    if code:
        raise errors.BareError(f"command terminated with exit code {code}", code)
    return 0
