"""The one source of clock, ids and randomness; tests and golden cases inject their own."""

from __future__ import annotations

import os
import time

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""Kubernetes' letters for generated names: no vowels, nothing easily confused."""


class Sources:
    """The real world. Subclass to freeze it; one object is handed to everything that needs a clock or an id."""

    def now(self) -> float:
        """Epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back, for durations and time-outs."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def random(self, size: int) -> bytes:
        """Unguessable bytes."""
        return os.urandom(size)

    def uid(self) -> str:
        """A version 4 UUID."""
        raw = bytearray(self.random(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        text = raw.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def suffix(self, size: int = 5) -> str:
        """Random characters for a generated name."""
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in self.random(size))


class Frozen(Sources):
    """A still clock that only `sleep` and `advance` move, and counted ids: the same run twice gives the same bytes."""

    def __init__(self, now: float = 1767225600.0, seed: int = 0) -> None:
        self._now, self._count = now, seed

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self._now += seconds

    def random(self, size: int) -> bytes:
        import hashlib

        self._count += 1
        return hashlib.sha256(str(self._count).encode()).digest()[:size].ljust(size, b"\0")
