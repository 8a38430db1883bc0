"""Is there anything to do? Asked before every command: a few primary-key reads, and no import of the engine."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.store import base

CURSOR, TIMERS, DUE = "engine/cursor", "engine/timers", "engine/due"
"""Marks: the last revision whose consequences are all drawn, the keys waiting for a time, and the earliest time anything waits for."""

AGENTS = "engine/agents"
"""Mark: when each node's pods want to be looked after next."""

PULSE = "engine/pulse/"
"""Marks: the pulse of each node when it was last looked at."""

LOOKED = "engine/looked/"
"""Marks: when each node was last looked at, in epoch seconds."""


SILENT = "engine/silent"
"""Mark: since when each node has not answered, in epoch seconds."""


def is_due(reader: base.Reader, now: float) -> bool:
    """Whether the log has moved on since its consequences were drawn, or something's time has come."""
    if reader.rev() != int(reader.mark(CURSOR) or -1):
        return True
    upcoming = reader.mark(DUE)
    return upcoming is not None and float(upcoming) <= now
