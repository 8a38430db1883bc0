"""The kubelet's part for ephemeral containers: started once into what runs, and nothing waits for them."""

from __future__ import annotations

from typing import Any

from tests.unit.controllers import machines, things

Object = dict[str, Any]


def machine(**more: Any) -> machines.Machine:
    debugger = {"name": "dbg", "image": "box:1", "imagePullPolicy": "IfNotPresent", **more}
    made = machines.Machine(things.pod("p", node="n1"), things.node("n1")).settle()
    made.change(spec={"ephemeralContainers": [debugger]})
    return made


def debugger(one: machines.Machine) -> Object:
    found: Object = one.status["ephemeralContainerStatuses"][0]
    return found


def test_a_debugger_is_started_in_a_running_pod() -> None:
    assert machine().look() == ["pull dbg", "start dbg"]


def test_a_running_debugger_is_told_of_apart_and_is_never_ready() -> None:
    told = debugger(machine().settle())
    assert (list(told["state"]), told["ready"], "started" in told) == (["running"], False, False)


def test_a_debugger_that_ended_is_not_started_again() -> None:
    ended = machine().settle().crash("dbg", code=3).settle()
    assert debugger(ended)["state"]["terminated"]["exitCode"] == 3
    assert ended.look() == []


def test_a_pod_is_ready_whatever_its_debugger_does() -> None:
    assert machine().settle().crash("dbg").settle().condition("Ready") == ("True", "")


def test_a_debugger_joins_the_processes_of_its_target() -> None:
    one = machine(targetContainerName="web").settle()
    assert next(action["target"] for action in one.done if action.get("container") == "dbg" and action["do"] == "start") == 7


def test_a_debugger_without_a_target_has_its_own_processes() -> None:
    one = machine().settle()
    assert [action for action in one.done if "target" in action] == []


def test_a_debugger_waits_for_a_target_that_does_not_run() -> None:
    one = machine(targetContainerName="nope").settle()
    wanted = {"reason": "CreateContainerError", "message": 'unable to find target container "nope"'}
    assert debugger(one)["state"] == {"waiting": wanted}


def test_a_debugger_is_stopped_with_its_pod() -> None:
    one = machine().settle()
    one.change(metadata={"deletionTimestamp": "2026-01-01T00:00:30Z", "deletionGracePeriodSeconds": 30})
    assert one.look() == ["stop web", "stop dbg"]
