"""Run every benchmark, or those named, and print one table."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

# A child begins with its parent's memory, so what measures memory comes before what takes much.
BENCHES = ("startup", "applying", "reading", "api", "settling", "starting", "simulating")


def main(names: list[str]) -> int:
    """Print a row for each figure; a benchmark that fails says so and the others go on."""
    print(f"{'figure':<62} {'measured':>16} {'peer':>16} {'ratio':>7} {'wanted':>9}")
    failed = 0
    for name in names or BENCHES:
        try:
            for figure in import_module(f"tests.bench.{name}").figures():
                print(figure, flush=True)
        except Exception:  # noqa: BLE001 - one broken benchmark must not hide the others
            failed += 1
            print(f"{name}: failed", flush=True)
            traceback.print_exc()
    return 1 if failed else 0


def row(figure: str, measured: str, peer: str, ratio: float | None, wanted: str) -> str:
    """One line of the table."""
    shown = "" if ratio is None else f"{ratio:.2f}"
    return f"{figure:<62} {measured:>16} {peer:>16} {shown:>7} {wanted:>9}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
