"""The front door: argv in, exit code out."""

from __future__ import annotations

import sys


def main() -> None:
    """Run one command and exit with its code."""
    from pkctl.cli import run

    sys.exit(run.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
