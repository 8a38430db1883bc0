"""A process that leaves while one thread of a node's waits for a container, and a daemon thread for a write, neither of which ends."""

from __future__ import annotations

import threading
from concurrent import futures

from pkctl import __main__ as front

threading.Thread(target=threading.Event().wait, daemon=True, name="log-watch").start()
pool = futures.ThreadPoolExecutor(1, thread_name_prefix="node-stops")
pool.submit(threading.Event().wait)
pool.shutdown(wait=False)
front.leave(7)
