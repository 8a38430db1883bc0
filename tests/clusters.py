"""A cluster in memory under a still clock, for tests of the API and of what stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pkctl.api import opening
from pkctl.client import local
from pkctl.kinds import table
from pkctl.objects import sources
from pkctl.runtime import base as runtime
from pkctl.store import sqlite

Object = dict[str, Any]


class Cluster:
    """A client, its API and clock, and every warning given."""

    def __init__(self, **options: Any) -> None:
        self.sources = sources.Frozen()
        self.store = sqlite.open(":memory:")
        self.api = opening.api(self.store, sources=self.sources, **options)
        self.runtimes: dict[str, runtime.Runtime] = {}
        self.client = local.Local(self.api, settle=lambda **_: None, glance=lambda: None, runtime_of=self.runtimes.__getitem__)
        self.warnings: list[str] = []
        self.client.warn = self.warnings.append

    def row(self, word: str) -> table.Row:
        found = self.client.kinds().find(word)
        assert found is not None
        return found


@contextmanager
def cluster(**options: Any) -> Iterator[Cluster]:
    """A fresh cluster, closed at the end."""
    made = Cluster(**options)
    try:
        yield made
    finally:
        made.client.close()
