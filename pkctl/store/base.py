"""The store's protocol: what `sqlite` and `alchemy` both provide, and one contract suite proves.

A store is a log. Every write takes the next revision; revisions have no gaps and commit in order. A key is a
`/`-separated string, a text is a string the store never looks into.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Protocol

    Changes = list["Change"]  # the protocol's own `list` hides the type's name
else:
    Protocol = object

ANY = -1
"""Expect anything, also nothing: an unconditional write."""

ABSENT = 0
"""Expect the key not to exist."""


class Mismatch(errors.StoreError):
    """A compare-and-put met another revision than it expected; `found` is 0 when the key does not exist."""

    def __init__(self, key: str, expect: int, found: int) -> None:
        super().__init__(f"{key}: expected revision {expect}, found {found}")
        self.key, self.expect, self.found = key, expect, found


class Compacted(errors.StoreError):
    """The revision asked for is older than what is kept; `floor` is the oldest that still answers."""

    def __init__(self, rev: int, floor: int) -> None:
        super().__init__(f"revision {rev} has been compacted, the oldest kept is {floor}")
        self.rev, self.floor = rev, floor


class Entry:
    """One key's text and the revision that wrote it."""

    __slots__ = ("key", "rev", "text")

    def __init__(self, key: str, text: str, rev: int) -> None:
        self.key, self.text, self.rev = key, text, rev


class Change:
    """One write: `text` is None for a deletion, `before` None for a creation; `rev` is the change's own revision."""

    __slots__ = ("before", "key", "rev", "text")

    def __init__(self, key: str, rev: int, text: str | None, before: str | None) -> None:
        self.key, self.rev, self.text, self.before = key, rev, text, before


class Reader(Protocol):
    """What both a store and a write transaction can be asked. Reads inside a transaction see its own writes."""

    def rev(self) -> int:
        """The revision of the last write, 0 when nothing was ever written."""

    def get(self, key: str, at: int | None = None) -> Entry | None:
        """The key's entry now, or as it was at revision `at` (Compacted when that is no longer kept)."""

    def list(self, prefix: str, *, at: int | None = None, limit: int = 0, after: str = "") -> list[Entry]:
        """Entries whose key starts with `prefix`, in key order, at most `limit` (0: all), those after key `after`."""

    def count(self, prefix: str, *, at: int | None = None, after: str = "") -> int:
        """How many entries `list` would give without a limit."""

    def changes(self, after_rev: int, prefixes: Sequence[str] = ("",), *, limit: int = 0) -> Changes:
        """Changes with a revision above `after_rev` under any prefix, in revision order; Compacted if some are gone."""

    def mark(self, name: str) -> str | None:
        """A mark: a small unrevisioned text outside the log (cursors, timers, node notes)."""

    def marks(self, prefix: str) -> dict[str, str]:
        """All marks whose name starts with `prefix`."""


class Transaction(Reader, Protocol):
    """Everything in it commits together or not at all; one writer at a time across processes."""

    def put(self, key: str, text: str, expect: int = ANY, *, keep: bool = True) -> int:
        """Write and return the new revision; Mismatch when `expect` does not hold.

        `keep=False` is for what beats often and matters little (Leases, Events, node heartbeats): the text it replaces leaves the
        history as soon as bounded retention allows, so that a week of heartbeats stays small.
        """

    def delete(self, key: str, expect: int = ANY) -> int:
        """Delete and return the deletion's revision; Mismatch when `expect` does not hold or the key does not exist."""

    def set_mark(self, name: str, text: str | None) -> None:
        """Set a mark, or remove it with None; takes no revision and wakes no watcher."""

    def savepoint(self) -> AbstractContextManager[None]:
        """An inner scope: an exception leaving it undoes what was written in it (revisions included), and goes on."""


class Store(Reader, Protocol):
    """An open cluster. Safe to use from several threads and processes."""

    def write(self, *, durable: bool = True) -> AbstractContextManager[Transaction]:
        """Begin a write transaction (waits its turn), commit when the block ends, roll back when it raises.

        `durable=False` may be lost in a power cut, never torn: for heartbeats and observed status.
        """

    def snapshot(self) -> AbstractContextManager[Reader]:
        """A reader whose every answer in the block is as of one revision; keep the block short, it holds up the file's clean-up."""

    def wait(self, after_rev: int, timeout: float) -> int:
        """Block until `rev()` is above `after_rev`, in this or any process, or `timeout` seconds passed; returns `rev()`."""

    def compact(self, rev: int, prefix: str = "") -> None:
        """Forget texts under `prefix` superseded at or before `rev`; what is current stays."""

    def lead(self, *, timeout: float = 0) -> AbstractContextManager[bool]:
        """Try to become the one leader for up to `timeout` seconds; yields whether it succeeded. Vanishes with its holder."""

    def lead_holder(self) -> str:
        """Who holds the lead, as `pid@host` or whatever the holder left; empty when nobody does."""

    def place(self) -> str:
        """Where the cluster is, as its user would name it: a path or a URL without password."""

    def history(self, key: str) -> Iterator[Entry]:
        """The kept texts of one key, oldest first (deletions left out)."""

    def close(self) -> None:
        """Let go of every handle; the store can't be used afterwards."""
