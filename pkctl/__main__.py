"""The front door: argv in, exit code out."""

from __future__ import annotations

import gc
import sys

YOUNG = 50_000
"""Objects made between two collections: a command is over before the collector's small steps would pay."""


def main() -> None:
    """Run one command and exit with its code."""
    gc.set_threshold(YOUNG)
    from pkctl.cli import run

    sys.exit(run.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
