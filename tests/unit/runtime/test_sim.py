"""What annotations make a simulated node do."""

from __future__ import annotations

import time

import pytest

from pkctl import errors
from pkctl.objects import sources
from pkctl.runtime import sim


def pod(acts=None, name="p", **spec):
    notes = {f"sim.pkctl.dev/{key}": value for key, value in (acts or {}).items()}
    about = {"name": name, "namespace": "default", "uid": f"uid-{name}", "annotations": notes}
    return {"metadata": about, "spec": {"containers": [{"name": "c", "image": "i"}], **spec}}


@pytest.fixture
def clock():
    return sources.Frozen()


@pytest.fixture
def node(clock):
    return sim.Sim("n", clock)


def start(node, made, attempt=0, container="c", restart="no"):
    node.apply({"do": "sandbox", "pod": made, "ip": "10.0.0.1"})
    return node.apply({"do": "start", "pod": made, "container": container, "attempt": attempt, "restart": restart})


def row(node):
    return node.observe()[0]["containers"][0]


def test_a_start_takes_its_time(node, clock):
    start(node, pod({"start-seconds": "5"}))
    assert row(node)["state"] == "created"
    clock.advance(5)
    assert row(node)["state"] == "running"


def test_an_end_comes_on_time(node, clock):
    start(node, pod({"exit-seconds": "60", "exit-code": "3"}))
    clock.advance(59)
    assert row(node)["state"] == "running"
    clock.advance(1)
    assert (row(node)["state"], row(node)["exitCode"]) == ("exited", 3)


def test_only_the_first_attempts_end(node, clock):
    made = pod({"exit-seconds": "1", "exit-attempts": "1"})
    start(node, made)
    clock.advance(1)
    start(node, made, 1)
    clock.advance(1000)
    assert [one["state"] for one in node.observe()[0]["containers"]] == ["running", "exited"]


def test_init_containers_end_at_once(node):
    start(node, pod(initContainers=[{"name": "i", "image": "i"}]), container="i")
    assert (row(node)["state"], row(node)["exitCode"]) == ("exited", 0)


def test_one_container_may_do_otherwise(node):
    made = pod({"exit-seconds.d": "0", "exit-code.d": "9"}, containers=[{"name": "c", "image": "i"}, {"name": "d", "image": "i"}])
    start(node, made)
    start(node, made, container="d")
    assert [(one["name"], one["state"], one["exitCode"]) for one in node.observe()[0]["containers"]] == [
        ("c", "running", 0),
        ("d", "exited", 9),
    ]


def test_bounded_restarts_are_counted(node, clock):
    start(node, pod({"exit-seconds": "10", "exit-code": "1"}), restart="on-failure:2")
    clock.advance(15)
    assert (row(node)["state"], row(node)["restarts"]) == ("running", 1)
    clock.advance(15)
    assert (row(node)["state"], row(node)["restarts"]) == ("exited", 2)


def test_a_probe_passes_when_it_is_time(node, clock):
    made = pod({"ready-seconds": "3"})
    start(node, made)
    assert node.probe(made, "c", {}, 1)[0] is False
    clock.advance(3)
    assert node.probe(made, "c", {}, 1)[0] is True


def test_pulls_fail_as_often_as_said(node):
    made = pod({"pull-error": "ErrImagePull: no route", "pull-attempts": "1"})
    with pytest.raises(errors.NodeError, match="no route"):
        node.apply({"do": "pull", "pod": made, "image": "i"})
    assert node.apply({"do": "pull", "pod": made, "image": "i"})["imageID"].startswith("sha256:")


def test_the_pulse_beats_only_when_something_is_due(node, clock):
    start(node, pod({"exit-seconds": "10"}))
    pulse = node.pulse()
    clock.advance(9)
    assert node.pulse() == pulse
    clock.advance(1)
    assert node.pulse() != pulse


def test_a_kill_from_outside_is_seen(node):
    made = pod()
    start(node, made)
    node.kill("uid-p", "c")
    assert (row(node)["state"], row(node)["exitCode"]) == ("exited", 137)


def test_a_reboot_takes_sandboxes_away(node):
    start(node, pod())
    node.reboot()
    assert (node.observe()[0]["sandbox"], row(node)["exitCode"]) == ("gone", 255)


def test_the_next_process_finds_the_same_node(clock, tmp_path):
    first, second = (sim.Sim("n", clock, path=str(tmp_path / "node.json")) for _ in range(2))
    start(first, pod())
    assert second.observe() == first.observe()
    second.kill("uid-p", "c")
    assert row(first)["exitCode"] == 137


def test_ten_thousand_pods_are_observed(clock):
    node, before = sim.Sim("n", clock), time.process_time()
    for number in range(10_000):
        start(node, pod(name=str(number)))
    assert len(node.observe()) == 10_000
    for _ in range(1000):
        node.observe()
    assert time.process_time() - before < 60
