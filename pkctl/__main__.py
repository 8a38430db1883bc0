"""The front door: argv in, exit code out."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

YOUNG = 50_000
"""Objects made between two collections: a command is over before the collector's small steps would pay."""

KNOWN = ("MainThread", "node-")
"""The threads, by the first letters of their names, that a command ends without."""


def main() -> None:
    """Run one command and exit with its code."""
    gc.set_threshold(YOUNG)
    from pkctl.cli import run

    leave(run.main(sys.argv[1:]))


def leave(code: int) -> NoReturn:
    """Exit at once: taking the interpreter apart object by object costs as much as printing a table of a hundred pods.

    What others have asked to be run at exit is run, and threads that still work are waited for, as ever; daemon threads end where they
    are, and so do those of a node, since whoever leads the cluster next finds out how far they came.
    """
    import atexit

    threading = sys.modules.get("threading")
    if threading is not None and any(not each.daemon and not each.name.startswith(KNOWN) for each in threading.enumerate()):
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        code = code or 1  # What could not be written has been told of, if there was anywhere to.
    os._exit(code)


if __name__ == "__main__":
    main()
