"""A glance at a node: what has changed there since the last look, at the price of a few `stat`s. Every command begins with one.

Imports next to nothing. The memory of the last look is a file of two lines: what the next glance needs, and everything seen.
"""

from __future__ import annotations

import os
import time

from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

BLUR = 0.02
"""A mark younger than this may not show a change that follows at once: the file system's clock ticks, ours doesn't."""


class Marks:
    """What a glance tells: the node's clock, its boot id, the files' change marks and which of the processes are gone."""

    __slots__ = ("boot", "dead", "files", "now")

    def __init__(self, now: float, boot: str, files: tuple[str, ...], dead: tuple[int, ...]) -> None:
        self.now, self.boot, self.files, self.dead = now, boot, files, dead


def here(paths: tuple[str, ...], pids: tuple[int, ...]) -> Marks:
    """A glance at this machine."""
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip()
    return Marks(time.time(), boot, tuple(map(_mark, paths)), tuple(pid for pid in pids if not _is_alive(pid)))


def token(marks: Marks, *, hot: bool) -> str:
    """A text that changes with the marks; with each glance when something is `hot` or has only just changed."""
    fresh = any(mark != "-" and marks.now - float(mark.split()[0]) < BLUR for mark in marks.files)
    return repr((marks.boot, marks.files, marks.dead, *([marks.now] if fresh or hot else [])))


def recall(path: str, *, whole: bool) -> Object:
    """The memory of the last look: its first line, or all of it; {} when there is none."""
    if not path:
        return {}
    try:
        with open(path) as file:
            found: Object = texts.loads(file.readline().rstrip())
            return {**found, **texts.loads(file.readline().rstrip())} if whole else found
    except (OSError, ValueError):
        return {}


def remember(path: str, head: Object, body: Object) -> None:
    """Keep a look for the next command; where that can't be, the next command looks again."""
    if not path:
        return
    try:
        new = f"{path}.{os.getpid()}"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{texts.dumps(head)}\n{texts.dumps(body)}\n")
        os.replace(new, path)
    except OSError:
        pass


def _mark(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    return f"{found.st_mtime_ns / 1e9:.9f} {found.st_size}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
