"""Which keys are due: each at most once, now or at a time, with a back-off of its own after a failure.

Follows the rules of client-go's work queue, for one worker: a key added again while it waits stays one key, and the earlier
of two times wins.
"""

from __future__ import annotations

import heapq

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Item = tuple[str, str, str]

FIRST_DELAY, LONGEST_DELAY = 0.5, 300.0


class Queue:
    """Items are (controller, namespace, name); times are epoch seconds on the caller's clock."""

    def __init__(self) -> None:
        self._ready: dict[Item, None] = {}
        self._later: dict[Item, float] = {}
        self._heap: list[tuple[float, Item]] = []
        self._failures: dict[Item, int] = {}

    def add(self, item: Item) -> None:
        """Due now; a time it waited for is forgotten."""
        self._later.pop(item, None)
        self._ready[item] = None

    def add_at(self, item: Item, at: float) -> None:
        """Due at `at`, unless it is due earlier already."""
        if item in self._ready or self._later.get(item, at + 1) <= at:
            return
        self._later[item] = at
        heapq.heappush(self._heap, (at, item))

    def failed(self, item: Item, now: float) -> float:
        """Put back after a failure; the delay doubles with each one in a row. Returns the delay in seconds."""
        count = self._failures[item] = self._failures.get(item, 0) + 1
        delay = min(FIRST_DELAY * 2 ** (count - 1), LONGEST_DELAY)
        self.add_at(item, now + delay)
        return float(delay)

    def succeeded(self, item: Item) -> None:
        """Forget its failures."""
        self._failures.pop(item, None)

    def take(self, now: float, most: int) -> list[Item]:
        """Remove and return up to `most` due items, oldest first."""
        self._ripen(now)
        items = list(self._ready)[:most]
        for item in items:
            del self._ready[item]
        return items

    def is_due(self, now: float) -> bool:
        """Whether `take` would return anything."""
        self._ripen(now)
        return bool(self._ready)

    def next_at(self) -> float | None:
        """When the earliest waiting item falls due."""
        while self._heap and self._later.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def waiting(self) -> dict[Item, float]:
        """Every item and when it is due, 0 for at once, to be kept over a restart."""
        return {**self._later, **dict.fromkeys(self._ready, 0.0)}

    def load(self, waiting: Iterable[tuple[Item, float]]) -> None:
        """Take up what an earlier process had waiting."""
        for item, at in waiting:
            self.add_at(item, at)

    def _ripen(self, now: float) -> None:
        while (at := self.next_at()) is not None and at <= now:
            _, item = heapq.heappop(self._heap)
            del self._later[item]
            self._ready[item] = None
