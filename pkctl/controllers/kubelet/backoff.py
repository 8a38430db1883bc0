"""How long to wait before trying again: 10 seconds, doubling to 300, forgotten after 600 quiet ones.

Follows client-go/util/flowcontrol/backoff.go with the kubelet's settings. An entry is {"delay": seconds, "at": epoch}.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Entry = dict[str, float]

FIRST, LONGEST = 10.0, 300.0


def is_expired(entry: Entry, at: float) -> bool:
    """Whether an event at `at` has nothing to do with the entry any more."""
    return at - entry["at"] > 2 * LONGEST


def left_since(entry: Entry | None, event: float, now: float) -> float:
    """Seconds still to wait when what happened at `event` is what counts; 0 when there is nothing to wait for."""
    if entry is None or is_expired(entry, event):
        return 0.0
    return max(0.0, event + entry["delay"] - now)


def left(entry: Entry | None, now: float) -> float:
    """Seconds still to wait since the entry was made."""
    if entry is None or is_expired(entry, now):
        return 0.0
    return max(0.0, entry["at"] + entry["delay"] - now)


def next_entry(entry: Entry | None, event: float, now: float) -> Entry:
    """The entry after one more try."""
    if entry is None or is_expired(entry, event):
        return {"delay": FIRST, "at": now}
    return {"delay": min(entry["delay"] * 2, LONGEST), "at": now}


def shown(seconds: float) -> str:
    """A delay as Go prints it: 10s, 1m20s, 5m0s."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
