"""A container's process at our terminal: bytes both ways, raw mode, window size, detaching, its exit code."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from pkctl.cli.context import Context
    from pkctl.runtime.base import Stream

NO_TTY = "Unable to use a TTY - input is not a terminal or the right kind of file"


def wants_tty(ctx: Context, *, tty: bool, stdin: bool) -> bool:
    """Whether to ask for a terminal: `-t` is dropped, with kubectl's line, when ours is none."""
    if tty and stdin and not ctx.io.is_terminal("stdin"):
        ctx.io.err(f"{NO_TTY}\n")
        return False
    return tty


def run(ctx: Context, stream: Stream, *, stdin: bool, tty: bool, detach: str = "") -> int:
    """Carry bytes until the process ended; its exit code."""
    import threading

    keys = _keys(detach) if tty else b""
    restore = _raw(ctx) if tty else None
    watch = _watch_size(stream) if tty else None
    detached = threading.Event()
    if stdin:
        threading.Thread(target=_feed, args=(ctx, stream, keys, detached), daemon=True).start()
    try:
        _drain(ctx, stream, detached)
        return 0 if detached.is_set() else stream.exit_code()
    finally:
        if watch:
            watch()
        if restore:
            restore()
        stream.close()


def _drain(ctx: Context, stream: Stream, detached: threading.Event) -> None:
    while not detached.is_set():
        try:
            chunk = stream.read(0.5)
        except TimeoutError:
            continue
        if chunk is None:
            return
        name, body = chunk
        (ctx.io.err_bytes if name == "stderr" else ctx.io.out_bytes)(body)


def _feed(ctx: Context, stream: Stream, keys: bytes, detached: threading.Event) -> None:
    import os

    raw = getattr(ctx.io.stdin, "buffer", None)
    seen = b""
    while True:
        body = os.read(raw.fileno(), 65536) if raw is not None else ctx.io.stdin.read().encode()
        if not body:
            stream.close_stdin()
            return
        if keys:
            seen = (seen + body)[-len(keys) :]
            if seen == keys:
                detached.set()
                return
        try:
            stream.write(body)
        except (OSError, errors.PkctlError):
            # The process ended while we read: what was typed after has nobody to go to.
            return
        if raw is None:
            stream.close_stdin()
            return


def _keys(text: str) -> bytes:
    """`ctrl-p,ctrl-q` as bytes."""
    found = b""
    for part in filter(None, text.split(",")):
        name, dash, letter = part.partition("-")
        if name == "ctrl" and dash and len(letter) == 1:
            found += bytes([ord(letter.upper()) & 0x1F])
        elif len(part) == 1:
            found += part.encode()
        else:
            raise errors.CommandError(f"invalid detach keys: Unknown character: '{part}'")
    return found


def _raw(ctx: Context) -> Callable[[], object]:
    import termios
    import tty

    place = ctx.io.stdin.fileno()
    before = termios.tcgetattr(place)
    tty.setraw(place)
    return lambda: termios.tcsetattr(place, termios.TCSADRAIN, before)


def _watch_size(stream: Stream) -> Callable[[], object]:
    import os
    import signal

    def resize(*_: object) -> None:
        size = os.get_terminal_size()
        stream.resize(size.lines, size.columns)

    resize()
    before = signal.signal(signal.SIGWINCH, resize)
    return lambda: signal.signal(signal.SIGWINCH, before)


def leave(code: int) -> int:
    """0, or kubectl's line and the process's own code."""
    if code:
        error = errors.CommandError(f"command terminated with exit code {code}", code)
        error.bare = True  # type: ignore[attr-defined]
        raise error
    return 0
