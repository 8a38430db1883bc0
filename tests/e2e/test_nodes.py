"""A second machine over SSH: pods go there, everything reaches them, and a cut cable, a strange key or no answer says what is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import bed
from tests.e2e.conftest import Home, a_home, until

FAR = """apiVersion: v1
kind: Pod
metadata: {name: far}
spec:
  nodeName: vm1
  terminationGracePeriodSeconds: 0
  containers:
  - name: main
    image: localhost/pkctl/web:1
    command: [sh, -c, "echo from afar; exec sleep 1000"]
"""

PATIENCE = 60
"""Seconds in which a command answers although a node is dead."""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bed.Bed]:
    with bed.Bed(tmp_path_factory.mktemp("bed"), machines=2) as made:
        (made.keys / "ssh_config").write_text(f"Host {made.net}.*\n  IdentityFile {made.keys / 'client'}\n  IdentitiesOnly yes\n")
        yield made


@pytest.fixture(scope="module")
def two(net: bed.Bed, runtime_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with a second node, which runs one pod."""
    with a_home(tmp_path_factory.mktemp("two"), runtime_root) as home:
        home.env["PKCTL_SSH_CONFIG"] = str(net.keys / "ssh_config")
        home.out("node", "add", "vm1", "--ssh", f"root@{net.machines[0].ip}")
        home.out("apply", "-f", "-", text=FAR)
        home.out("wait", "--for=condition=Ready", "pod/far", "--timeout=60s")
        yield home
        net.machines[0].heal()
        home.run("node", "remove", "vm1", "--force")


def timed(home: Home, *argv: str) -> tuple[int, str, str, bool]:
    """A command's code and words, and whether it answered in time."""
    before = time.monotonic()
    done = home.run(*argv)
    return done.returncode, done.stdout, done.stderr, time.monotonic() - before < PATIENCE


def is_ready(home: Home, node: str) -> bool:
    return home.path("{.status.conditions[?(@.type=='Ready')].status}", "node", node) == ["True"]


def test_the_pod_runs_in_podman_there(two: Home, net: bed.Bed) -> None:
    there = net.machines[0].sh("podman ps --format '{{.Labels}}'")
    assert ("pkctl.pod:far" in there, two.containers()) == (True, [])


def test_nothing_of_ours_is_installed_there(net: bed.Bed, two: Home) -> None:
    assert (
        net.machines[0].sh("find / -xdev -name '*pkctl*' -path '*bin*'; python3 -c 'import pkctl' 2>&1 || :").count("ModuleNotFound") == 1
    )


def test_logs_exec_and_describe_reach_it(two: Home) -> None:
    assert two.out("logs", "far") == "from afar\n"
    assert two.out("exec", "far", "--", "hostname") == "far\n"
    assert "\nNode:             vm1/" in two.out("describe", "pod", "far")


def test_nodes_are_listed_with_how_they_are_reached(two: Home, net: bed.Bed) -> None:
    shown = {line.split()[0]: line.split()[1:] for line in two.out("node", "list").splitlines()}
    assert shown["vm1"] == ["ssh", f"root@{net.machines[0].ip}", "Ready"]
    assert two.out("node", "check", "vm1") == "vm1: ok\n"


def test_a_dead_node_holds_up_no_read_and_is_named(two: Home, net: bed.Bed) -> None:
    net.machines[0].cut()
    try:
        with_age = until(lambda: "node vm1" in two.run("get", "pods").stderr, 90)
        code, shown, _, in_time = timed(two, "get", "pods", "-o", "name")
        assert (with_age, code, shown, in_time) == (True, 0, "pod/far\n", True)
        code, _, said, in_time = timed(two, "exec", "far", "--", "true")
        assert (code, in_time, said.startswith("error: node vm1: ssh: connect to host"), len(said.splitlines())) == (1, True, True, 1), said
        assert timed(two, "create", "configmap", "meanwhile")[0::3] == (0, True)
        assert until(lambda: not is_ready(two, "vm1"), 180)
    finally:
        net.machines[0].heal()
    assert until(lambda: is_ready(two, "vm1"), 120)
    assert two.out("exec", "far", "--", "cat", "/proc/1/comm") == "sleep\n"


def test_a_machine_that_does_not_answer_is_not_added(two: Home, net: bed.Bed) -> None:
    code, out, said, in_time = timed(two, "node", "add", "nobody", "--ssh", f"root@{net.net}.99")
    assert (code, out, in_time, len(said.splitlines())) == (1, "", True, 1), said
    assert two.run("get", "node", "nobody").returncode == 1


def test_a_changed_host_key_is_refused_with_what_to_do(two: Home, net: bed.Bed) -> None:
    other = net.machines[1]
    known = two.folder / ".config/pkctl/known_hosts"
    before = known.read_text()
    known.write_text(f"{before}{other.ip} {(net.keys / 'm1.pub').read_text()}")
    try:
        done = two.run("node", "add", "vm2", "--ssh", f"root@{other.ip}")
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
        assert "host key" in done.stderr
        assert str(known) in done.stderr
    finally:
        known.write_text(before)


def test_a_removed_node_keeps_nothing_of_ours(two: Home, net: bed.Bed) -> None:
    two.out("node", "remove", "vm1")
    left = net.machines[0].sh("podman ps -aq; ls /var/lib/pkctl; nft list tables | grep pkctl; ip route | grep ' dev pk' || :", check=False)
    assert (left, two.out("get", "pods", "-o", "name")) == ("", "")
