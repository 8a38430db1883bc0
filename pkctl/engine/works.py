"""The actions of one pod that are under way, as the engine's thread and the one that carries them out both see them.

Not here: which actions, and who carries them out (`agent`).
"""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl import errors
    from pkctl.runtime import base as runtimes

    Outcome = tuple[runtimes.Action, dict[str, Any] | errors.NodeError]

WAITS = frozenset(("hook", "probe", "pull", "stop"))
"""Actions that take time but no work: they need no turn."""


class Work:
    """A pod's actions in their order, carried out in a thread; the lock settles who was first, the next action or a word to end."""

    __slots__ = ("_is_over", "_is_pulling", "_lock", "actions", "is_stop", "outcomes")

    def __init__(self, actions: list[runtimes.Action]) -> None:
        self.actions = actions
        self.outcomes: list[Outcome] = []
        self.is_stop = any(action["do"] == "stop" for action in actions)
        self._lock, self._is_over, self._is_pulling = threading.Lock(), False, False

    @property
    def is_slow(self) -> bool:
        """Whether a pull or processes that have been told to stop are under way."""
        return self.is_stop or self._is_pulling

    def begins(self, action: runtimes.Action) -> bool:
        """Whether the next action is still wanted."""
        with self._lock:
            self._is_pulling = action["do"] == "pull" and not self._is_over
            return not self._is_over

    def end(self) -> None:
        """Begin nothing more."""
        with self._lock:
            self._is_over = True

    def abandon(self) -> bool:
        """Begin nothing more when what is under way is slow; whether it is."""
        with self._lock:
            self._is_over = self._is_over or self.is_slow
            return self.is_slow
