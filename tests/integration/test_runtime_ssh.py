"""A node over SSH, cut off and healed, rebooted, with the wrong key; and images brought there."""

from __future__ import annotations

import subprocess
import tempfile
import time

import pytest

from pkctl import errors
from pkctl.runtime import places, podman, ssh
from tests import bed, stores


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    with bed.Bed(tmp_path_factory.mktemp("bed")) as made:
        yield made


@pytest.fixture(scope="module")
def source():
    with stores.Store() as store:
        runtime = podman.Podman(store.place("here"))
        yield runtime
        runtime.close()


@pytest.fixture
def target(net):
    with tempfile.TemporaryDirectory(prefix="pkc", dir="/tmp") as control:
        made = ssh.Target(
            f"root@{net.machines[0].ip}", known_hosts=f"{control}/known_hosts", control=control, identity=str(net.keys / "client")
        )
        yield made
        subprocess.run(made.command("-O", "exit"), capture_output=True, check=False)


@pytest.fixture
def machine(net):
    yield net.machines[0]
    net.machines[0].heal()


@pytest.fixture
def node(target, machine, source):
    ssh.trust(target)
    made = ssh.runtime(places.Place("11112222-3333-4444-5555-666677778888", "m1", network="10.99.0.0/16"), target, source=source)
    yield made
    made.close()


def run(node, script="echo hello; exec sleep 1000"):
    pod = stores.pod("p", script)
    node.apply({"do": "sandbox", "pod": pod, "ip": "10.98.0.1", "hosts": "", "resolv": ""})
    node.apply({"do": "pull", "pod": pod, "image": stores.IMAGE})
    node.apply({"do": "start", "pod": pod, "container": "c", "attempt": 0, "env": []})
    return pod


def remove(node, pod):
    node.apply({"do": "remove", "pod": pod, "grace": 0})


def unreachable(act):
    """The text of the refusal, and how long it took."""
    before = time.monotonic()
    with pytest.raises(errors.NodeError) as caught:
        act()
    assert caught.value.kind == "NodeUnreachable"
    return str(caught.value), time.monotonic() - before


def test_an_unknown_host_is_not_trusted(target, machine, source):
    runtime = ssh.runtime(places.Place("1", "m1"), target)
    said, _ = unreachable(runtime.facts)
    assert "is not known: add the node with pkctl node add" in said


def test_trust_notes_the_key(target, machine):
    assert "ssh-ed25519" in ssh.trust(target)


def test_a_changed_key_is_named_as_that(target, machine, net):
    with open(target.known_hosts, "w") as file:
        file.write(f"{machine.ip} {(net.keys / 'client.pub').read_text()}")
    runtime = ssh.runtime(places.Place("1", "m1"), target)
    said, _ = unreachable(runtime.facts)
    assert f"the host key of {machine.ip} has changed" in said
    assert target.known_hosts in said


def test_trust_does_not_take_a_changed_key(target, machine, net):
    with open(target.known_hosts, "w") as file:
        file.write(f"{machine.ip} {(net.keys / 'client.pub').read_text()}")
    said, _ = unreachable(lambda: ssh.trust(target))
    assert "has changed" in said


def test_a_cut_node_says_so_soon_and_comes_back(node, machine):
    pod = run(node)
    before = node.observe()
    machine.cut()
    _, seconds = unreachable(node.observe)
    assert seconds < 60, "a dead node must not hold anybody up"
    unreachable(lambda: node.apply({"do": "probe", "pod": pod, "container": "c", "probe": {"exec": {"command": ["true"]}}}))
    machine.heal()
    assert [one["containers"][0]["state"] for one in node.observe()] == ["running"]
    assert [one["containers"][0]["id"] for one in node.observe()] == [one["containers"][0]["id"] for one in before]
    remove(node, pod)


def test_work_done_while_cut_off_is_seen_afterwards(node, machine):
    pod = run(node, "sleep 1; exit 7")
    node.observe()
    machine.cut()
    unreachable(node.observe)
    machine.heal()
    end = time.monotonic() + 120
    while (row := node.observe()[0]["containers"][0])["state"] != "exited":
        assert time.monotonic() < end
        time.sleep(0.1)
    assert row["exitCode"] == 7
    remove(node, pod)


def test_a_reboot_ends_containers_and_sandboxes(node, machine):
    pod = run(node)
    node.observe()
    machine.off()
    machine.boot()
    state = node.observe()[0]
    assert state["sandbox"] == "gone"
    assert [(row["state"], row["exitCode"]) for row in state["containers"]] == [("exited", 255)]
    node.apply({"do": "sandbox", "pod": pod, "ip": "10.98.0.1", "hosts": "", "resolv": ""})
    node.apply({"do": "start", "pod": pod, "container": "c", "attempt": 1, "env": []})
    state = node.observe()[0]
    assert state["sandbox"] == "ready"
    assert [row["state"] for row in state["containers"]] == ["running", "exited"]
    remove(node, pod)


def test_nothing_is_left_on_the_node(node, machine):
    pod = run(node)
    remove(node, pod)
    assert machine.sh("podman ps -aq") == ""
    assert "pk" not in machine.sh("ip -o link")
    assert "/run/pkctl/" not in machine.sh("cat /proc/mounts")
    assert machine.sh("ls /var/lib/pkctl") == ""
    assert machine.sh("nft list tables") == ""


def test_an_image_of_this_machine_is_brought_to_the_node(node, machine):
    machine.sh(f"podman rmi -f {stores.WEB}", check=False)
    answer = node.apply({"do": "pull", "pod": stores.pod("p"), "image": stores.WEB})
    assert answer["pulled"] is True
    assert stores.WEB in machine.sh("podman images --format '{{.Repository}}:{{.Tag}}'")


def test_an_image_that_nobody_has_is_an_error(node, machine):
    with pytest.raises(errors.NodeError) as caught:
        node.apply({"do": "pull", "pod": stores.pod("p"), "image": "localhost/none:1"})
    assert caught.value.kind == "ErrImagePull"


def test_a_port_inside_a_remote_pod_is_dialled(node, machine):
    pod = run(node, "mkdir /w; echo hi >/w/index.html; exec httpd -f -p 127.0.0.1:8080 -h /w")
    text = b""
    end = time.monotonic() + 120
    while not text:
        assert time.monotonic() < end
        try:
            with node.dial(pod, 8080) as link:
                link.sendall(b"GET / HTTP/1.0\r\n\r\n")
                while chunk := link.recv(4096):
                    text += chunk
        except ConnectionRefusedError:
            time.sleep(0.1)
    assert text.endswith(b"hi\n")
    remove(node, pod)


def test_two_runtimes_share_one_connection(node, target, machine, source):
    other = ssh.runtime(places.Place("99992222-3333-4444-5555-666677778888", "m1"), target)
    node.facts()
    other.facts()
    end = time.monotonic() + 60
    while (count := machine.sh("pgrep -fc 'sshd(-session)?: root@[n]otty'", check=False).strip()) != "1" and time.monotonic() < end:
        time.sleep(0.1)
    assert count == "1"
    other.close()
