"""Pods in real Podman on this machine: what a container sees, what comes back, what is left."""

from __future__ import annotations

import base64
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
from concurrent import futures

import pytest

from pkctl import errors
from pkctl.runtime import places, podman
from tests import stores


@pytest.fixture(scope="module")
def store():
    with stores.Store() as made:
        yield made
        assert made.leaks() == []


class Node:
    """A runtime and the pods that a test has made."""

    def __init__(self, store, memory):
        self.store, self.place = store, store.place("n1", path=places.here(str(memory)))
        self.runtime = podman.Podman(self.place, memory=str(memory))
        self.pods = []

    def pod(self, script="exec sleep 1000", **more):
        pod = stores.pod("web", script, **more)
        self.pods.append(pod)
        return pod

    def apply(self, what, pod, **more):
        return self.runtime.apply({"do": what, "pod": pod, **more})

    def sandbox(self, pod):
        ip = self.store.ip()
        self.apply("sandbox", pod, ip=ip, hosts="127.0.0.1 localhost\n10.0.0.9 db\n", resolv="nameserver 10.0.0.1\n")
        return ip

    def start(self, pod, attempt=0, **more):
        return self.apply("start", pod, container=more.pop("container", "c"), attempt=attempt, env=more.pop("env", []), **more)["id"]

    def run(self, script="exec sleep 1000", volumes=None, **more):
        pod = self.pod(script, **more)
        self.sandbox(pod)
        for name, made in (volumes or {}).items():
            self.apply("volume", pod, volume=name, **made)
        self.start(pod)
        return pod

    def state(self, pod):
        return next(one for one in self.runtime.observe() if one["uid"] == pod["metadata"]["uid"])

    def container(self, pod, name="c"):
        return next(one for one in self.state(pod)["containers"] if one["name"] == name)

    def ended(self, pod):
        return until(lambda: (row := self.container(pod))["state"] == "exited" and row)

    def said(self, pod):
        self.ended(pod)
        return b"".join(line for *_, line in self.runtime.logs(pod, "c")).decode()

    def inside(self, pod, script, container="c"):
        stream = self.runtime.exec(pod, container, ["sh", "-c", script])
        text = b""
        while chunk := stream.read(60):
            text += chunk[1]
        stream.close()
        return text.decode()


def until(ask, seconds=120):
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, "it doesn't come"
        time.sleep(0.05)
    return answer


@pytest.fixture
def node(store, tmp_path):
    made = Node(store, tmp_path / "seen.json")
    yield made
    for pod in made.pods:
        made.apply("remove", pod, grace=0)
    made.runtime.close()


def files(**texts):
    return {path: {"data": base64.b64encode(text.encode()).decode(), "mode": 0o644} for path, text in texts.items()}


# --- what a container sees


def test_names_and_resolver_are_the_pods(node):
    pod = node.run("hostname; cat /etc/hostname /etc/resolv.conf; grep db /etc/hosts")
    assert node.said(pod) == "web\nweb\nnameserver 10.0.0.1\n10.0.0.9 db\n"


def test_environment_comes_in_order_and_fills_the_command(node):
    pod = node.pod(container={"command": ["echo", "$(COLOUR)", "$$(COLOUR)", "$(NONE)"]})
    node.sandbox(pod)
    node.start(pod, env=[["COLOUR", "red"]])
    assert node.said(pod) == "red $(COLOUR) $(NONE)\n"


def test_a_filled_in_command_is_taken_as_it_is(node):
    pod = node.pod()
    node.sandbox(pod)
    node.start(pod, command=["echo"], args=["$(COLOUR)"])
    assert node.said(pod) == "$(COLOUR)\n"


def test_user_groups_and_capabilities_are_set(node):
    context = {"runAsUser": 1000, "runAsGroup": 2000, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    pod = node.run(
        "id; grep -E 'CapBnd|NoNewPrivs' /proc/self/status",
        container={"securityContext": context},
        securityContext={"fsGroup": 3000, "supplementalGroups": [4000]},
    )
    said = node.said(pod)
    assert all(word in said for word in ("uid=1000", "gid=2000", "3000", "4000"))
    assert "CapBnd:\t0000000000000000" in said
    assert "NoNewPrivs:\t1" in said


def test_a_read_only_root_cannot_be_written(node):
    pod = node.run("echo x >/file || echo refused", container={"securityContext": {"readOnlyRootFilesystem": True}})
    assert "refused" in node.said(pod)


def test_root_is_refused_to_a_pod_that_must_not_run_as_root(node):
    pod = node.pod(securityContext={"runAsNonRoot": True})
    node.sandbox(pod)
    with pytest.raises(errors.NodeError, match="image will run as root") as caught:
        node.start(pod)
    assert caught.value.kind == "CreateContainerConfigError"


def test_limits_reach_the_control_group(node):
    pod = node.run(container={"resources": {"limits": {"memory": "64Mi", "cpu": "500m"}}})
    found = node.store.podman("inspect", "-f", "{{.HostConfig.Memory}} {{.HostConfig.CpuQuota}}", node.container(pod)["id"])
    assert found == f"{64 * 1024 * 1024} 50000"


def test_containers_of_a_pod_share_network_and_shared_memory(node):
    other = {"name": "d", "image": stores.IMAGE, "command": ["sleep", "1000"]}
    pod = node.pod("echo hi >/dev/shm/note; exec httpd -f -p 8080 -h /dev/shm")
    pod["spec"]["containers"].append(other)
    node.sandbox(pod)
    node.start(pod)
    node.start(pod, container="d")
    assert until(lambda: node.inside(pod, "cat /dev/shm/note && wget -qO- http://127.0.0.1:8080/note", "d")) == "hi\nhi\n"


def test_a_shared_process_namespace_outlives_its_containers(node):
    pod = node.run(shareProcessNamespace=True)
    node.runtime.apply({"do": "stop", "pod": pod, "id": node.container(pod)["id"], "grace": 0})
    node.start(pod, 1)
    assert "sleep" in node.inside(pod, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")


def test_the_hosts_network_is_the_hosts(node):
    pod = node.run("ip -o link", hostNetwork=True)
    assert "eth0@" not in node.said(pod)
    assert node.runtime.address(pod) == "127.0.0.1"


# --- volumes


def test_files_switch_all_at_once(node):
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    pod = node.run(volumes={"v": {"files": files(a="one", b="two")}}, container=mount)
    assert node.inside(pod, "cat /v/a /v/b") == "onetwo"
    node.apply("volume", pod, volume="v", files=files(a="three"))
    assert node.inside(pod, "cat /v/a; ls /v") == "threea\n"


def test_one_file_of_a_volume_can_be_mounted(node):
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/etc/app.conf", "subPath": "a"}]}
    pod = node.run("cat /etc/app.conf", volumes={"v": {"files": files(a="one")}}, container=mount, **{})
    assert node.said(pod) == "one"


def test_a_path_out_of_the_volume_is_refused(node):
    pod = node.pod(container={"volumeMounts": [{"name": "v", "mountPath": "/x", "subPath": "../../.."}]})
    node.sandbox(pod)
    with pytest.raises(errors.NodeError, match="subPath"):
        node.start(pod)


def test_a_link_out_of_the_volume_is_refused(node):
    pod = node.pod("ln -s / /v/out", container={"volumeMounts": [{"name": "v", "mountPath": "/v"}]})
    node.sandbox(pod)
    node.apply("volume", pod, volume="v", empty={})
    node.start(pod)
    node.ended(pod)
    pod["spec"]["containers"][0]["volumeMounts"][0]["subPath"] = "out/etc"
    with pytest.raises(errors.NodeError, match="leads out of the volume"):
        node.start(pod, 1)


def test_an_empty_folder_lives_as_long_as_the_pod(node):
    pod = node.run("date >>/v/log", volumes={"v": {"empty": {}}}, container={"volumeMounts": [{"name": "v", "mountPath": "/v"}]})
    node.ended(pod)
    node.start(pod, 1)
    home = pathlib.Path(node.place.pod(pod["metadata"]["uid"])) / "volumes/v/log"
    assert until(lambda: len(home.read_text().splitlines()) == 2)


def test_memory_folders_are_in_memory_and_limited(node):
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    pod = node.run("grep ' /v ' /proc/mounts", volumes={"v": {"empty": {"medium": "Memory", "size": "1Mi"}}}, container=mount)
    assert "tmpfs" in (said := node.said(pod))
    assert "size=1024k" in said


def test_a_host_path_must_be_what_it_is_said_to_be(node, tmp_path):
    pod = node.pod()
    node.sandbox(pod)
    with pytest.raises(errors.NodeError, match=r"hostPath type check failed: .* is not a directory"):
        node.apply("volume", pod, volume="v", host={"path": str(tmp_path / "no"), "type": "Directory"})


def test_a_host_path_is_seen_inside(node, tmp_path):
    (tmp_path / "note").write_text("from outside")
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": True}]}
    pod = node.run(
        "cat /v/note; touch /v/x || echo ' locked'", volumes={"v": {"host": {"path": str(tmp_path), "type": ""}}}, container=mount
    )
    assert "from outside" in (said := node.said(pod))
    assert "locked" in said


def test_a_disk_outlives_its_pod(node):
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    for _ in range(2):
        pod = node.run("echo x >>/v/file; cat /v/file", volumes={"v": {"disk": {"name": "pv1"}}}, container=mount)
        said = node.said(pod)
        node.apply("remove", pod, grace=0)
    assert said == "x\nx\n"
    node.runtime.apply({"do": "remove-disk", "name": "pv1"})
    assert not os.path.exists(node.place.disk("pv1"))


def test_the_group_of_the_pod_owns_its_volumes(node):
    mount = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    pod = node.run("stat -c '%g' /v", volumes={"v": {"empty": {}}}, container=mount, securityContext={"fsGroup": 3000})
    assert node.said(pod) == "3000\n"


# --- what comes back


def test_the_termination_message_is_read(node):
    pod = node.run("echo done for >/dev/termination-log; exit 3")
    assert (node.ended(pod)["message"], node.container(pod)["exitCode"]) == ("done for\n", 3)


def test_a_failure_without_a_message_has_the_logs_end(node):
    pod = node.run("echo one; echo two; exit 3")
    assert node.ended(pod)["logTail"] == "one\ntwo"


def test_running_out_of_memory_is_told(node):
    script = "head -c 100000000 /dev/zero | tail"
    pod = node.run(f"exec {sys.executable and 'sh'} -c '{script}; exit 137'", container={"resources": {"limits": {"memory": "16Mi"}}})
    row = node.ended(pod)
    assert (row["exitCode"], row["oomKilled"]) == (137, True)


def test_podmans_bounded_restarts_are_counted(node):
    pod = node.pod("exit 1")
    node.sandbox(pod)
    node.start(pod, restart="on-failure:2")
    assert until(lambda: (row := node.container(pod))["restarts"] == 2 and row["state"] == "exited" and row)


def test_a_container_killed_behind_our_back_is_seen(node):
    pod = node.run()
    before = node.runtime.pulse()
    node.store.podman("kill", node.container(pod)["id"])
    until(lambda: node.runtime.pulse() != before)
    assert node.ended(pod)["exitCode"] == 137


def test_a_container_removed_behind_our_back_is_seen(node):
    pod = node.run()
    assert node.state(pod)["containers"]
    node.store.podman("rm", "-f", "-t", "0", node.container(pod)["id"])
    assert until(lambda: not node.state(pod)["containers"])


def test_the_next_process_sees_at_a_glance(node, tmp_path):
    pod = node.run()
    until(lambda: node.container(pod)["state"] == "running")
    until(lambda: node.runtime.observe() and node.runtime.pulse() == node.runtime.pulse())
    node.runtime.observe()
    fresh = podman.Podman(node.place, memory=str(tmp_path / "seen.json"))
    assert fresh.pulse() == node.runtime.pulse()
    assert fresh.observe() == node.runtime.observe()
    assert fresh._node is None, "a glance must not open a shell"


def test_a_sandbox_taken_away_is_gone_and_made_again(node):
    pod = node.run()
    subprocess.run(["umount", node.place.pin(pod["metadata"]["uid"], "net")], check=True)
    pathlib.Path(node.place.home, "pods").touch()
    assert node.state(pod)["sandbox"] == "gone"
    node.apply("sandbox", pod, ip=node.store.ip(), hosts="", resolv="")
    assert node.state(pod)["sandbox"] == "ready"


def test_an_address_in_use_is_refused(node):
    first, second = node.pod(), node.pod()
    ip = node.sandbox(first)
    with pytest.raises(errors.NodeError, match=f"the address {ip} is in use") as caught:
        node.apply("sandbox", second, ip=ip, hosts="", resolv="")
    assert caught.value.kind == "CreatePodSandboxError"


# --- reaching in


def test_a_terminal_has_the_size_it_is_given(node):
    pod = node.run()
    stream = node.runtime.exec(pod, "c", ["sh"], stdin=True, tty=True)
    stream.resize(33, 99)
    stream.write(b"stty size; exit 5\n")
    text = b""
    while chunk := stream.read(60):
        text += chunk[1]
    assert b"33 99" in text
    assert stream.exit_code() == 5
    stream.close()


def test_streams_are_told_apart(node):
    pod = node.run()
    stream = node.runtime.exec(pod, "c", ["sh", "-c", "echo out; echo err >&2"])
    seen = {}
    while chunk := stream.read(60):
        seen[chunk[0]] = chunk[1]
    stream.close()
    assert seen == {"stdout": b"out\n", "stderr": b"err\n"}


def test_attach_talks_to_the_containers_own_process(node):
    pod = node.pod(container={"command": ["cat"], "stdin": True})
    node.sandbox(pod)
    node.start(pod)
    stream = node.runtime.attach(pod, "c", stdin=True)
    stream.write(b"ping\n")
    assert stream.read(60) == ("stdout", b"ping\n")
    stream.close()


def test_a_port_inside_is_dialled(node):
    pod = node.run("mkdir /w; echo hi >/w/index.html; exec httpd -f -p 127.0.0.1:8080 -h /w")

    def ask():
        try:
            with node.runtime.dial(pod, 8080) as link:
                link.sendall(b"GET / HTTP/1.0\r\n\r\n")
                text = b""
                while chunk := link.recv(4096):
                    text += chunk
                return text
        except ConnectionRefusedError:
            return b""

    assert until(ask).endswith(b"hi\n")


@pytest.mark.parametrize(
    ("probe", "passed"),
    [
        ({"httpGet": {"path": "/index.html", "port": "web"}}, True),
        ({"httpGet": {"path": "/none", "port": 8080}}, False),
        ({"tcpSocket": {"port": 8080}}, True),
        ({"tcpSocket": {"port": 1}}, False),
        ({"exec": {"command": ["test", "-e", "/w"]}}, True),
        ({"exec": {"command": ["sleep", "1000"]}}, False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_probes_ask_and_judge(node, probe, passed):
    pod = node.run(
        "mkdir /w; echo hi >/w/index.html; exec httpd -f -p 8080 -h /w",
        container={"ports": [{"name": "web", "containerPort": 8080}]},
    )
    until(lambda: node.runtime.probe(pod, "c", {"tcpSocket": {"port": 8080}}, 1)[0])
    assert node.runtime.probe(pod, "c", probe, 60 if passed else 1)[0] is passed


def test_pods_reach_each_other_by_address(node):
    first = node.run("mkdir /w; echo hi >/w/index.html; exec httpd -f -p 8080 -h /w")
    second = node.run()
    ip = node.state(first)["ip"]
    assert until(lambda: node.inside(second, f"wget -qO- http://{ip}:8080/")) == "hi\n"


def test_a_host_port_leads_to_the_pod(node):
    pod = node.run(
        "mkdir /w; echo hi >/w/index.html; exec httpd -f -p 8080 -h /w",
        container={"ports": [{"containerPort": 8080, "hostPort": 18099}]},
    )
    host = next(row["address"] for row in node.runtime.facts()["addresses"] if row["type"] == "InternalIP")
    other = node.run()
    assert until(lambda: node.inside(other, f"wget -qO- http://{host}:18099/")) == "hi\n"
    assert pod


def test_a_hook_runs_in_the_container(node):
    pod = node.run()
    answer = node.apply("hook", pod, container="c", handler={"exec": {"command": ["sh", "-c", "echo hooked; exit 1"]}})
    assert answer == {"passed": False, "output": "hooked\n"}


def test_pre_stop_runs_before_term(node):
    script = "trap 'cat /note; exit 0' TERM; touch /ready; while :; do sleep 0.05; done"
    hook = {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "echo told >/note"]}}}}
    pod = node.run(script, container=hook)
    until(lambda: node.inside(pod, "ls /ready 2>&1") == "/ready\n")
    node.apply("stop", pod, id=node.container(pod)["id"], grace=60)
    assert node.said(pod) == "told\n"


# --- safety


def test_a_killed_start_never_doubles_a_container(node, store):
    """kill -9 at any point of a start, then the same start again: one container, and it runs."""
    program = f"""
import json, sys
sys.path.insert(0, {str(stores.ROOT)!r})
from pkctl.runtime import places, podman
place = places.Place({node.place.cluster!r}, "n1", podman={store.options!r}, tmp={node.place.tmp!r}, base={node.place.base!r},
                     run={node.place.run!r}, network={node.place.network!r})
pod = json.load(sys.stdin)
runtime = podman.Podman(place)
print("go", flush=True)
runtime.apply({{"do": "sandbox", "pod": pod, "ip": pod["ip"], "hosts": "", "resolv": ""}})
runtime.apply({{"do": "start", "pod": pod, "container": "c", "attempt": 0, "env": []}})
"""
    import json

    for wait in (0.005, 0.02, 0.05, 0.09, 0.13, 0.2):
        pod = node.pod()
        pod["ip"] = store.ip()
        process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process.stdin.write(json.dumps(pod))
        process.stdin.close()
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        node.apply("sandbox", pod, ip=pod["ip"], hosts="", resolv="")
        node.start(pod)
        until(lambda pod=pod: node.container(pod)["state"] == "running")
        assert len(node.state(pod)["containers"]) == 1


def test_a_podman_service_that_dies_is_started_again(node):
    pod = node.run()
    os.kill(int(pathlib.Path(node.place.socket + ".pid").read_text()), signal.SIGKILL)
    assert node.inside(pod, "echo still here") == "still here\n"
    pathlib.Path(node.place.home, "pods").touch()
    assert node.container(pod)["state"] == "running"


def test_a_podman_service_about_to_end_is_waited_for_and_followed(node):
    node.runtime.observe()
    mark = pathlib.Path(f"{node.place.socket}.pid")
    service = int(mark.read_text())
    os.kill(service, signal.SIGKILL)
    until(lambda: not pathlib.Path(f"/proc/{service}/exe").exists())
    with subprocess.Popen(["sh", "-c", "sleep 0.5; :", node.place.socket]) as ending:
        mark.write_text(f"{ending.pid}\n")
        assert node.runtime.images()
        assert ending.poll() == 0


def test_what_a_vanished_cluster_left_is_found_and_removed(node, store, tmp_path):
    file = tmp_path / "cluster.db"
    file.touch()
    gone = Node(store, file)
    pod = gone.run()
    assert node.runtime.orphans() == []
    file.unlink()
    found = node.runtime.orphans()
    assert [row["uid"] for row in found if row["kind"] == "container"] == [pod["metadata"]["uid"]]
    for row in found:
        node.runtime.clean(row)
    assert node.runtime.orphans() == []
    gone.runtime.close()


def test_the_last_pod_takes_the_clusters_locks_with_it(store, tmp_path):
    alone = Node(store, tmp_path / "alone.json")
    pods = [alone.pod() for _ in range(6)]
    with contextlib.closing(alone.runtime), futures.ThreadPoolExecutor(6) as pool:
        for _ in range(3):
            list(pool.map(alone.sandbox, pods))
            list(pool.map(lambda pod: alone.apply("remove", pod, grace=0), pods))
    assert list(pathlib.Path(alone.place.run).glob(f"{alone.place.short}*")) == []


def test_another_clusters_pods_are_not_ours(node, store, tmp_path):
    other = Node(store, tmp_path / "other.json")
    pod = other.run()
    assert node.runtime.observe() == []
    other.apply("remove", pod, grace=0)
    other.runtime.close()
