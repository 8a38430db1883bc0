"""`logs -f`: the lines of several containers as they come, whole, never two mixed; pods that appear meanwhile are followed too."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    import queue
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Lines = queue.Queue[Any]
    Options = dict[str, Any]

LOOK = 1.0
"""Seconds between two looks for pods that have appeared."""
LATE = "context deadline exceeded (Client.Timeout or context cancellation while reading body)"


class Target:
    """One container to read, and what stands before its lines."""

    __slots__ = ("container", "pod", "prefix")

    def __init__(self, pod: Object, container: str, prefix: str) -> None:
        self.pod, self.container, self.prefix = pod, container, prefix


def run(
    ctx: Context,
    read: Callable[[Target, Options], Iterator[bytes]],
    targets: list[Target],
    options: Options,
    again: Callable[[], list[Target]] | None = None,
) -> int:
    """Print until every stream ended; the first error ends it all unless `--ignore-errors`.

    `read` gives the lines of one target. `again` says what there is to read now: it is asked every second, and in the end, for pods that
    took others' places.
    """
    import queue

    limit, clock = ctx.request_timeout, ctx.io.sources
    end = None if limit is None else clock.monotonic() + limit
    lines: Lines = queue.Queue(1000)
    with ctx.ticking():
        readers = _Readers(ctx, read, lines)
        for target in targets:
            readers.start(target, options)
        looked = clock.monotonic()
        while readers.left:
            try:
                readers.take(lines.get(timeout=_patience(end, clock.monotonic(), looks=again is not None)))
            except queue.Empty:
                if end is not None and clock.monotonic() >= end:
                    raise errors.CommandError(LATE) from None
            while again and (clock.monotonic() - looked >= LOOK or not readers.left):
                looked, coming = clock.monotonic(), readers.take_up(again(), options)
                if readers.left or not coming:
                    break
                clock.sleep(0.1)
    return 0


def _patience(end: float | None, now: float, *, looks: bool) -> float | None:
    left = None if end is None else max(0.0, end - now)
    if not looks:
        return left
    return LOOK if left is None else min(LOOK, left)


class _Readers:
    """One thread for every container; `left` how many still read."""

    def __init__(self, ctx: Context, read: Callable[[Target, Options], Iterator[bytes]], lines: Lines) -> None:
        self._ctx, self._lines_of, self._lines, self._known = ctx, read, lines, set[tuple[str, str]]()
        self.left = 0

    def take_up(self, targets: list[Target], options: Options) -> bool:
        """Read what has appeared, from its first line; whether there are pods that have yet to start."""
        whole = {name: value for name, value in options.items() if name in ("follow", "timestamps")}
        coming = False
        for target in targets:
            if (target.pod.get("status") or {}).get("phase", "Pending") == "Pending":
                coming = True
            else:
                self.start(target, whole)
        return coming

    def start(self, target: Target, options: Options) -> None:
        """Read a container, unless that was begun before."""
        import threading

        place = (target.pod["metadata"]["uid"], target.container)
        if place in self._known:
            return
        self._known.add(place)
        self.left += 1
        threading.Thread(target=self._read, args=(target, options), daemon=True).start()

    def _read(self, target: Target, options: Options) -> None:
        try:
            for line in self._lines_of(target, options):
                self._lines.put(line)
        except Exception as error:  # noqa: BLE001 - a thread's edge: it is raised where the lines are taken, which would wait forever
            self._lines.put(error)
        self._lines.put(None)

    def take(self, line: bytes | Exception | None) -> None:
        """Show what a reader gave."""
        if line is None:
            self.left -= 1
        elif isinstance(line, bytes):
            self._ctx.io.out_bytes(line)
        elif self._ctx.flags["ignore-errors"] and isinstance(line, errors.PkctlError):
            self._ctx.io.err(f"error: {line}\n")
        else:
            raise line
