"""Commands killed half way, on real containers: afterwards everything is as if they had been asked once more, or never."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import WEB, Home, a_home, until

IN = ("-n", "demo")
PAUSES = (0.05, 0.12, 0.2, 0.28, 0.36, 0.45, 0.6, 0.8, 1.1)
"""Seconds into `apply`: while it reads, writes, makes sandboxes, starts containers, and waits for them."""


def killed(home: Home, seconds: float, *argv: str) -> str:
    """What a command had said when it was killed."""
    process = home.start(*argv)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0]


def whole(home: Home) -> bool:
    """Two ready pods, and for each one running container, which is the one that its status names."""
    ids = home.path("{.items[*].status.containerStatuses[?(@.ready)].containerID}", "pods", *IN)
    return len(ids) == 2 and sorted(ids) == sorted(f"podman://{id}" for id in home.containers())


@pytest.mark.parametrize("pause", PAUSES)
def test_an_apply_killed_at_any_point_is_completed_by_the_next(home: Home, pause: float) -> None:
    said = killed(home, pause, "apply", "-f", WEB)
    stored = home.out("get", "namespaces,configmaps,secrets,deployments,services", "-A", "-o", "name").split()
    assert [line for line in said.splitlines() if line.endswith(" created") and line.split()[0] not in stored] == []
    home.out("apply", "-f", WEB)
    assert until(lambda: whole(home)), home.podman("ps", "-a")
    home.out("delete", "-f", WEB)
    assert home.remains() == []


def test_a_command_killed_again_and_again_neither_doubles_nor_leaks(home: Home) -> None:
    home.out("apply", "-f", WEB, "--settle=never")
    for turn in range(12):
        killed(home, 0.15 + turn * 0.06, "get", "pods", *IN)
        killed(home, 0.15 + turn * 0.06, "scale", "deployment", "web", *IN, f"--replicas={2 + turn % 3}")
    home.out("scale", "deployment", "web", *IN, "--replicas=2")
    assert until(lambda: whole(home)), home.podman("ps", "-a")
    home.out("delete", "-f", WEB)
    assert home.remains() == []


@pytest.mark.parametrize("pause", [0.2, 0.5, 1.0, 2.0])
def test_a_delete_killed_half_way_is_finished_by_the_next_command(home: Home, pause: float) -> None:
    home.out("apply", "-f", WEB)
    killed(home, pause, "delete", "-f", WEB)
    home.run("delete", "-f", WEB, "--ignore-not-found")
    assert until(lambda: home.out("get", "pods", "-A", "-o", "name") == "" and not home.remains()), home.remains()


def test_an_interrupt_while_settling_says_130_and_loses_nothing(home: Home) -> None:
    process = home.start("apply", "-f", WEB)
    assert process.stdout
    said = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=120)
    assert (len([line for line in said if line.endswith(" created\n")]), process.returncode, "Traceback" in complaints) == (5, 130, False)
    assert until(lambda: whole(home))


def test_commands_at_one_time_lose_no_update(home: Home) -> None:
    home.out("create", "configmap", "shared")
    patches = [f'{{"data":{{"from{number}":"{turn}"}}}}' for number in range(4) for turn in range(2)]
    running = [home.start("patch", "configmap", "shared", "--type=merge", "-p", patch) for patch in patches]
    running += [home.start("create", "configmap", f"own{number}") for number in range(4)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [(said[1], code) for said, code in ended if code or said[1]] == []
    assert len(home.path("{.data.*}", "configmap", "shared")) == 4
    assert {f"own{number}" for number in range(4)} <= set(home.path("{.items[*].metadata.name}", "configmaps"))


def test_eight_applying_the_same_file_make_it_once(home: Home) -> None:
    running = [home.start("apply", "-f", WEB) for _ in range(8)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [(said[1], code) for said, code in ended if code] == []
    assert sorted(line for said, _ in ended for line in said[0].splitlines() if line.startswith("deployment") and "created" in line) == [
        "deployment.apps/web created"
    ]
    assert until(lambda: whole(home)), home.podman("ps", "-a")


def test_the_containers_of_a_lost_cluster_are_found_and_cleaned(tmp_path: Path, runtime_root: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    with a_home(folder, runtime_root) as home:
        home.out("apply", "-f", WEB)
        lost = home.cluster
        for path in (folder / ".local/share/pkctl").iterdir():
            path.unlink()
        found = home.run("node", "check")
        assert (found.returncode, "of the vanished cluster" in found.stdout) == (1, True), found
        home.out("node", "clean", "--yes")
        assert (home.run("node", "check").returncode, home.podman("ps", "-aq", "--filter", f"label=pkctl.cluster={lost}")) == (0, "")


def test_a_store_that_another_process_writes_to_is_waited_for(home: Home) -> None:
    home.out("create", "configmap", "first")
    code = (
        "import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "db.execute('begin immediate'); print('held', flush=True); time.sleep(1); db.execute('commit')"
    )
    file = str(home.folder / ".local/share/pkctl/cluster.db")
    with subprocess.Popen([sys.executable, "-c", code, file], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        holder.stdout.readline()
        assert home.out("create", "configmap", "second") == "configmap/second created\n"
