"""`logs -f` over several containers: their lines as they come, whole, never two mixed."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import logs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import queue
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context, targets: list[logs.Target], options: dict[str, Any]) -> int:
    """Print until every stream ended; the first error ends it all unless `--ignore-errors`."""
    import queue
    import threading

    lines: queue.Queue[bytes | errors.PkctlError | None] = queue.Queue(1000)
    for target in targets:
        threading.Thread(target=_read, args=(ctx, target, options, lines), daemon=True).start()
    left = len(targets)
    while left:
        line = lines.get()
        if line is None:
            left -= 1
        elif isinstance(line, bytes):
            ctx.io.out_bytes(line)
        elif ctx.flags["ignore-errors"]:
            ctx.io.err(f"error: {line}\n")
        else:
            raise line
    return 0


def _read(ctx: Context, target: logs.Target, options: dict[str, Any], lines: queue.Queue[Any]) -> None:
    try:
        for line in logs.lines(ctx, target, options):
            lines.put(line)
    except errors.PkctlError as error:
        lines.put(error)
    lines.put(None)
