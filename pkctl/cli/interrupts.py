"""What an interrupt does to a command that lasts: it ends it. Not here: what a command says then."""

from __future__ import annotations


def hear() -> None:
    """End with an interrupt also where the shell had it ignored, as for what a script puts in the background; kubectl's watches do."""
    import signal
    import threading

    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
