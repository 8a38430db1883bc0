"""The lead of a SQLite cluster: a lock on a file beside it, which the kernel drops when its holder ends, however it ends.

Not here: PostgreSQL's advisory lock (`alchemy`), and what a leader does (the engine).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

POLL = 0.01
"""Seconds between two tries, also the least that a contender spends, so that a glance at the lock never costs it the lead."""


def identity() -> str:
    """How a holder signs: `pid@host`."""
    return f"{os.getpid()}@{os.uname().nodename}"


@contextlib.contextmanager
def hold(path: str, timeout: float) -> Iterator[bool]:
    """Try for `timeout` seconds to lock the file at `path`; yields whether it worked, and lets go when the block ends."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise errors.StoreError(f"cannot open the lock file {path}: {error.strerror}; check the directory's owner and space") from error
    try:
        held = _try_for(lock, timeout)
        if held:
            _sign(lock, identity())
        try:
            yield held
        finally:
            if held:
                _sign(lock, "")
    finally:
        os.close(lock)


def holder(path: str) -> str:
    """What the holder of the lock at `path` signed; empty when nobody holds it."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.pread(lock, 300, 0).decode(errors="replace")
    finally:
        os.close(lock)
    return ""


def _try_for(lock: int, timeout: float) -> bool:
    until = time.monotonic() + max(timeout, POLL / 4)
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, POLL))
        else:
            return True


def _sign(lock: int, text: str) -> None:
    # The signature is for people only: a full disk must not cost the lead.
    with contextlib.suppress(OSError):
        os.ftruncate(lock, 0)
        os.pwrite(lock, text.encode(), 0)
