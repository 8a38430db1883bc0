"""Every implementation of the store's protocol, each test with a cluster of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pkctl.store import alchemy, base, sqlite
from tests import postgres

PROCESS = Path(__file__).with_name("store_process.py")
STORES = ("sqlite", "sqlalchemy-sqlite", "postgresql")


class Cluster:
    """A place, the store opened there, more of the same place, and other processes that use it."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._opened: list[base.Store] = []
        self._processes: list[subprocess.Popen[str]] = []
        self.store = self.open()

    def open(self) -> base.Store:
        store: base.Store = (alchemy if "://" in self.place else sqlite).open(self.place)
        self._opened.append(store)
        return store

    def process(self, verb: str, *words: object) -> subprocess.Popen[str]:
        """Start another process that opens the cluster and does `verb`; its output is piped."""
        command = [sys.executable, "-W", "error", str(PROCESS), self.place, verb, *map(str, words)]
        env = {**os.environ, "PYTHONPATH": os.getcwd()}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self._processes.append(process)
        return process

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()
        for store in self._opened:
            store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        yield server


@pytest.fixture
def place_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """A fresh place for a cluster, by the name of its implementation."""

    def choose(name: str) -> str:
        if name == "postgresql":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            return server.database()
        return f"{'sqlite:///' if name.startswith('sqlalchemy') else ''}{tmp_path / 'cluster.db'}"

    return choose


@pytest.fixture(params=STORES)
def cluster(request: pytest.FixtureRequest, place_of: Callable[[str], str]) -> Iterator[Cluster]:
    made = Cluster(place_of(request.param))
    yield made
    made.end()


@pytest.fixture
def store(cluster: Cluster) -> base.Store:
    return cluster.store
