"""What every runtime keeps of `runtime.base`, on a simulated node, on this machine's Podman and on a machine over SSH."""

from __future__ import annotations

import time

import pytest

from pkctl import errors
from pkctl.objects import sources
from pkctl.runtime import podman, sim, ssh
from tests import bed, stores

pytestmark = pytest.mark.filterwarnings("error")


class Case:
    """A runtime under test, with the way time passes there."""

    def __init__(self, runtime, store, clock=None):
        self.runtime, self.store, self.clock = runtime, store, clock
        self.pods = []
        self.count = 0

    def pod(self, name="p", script="echo hello; exec sleep 1000", **more):
        pod = stores.pod(name, script, **more)
        self.pods.append(pod)
        return pod

    def address(self):
        self.count += 1
        return self.store.ip() if self.store else f"10.200.0.{self.count}"

    def sandbox(self, pod):
        self.runtime.apply({"do": "sandbox", "pod": pod, "ip": self.address(), "hosts": "127.0.0.1 localhost\n", "resolv": ""})

    def start(self, pod, attempt=0, **more):
        return self.runtime.apply({"do": "start", "pod": pod, "container": "c", "attempt": attempt, "env": [["COLOUR", "red"]], **more})[
            "id"
        ]

    def run(self, *words, **more):
        pod = self.pod(*words, **more)
        self.sandbox(pod)
        self.runtime.apply({"do": "pull", "pod": pod, "image": stores.IMAGE, "policy": "IfNotPresent"})
        return pod, self.start(pod)

    def state(self, pod):
        return next((one for one in self.runtime.observe() if one["uid"] == pod["metadata"]["uid"]), None)

    def container(self, pod):
        return self.state(pod)["containers"][0]

    def until(self, condition):
        end = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < end, "it doesn't come"
            if self.clock:
                self.clock.advance(0.5)
            else:
                time.sleep(0.05)

    def clear(self):
        for pod in self.pods:
            self.runtime.apply({"do": "remove", "pod": pod, "grace": 0})
        self.pods = []


@pytest.fixture(scope="module")
def store():
    with stores.Store() as made:
        yield made
        assert made.leaks() == []


@pytest.fixture(scope="module")
def remote(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bed")
    with bed.Bed(folder) as net, stores.tempfile.TemporaryDirectory(prefix="pkc", dir="/tmp") as control:
        (folder / "known").write_text(net.known_hosts())
        target = ssh.Target(
            f"root@{net.machines[0].ip}", known_hosts=str(folder / "known"), control=control, identity=str(folder / "client")
        )
        place = store.place("m1")
        source = podman.Podman(place)
        runtime = ssh.runtime(stores.places.Place(place.cluster, "m1", network=store.network), target, source=source)
        yield runtime
        runtime.close()
        runtime.reach.disconnect()
        source.close()


@pytest.fixture(scope="module")
def local(store, tmp_path_factory):
    runtime = podman.Podman(store.place("n1"), memory=str(tmp_path_factory.mktemp("memory") / "seen.json"))
    yield runtime
    runtime.close()


@pytest.fixture(params=["sim", "podman", "ssh"])
def case(request):
    if request.param == "sim":
        clock = sources.Frozen()
        made = Case(sim.Sim("n1", clock), None, clock)
    else:
        runtime = request.getfixturevalue({"podman": "local", "ssh": "remote"}[request.param])
        made = Case(runtime, request.getfixturevalue("store"))
    yield made
    made.clear()


def test_facts_name_capacity_and_boot(case):
    facts = case.runtime.facts()
    assert facts["missing"] == []
    assert {"cpu", "memory", "pods", "ephemeral-storage"} <= set(facts["capacity"])
    assert facts["bootID"]


def test_a_sandbox_alone_is_observed(case):
    pod = case.pod("alone")
    case.sandbox(pod)
    state = case.state(pod)
    assert (state["name"], state["namespace"], state["sandbox"], state["containers"]) == ("alone", "default", "ready", [])
    assert state["ip"]


def test_a_started_container_runs(case):
    pod, id = case.run()
    row = case.container(pod)
    assert (row["id"], row["name"], row["attempt"], row["state"], row["exitCode"]) == (id, "c", 0, "running", 0)
    assert row["pid"] > 0
    assert row["startedAt"].endswith("Z")
    assert row["imageID"].startswith("sha256:")


def test_starting_twice_starts_once(case):
    pod, id = case.run()
    assert case.start(pod) == id
    assert len(case.state(pod)["containers"]) == 1


def test_an_end_is_seen_with_its_code(case):
    pod, _ = case.run("p", "exit 42", acts={"exit-seconds": "0", "exit-code": "42"})
    case.until(lambda: case.container(pod)["state"] == "exited")
    row = case.container(pod)
    assert (row["exitCode"], row["pid"], row["oomKilled"]) == (42, 0, False)
    assert row["finishedAt"]


def test_the_next_attempt_stands_before_the_last(case):
    pod, _ = case.run("p", "exit 1", acts={"exit-seconds": "0", "exit-code": "1"})
    case.until(lambda: case.container(pod)["state"] == "exited")
    case.start(pod, 1)
    assert [row["attempt"] for row in case.state(pod)["containers"]] == [1, 0]


def test_a_dropped_attempt_is_gone(case):
    pod, id = case.run("p", "exit 1", acts={"exit-seconds": "0", "exit-code": "1"})
    case.until(lambda: case.container(pod)["state"] == "exited")
    case.runtime.apply({"do": "drop", "pod": pod, "id": id})
    case.runtime.apply({"do": "drop", "pod": pod, "id": id})
    assert case.state(pod)["containers"] == []


def test_the_pulse_is_still_while_nothing_happens(case):
    pod, _ = case.run()
    case.until(lambda: case.container(pod)["state"] == "running")
    case.clock or time.sleep(0.1)
    case.runtime.observe()
    pulse = case.runtime.pulse()
    assert case.runtime.pulse() == pulse


def test_the_pulse_changes_when_a_container_ends(case):
    pod, _ = case.run("p", "sleep 5", acts={"exit-seconds": "1"})
    case.runtime.observe()
    pulse = case.runtime.pulse()
    case.until(lambda: case.container(pod)["state"] == "exited")
    assert case.runtime.pulse() != pulse


def test_stop_ends_a_container_within_its_grace(case):
    pod, id = case.run("p", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done", acts={"log": "ready"})
    case.until(lambda: list(case.runtime.logs(pod, "c")))
    case.runtime.apply({"do": "stop", "pod": pod, "id": id, "grace": 60})
    case.until(lambda: case.container(pod)["state"] == "exited")
    assert case.container(pod)["exitCode"] == 0


def test_stop_kills_what_does_not_listen(case):
    pod, id = case.run("p", "trap '' TERM; while :; do sleep 0.05; done", acts={"stop-seconds": "100"})
    case.runtime.apply({"do": "stop", "pod": pod, "id": id, "grace": 1})
    case.until(lambda: case.container(pod)["state"] == "exited")
    assert case.container(pod)["exitCode"] == 137


def test_stopping_twice_is_harmless(case):
    pod, id = case.run()
    for _ in range(2):
        case.runtime.apply({"do": "stop", "pod": pod, "id": id, "grace": 0})
    assert case.container(pod)["state"] == "exited"


def test_remove_leaves_nothing(case):
    pod, _ = case.run()
    for _ in range(2):
        case.runtime.apply({"do": "remove", "pod": pod, "grace": 0})
    assert case.state(pod) is None


def test_logs_hold_what_was_printed(case):
    pod, _ = case.run("p", "echo one; echo two; exec sleep 1000", acts={"log": "one\ntwo"})
    case.until(lambda: len(list(case.runtime.logs(pod, "c"))) == 2)
    assert [(stream, line) for _, stream, line in case.runtime.logs(pod, "c")] == [("stdout", b"one\n"), ("stdout", b"two\n")]


def test_following_ends_with_the_container(case):
    pod, _ = case.run("p", "echo one; sleep 0.3; echo two", acts={"log": "one\ntwo", "exit-seconds": "1"})
    assert [line for *_, line in case.runtime.logs(pod, "c", follow=True)] == [b"one\n", b"two\n"]


def test_logs_of_a_container_that_never_started_are_refused(case):
    pod = case.pod()
    case.sandbox(pod)
    with pytest.raises(errors.NodeError, match="has not been started"):
        list(case.runtime.logs(pod, "c"))


def test_exec_gives_output_and_code(case):
    pod, _ = case.run()
    stream = case.runtime.exec(pod, "c", ["echo", "hi"])
    assert stream.read(60) == ("stdout", b"hi\n")
    assert stream.read(60) is None
    assert stream.exit_code() == 0
    stream.close()


def test_exec_gives_the_commands_own_code(case):
    pod, _ = case.run()
    stream = case.runtime.exec(pod, "c", ["sh", "-c", "exit 3"])
    assert stream.read(60) is None
    assert stream.exit_code() == 3
    stream.close()


def test_exec_takes_input_until_its_end(case):
    pod, _ = case.run()
    stream = case.runtime.exec(pod, "c", ["cat"], stdin=True)
    stream.write(b"to and fro\n")
    stream.close_stdin()
    assert stream.read(60) == ("stdout", b"to and fro\n")
    assert stream.read(60) is None
    stream.close()


def test_a_silent_stream_times_out(case):
    pod, _ = case.run()
    stream = case.runtime.exec(pod, "c", ["cat"], stdin=True)
    with pytest.raises(TimeoutError):
        stream.read(0.1)
    stream.close_stdin()
    while stream.read(60):
        pass
    stream.close()


def test_exec_in_an_ended_container_is_refused(case):
    pod, _ = case.run("p", "exit 0", acts={"exit-seconds": "0"})
    case.until(lambda: case.container(pod)["state"] == "exited")
    with pytest.raises(errors.NodeError, match="not running"):
        case.runtime.exec(pod, "c", ["true"])


def test_an_image_that_may_not_be_pulled_must_be_there(case):
    with pytest.raises(errors.NodeError) as caught:
        case.runtime.apply({"do": "pull", "pod": case.pod(), "image": "localhost/none:1", "policy": "Never"})
    assert caught.value.kind == "ErrImageNeverPull"
    assert str(caught.value) == 'Container image "localhost/none:1" is not present with pull policy of Never'


def test_an_impossible_image_name_is_refused(case):
    with pytest.raises(errors.NodeError) as caught:
        case.runtime.apply({"do": "pull", "pod": case.pod(), "image": "NO:WAY:1"})
    assert caught.value.kind == "InvalidImageName"


def test_an_image_that_cannot_be_pulled_says_so(case):
    with pytest.raises(errors.NodeError) as caught:
        case.runtime.apply({"do": "pull", "pod": case.pod(acts={"pull-error": "no"}), "image": "localhost:1/none:1"})
    assert caught.value.kind == "ErrImagePull"


def test_a_command_that_is_missing_ends_the_attempt_at_once(case):
    pod = case.pod("p", container={"command": ["/no/such"]}, acts={"start-error": "no such file or directory"})
    case.sandbox(pod)
    case.runtime.apply({"do": "pull", "pod": pod, "image": stores.IMAGE})
    with pytest.raises(errors.NodeError, match="no such file or directory") as caught:
        case.start(pod)
    row = case.container(pod)
    assert caught.value.kind == "RunContainerError"
    assert (row["state"], row["exitCode"], row["reason"]) == ("exited", 128, "StartError")


def test_a_probe_of_a_running_container_passes(case):
    pod, _ = case.run()
    assert case.runtime.probe(pod, "c", {"exec": {"command": ["true"]}}, 60)[0] is True


def test_a_probe_may_be_an_action(case):
    pod, _ = case.run()
    answer = case.runtime.apply({"do": "probe", "pod": pod, "container": "c", "probe": {"exec": {"command": ["true"]}}, "timeout": 60})
    assert answer["passed"] is True


def test_stats_name_the_container_and_the_node(case):
    pod, _ = case.run()
    rows = {(row["uid"], row["container"]): row for row in case.runtime.stats()}
    assert rows[pod["metadata"]["uid"], "c"]["cpu"] >= 0
    assert rows["", ""]["at"] > 0


def test_images_are_listed_by_name(case):
    case.run()
    assert any(stores.IMAGE in image["names"] for image in case.runtime.images())


def test_volumes_may_be_prepared_again(case):
    pod = case.pod(volumes=[{"name": "v", "emptyDir": {}}])
    case.sandbox(pod)
    for _ in range(2):
        assert case.runtime.apply({"do": "volume", "pod": pod, "volume": "v", "empty": {}}) == {}


def test_a_port_nobody_listens_on_cannot_be_dialled_without_a_sandbox(case):
    with pytest.raises(errors.NodeError, match="no network"):
        case.runtime.dial(case.pod(), 80)
