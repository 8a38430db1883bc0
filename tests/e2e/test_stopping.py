"""Processes that take their whole grace to stop: commands leave them to the background, as a kubelet does, and nothing is cut short."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Home, until

DEAF = """apiVersion: v1
kind: Pod
metadata: {name: deaf}
spec:
  terminationGracePeriodSeconds: 30
  containers: [{name: box, image: "localhost/busybox:1.36", command: [sleep, "1000"]}]
"""
"""The first process of a container hears no TERM that it has not asked for."""

LONG = '{"spec": {"terminationGracePeriodSeconds": 3600}}'

SLEEPERS = """apiVersion: apps/v1
kind: Deployment
metadata: {name: sleepers}
spec:
  replicas: 6
  selector: {matchLabels: {app: sleepers}}
  template:
    metadata: {labels: {app: sleepers}}
    spec:
      terminationGracePeriodSeconds: 60
      containers: [{name: box, image: "localhost/busybox:1.36", command: [sleep, "1000"]}]
"""


@pytest.fixture
def deaf(home: Home) -> Home:
    """A home with a pod that stops only when it is killed."""
    home.out("apply", "-f", "-", text=DEAF)
    home.out("wait", "--for=condition=Ready", "pod/deaf", "--timeout=120s")
    return home


def _terminating(home: Home) -> list[str]:
    return home.path("{.items[?(@.metadata.deletionTimestamp)].metadata.name}", "pods")


def test_a_delete_that_does_not_wait_leaves_the_pod_stopping(deaf: Home) -> None:
    deaf.out("delete", "pod", "deaf", "--wait=false")
    assert _terminating(deaf) == ["deaf"]


def test_a_wait_ends_before_the_process_does(deaf: Home) -> None:
    assert deaf.run("delete", "pod", "deaf", "--timeout=1s").returncode == 1
    assert _terminating(deaf) == ["deaf"]


def test_a_forced_deletion_cuts_a_stop_short(home: Home) -> None:
    home.out("run", "deaf", "--image=localhost/busybox:1.36", "--overrides", LONG, "--", "sleep", "1000")
    home.out("wait", "--for=condition=Ready", "pod/deaf", "--timeout=60s")
    home.out("delete", "pod", "deaf", "--wait=false")
    home.out("delete", "pod", "deaf", "--force", "--grace-period=0")
    assert until(lambda: home.containers() == [])


def test_what_was_left_stopping_goes_without_another_command(deaf: Home) -> None:
    deaf.out("delete", "pod", "deaf", "--wait=false")
    assert until(lambda: deaf.run("get", "pod", "deaf", env={"PKCTL_NODES": "none"}).returncode == 1)


def test_a_daemon_stops_before_the_process_does(deaf: Home) -> None:
    deaf.out("daemon", "start")
    deaf.out("delete", "pod", "deaf", "--wait=false")
    assert until(lambda: _terminating(deaf) == ["deaf"])
    deaf.out("daemon", "stop")
    assert _terminating(deaf) == ["deaf"]
    assert until(lambda: deaf.run("get", "pod", "deaf", env={"PKCTL_NODES": "none"}).returncode == 1)


def test_a_daemon_takes_over_what_was_left_stopping(deaf: Home) -> None:
    deaf.out("delete", "pod", "deaf", "--wait=false")
    assert "daemon started" in deaf.out("daemon", "start")
    assert "pod/deaf condition met" in deaf.out("wait", "--for=delete", "pod/deaf", "--timeout=120s")


def test_a_rollout_is_done_while_the_pods_before_it_still_stop(home: Home) -> None:
    home.out("apply", "-f", "-", text=SLEEPERS)
    home.out("rollout", "status", "deploy/sleepers", "--timeout=120s")
    home.out("rollout", "restart", "deploy/sleepers")
    home.out("rollout", "status", "deploy/sleepers", "--timeout=120s")
    assert len(_terminating(home)) == 6
