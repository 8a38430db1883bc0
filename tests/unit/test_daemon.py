"""A daemon comes to lead, whoever leads before it; processes only, no containers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTLER = """
import json, os, signal, sys, time
from pkctl.store import sqlite
stopped = []
signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
store = sqlite.Store(sys.argv[1])
with store.lead(timeout=60) as leads:
    print(leads, flush=True)
    time.sleep(float(sys.argv[2]))
    with store.write() as tx:
        tx.set_mark("engine/settling", json.dumps({"pid": os.getpid(), "host": os.uname().nodename, "since": 0}))
    while not stopped:
        time.sleep(0.01)
"""
"""A process that settles, and says so only a while after it has the lead."""


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a cluster where nothing runs; its daemon is stopped afterwards."""
    place = str(tmp_path / "cluster.db")
    env = {**os.environ, "HOME": str(tmp_path), "PKCTL_CLUSTER": place, "PKCTL_NODES": "none", "PKCTL_CONTROLLERS": "namespaces"}
    assert pkctl(env, "get", "namespaces").returncode == 0
    yield env
    pkctl(env, "daemon", "stop")


def pkctl(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """What a command said."""
    return subprocess.run([sys.executable, "-m", "pkctl", *words], env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("late", [0, 1])
def test_a_process_that_settles_leaves_the_lead_to_a_daemon(env: dict[str, str], late: int) -> None:
    words = [sys.executable, "-c", SETTLER, env["PKCTL_CLUSTER"], str(late)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as settler:
        try:
            assert settler.stdout is not None
            assert settler.stdout.readline() == "True\n"
            started = pkctl(env, "daemon", "start")
            assert "daemon started" in started.stdout, started.stderr
            assert settler.wait(60) == 0
        finally:
            settler.kill()
