"""Threads that wait at a store while another closes it: what a process of its own runs, since a fault here ends the process."""

from __future__ import annotations

import contextlib
import threading
import time

from pkctl import errors
from pkctl.store import sqlite

TIMES, WAITERS = 200, 2


def at_a_store_that_closes(path: str) -> None:
    """Close a store at several moments of several threads' waiting."""
    for turn in range(TIMES):
        store = sqlite.open(path)
        threads = [threading.Thread(target=_wait_forever, args=(store, turn % 2 == 0)) for _ in range(WAITERS)]
        for thread in threads:
            thread.start()
        time.sleep(0.0005 * (turn % 5))
        store.close()
        for thread in threads:
            thread.join()


def _wait_forever(store: sqlite.Store, is_busy: bool) -> None:
    with contextlib.suppress(errors.StoreError):
        while True:
            store.wait(1_000_000, 0.001 if is_busy else 1.0)
