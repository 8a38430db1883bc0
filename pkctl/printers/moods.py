"""How a row fares, read from its cells: what the monitor and a coloured table go by, as k9s does. Not here: any colour."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GOOD, PENDING, BAD, DONE, PLAIN = "good", "pending", "bad", "done", ""

FINE = frozenset({"Running", "Active", "Ready", "Bound", "Available", "True"})
OVER = frozenset({"Completed", "Complete", "Succeeded", "Terminating", "Released"})
WRONG = ("err", "fail", "backoff", "evicted", "oomkilled", "unknown", "notready", "invalid", "lost", "cannotrun", "deadline", "warning")
TOLD = ("STATUS", "TYPE")
"""The columns that tell it: STATUS, and the TYPE of events."""


def of(headers: Sequence[str], texts: Sequence[str]) -> str:
    """A row's mood; READY says more than a status that is fine: 1/2 is pending."""
    cells = dict(zip(headers, texts, strict=True))
    status = cells.get("STATUS", "")
    mood = of_status(status) if status else BAD if cells.get("TYPE") == "Warning" else PLAIN
    ready, slash, wanted = cells.get("READY", "").partition("/")
    if mood not in (GOOD, PLAIN) or not slash or wanted == "0":
        return mood
    return GOOD if ready == wanted else PENDING


def of_status(text: str) -> str:
    """The mood that a STATUS cell says."""
    if text in FINE:
        return GOOD
    if text in OVER:
        return DONE
    lowered = text.lower()
    return BAD if any(word in lowered for word in WRONG) else PENDING
