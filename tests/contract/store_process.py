"""What the contract suite lets other processes do to a store: `store_process.py PLACE VERB WORDS…`."""

from __future__ import annotations

import sys
import time

from pkctl.store import alchemy, base, sqlite


def write(store: base.Store, name: str, count: str) -> None:
    """COUNT transactions of one unconditional put each."""
    for number in range(int(count)):
        with store.write() as tx:
            tx.put(f"things/{name}/{number}", name)


def add(store: base.Store, key: str, count: str) -> None:
    """Read, add one and write back, COUNT times."""
    for _ in range(int(count)):
        with store.write() as tx:
            entry = tx.get(key)
            tx.put(key, str(int(entry.text if entry else 0) + 1), entry.rev if entry else base.ABSENT)


def endless(store: base.Store) -> None:
    """Two puts a transaction until killed, saying so after each commit."""
    number = 0
    while True:
        number += 1
        with store.write() as tx:
            tx.put("pair/left", f"{number:06} {'x' * 5000}")
            tx.put("pair/right", f"{number:06} {'x' * 5000}")
        print(number, flush=True)


def wait(store: base.Store, after_rev: str) -> None:
    """Say `ready`, then the revision waited for and when it was seen."""
    print("ready", flush=True)
    rev = store.wait(int(after_rev), 120)
    print(rev, time.time(), flush=True)


def lead(store: base.Store) -> None:
    """Try for the lead, say what came of it, and keep it until killed or told to go on."""
    with store.lead() as held:
        print(held, flush=True)
        sys.stdin.readline()


def main() -> None:
    place, verb, *words = sys.argv[1:]
    store: base.Store = (alchemy if "://" in place else sqlite).open(place)
    try:
        {"write": write, "add": add, "endless": endless, "wait": wait, "lead": lead}[verb](store, *words)  # type: ignore[operator]
    finally:
        store.close()


if __name__ == "__main__":
    main()
