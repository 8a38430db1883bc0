"""A database that goes away while commands wait at it: they say so in one line, whichever of their threads saw it first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkctl.store import alchemy
from tests import postgres

PKCTL = (sys.executable, "-m", "pkctl")
WAITS = (("get", "configmaps", "-w"), ("rollout", "status", "deployment/web"))


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server of the test's own, which it may end."""
    with postgres.running() as made:
        yield made


@pytest.mark.parametrize("words", WAITS)
def test_a_wait_at_a_lost_database_ends_in_one_line(server: postgres.Server, tmp_path: Path, words: tuple[str, ...]) -> None:
    place = server.database()
    env = {**os.environ, "HOME": str(tmp_path), "PKCTL_CLUSTER": place, "PKCTL_NODES": "none", "PYTHONPATH": os.getcwd()}
    subprocess.run([*PKCTL, "create", "deployment", "web", "--image=web"], env=env, check=True, capture_output=True)
    with subprocess.Popen([*PKCTL, *words], env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as waiting:
        store = alchemy.open(place)
        while not store.lead_holder():
            store.wait(store.rev(), 0.1)
        store.close()
        server.end()
        _, said = waiting.communicate(timeout=60)
    assert (waiting.returncode, said.count("\n"), said.startswith("error: postgresql://")) == (1, 1, True), said
