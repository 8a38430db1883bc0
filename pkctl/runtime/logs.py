"""Reading a container's log file piece by piece; conmon writes it in the CRI's own format: `TIME stdout|stderr F|P TEXT`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from pkctl.runtime import reach

PIECE = 1 << 20
PAUSE = 0.1


def lines(
    node: reach.Reach, path: str, *, follow: bool, since: float, is_running: Callable[[], bool], stop: threading.Event | None = None
) -> Iterator[tuple[str, str, bytes]]:
    """(time, stream, text) for each entry; a line cut by the runtime comes in several entries of which only the last ends with a newline.

    Following ends when the container has ended and all is read, or `stop` is set; a log that got shorter (rotated) is read from its start.
    """
    import threading

    offset, rest, last, stop = 0, b"", False, stop or threading.Event()
    while True:
        try:
            piece = node.read(path, offset, PIECE)
        except FileNotFoundError:
            piece = b""
        offset += len(piece)
        *whole, rest = (rest + piece).split(b"\n")
        yield from (entry for entry in map(_entry, whole) if entry and (not since or _epoch(entry[0]) >= since))
        if piece:
            continue
        if not follow or last or stop.is_set():
            return
        last = not is_running()
        if not last:
            stop.wait(PAUSE)
            offset = 0 if _is_shorter(node, path, offset) else offset


def _entry(line: bytes) -> tuple[str, str, bytes] | None:
    parts = line.split(b" ", 3)
    if len(parts) < 4:
        return None
    time, stream, tag, text = parts
    return _utc(time.decode()), stream.decode(), text + (b"" if tag.startswith(b"P") else b"\n")


def _is_shorter(node: reach.Reach, path: str, offset: int) -> bool:
    try:
        return offset > 0 and not node.read(path, offset - 1, 1)
    except FileNotFoundError:
        return False


def _utc(text: str) -> str:
    if text.endswith("+00:00"):
        return text[:-6] + "Z"
    import datetime

    moment = datetime.datetime.fromisoformat(text[:26] + text[29:])
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S") + text[19:29] + "Z"


def _epoch(text: str) -> float:
    import datetime

    return datetime.datetime.fromisoformat(text[:19] + "+00:00").timestamp() + float("0." + (text[20:-1] or "0"))
