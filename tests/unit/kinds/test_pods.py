"""The cells of a pod's row, and what a new pod starts with."""

from __future__ import annotations

import pytest

from pkctl.kinds import pods, podstates
from tests.unit.kinds import workload_cases as cases

NOW = 1767225600.0
THREE_MINUTES_AGO = "2025-12-31T23:57:00Z"
READY = {"type": "Ready", "status": "True"}
INITIALIZED = {"type": "Initialized", "status": "True"}
RUNNING = {"name": "c", "ready": True, "state": {"running": {}}}


def ended(code=0, name="c", **more):
    return {"name": name, "ready": False, "state": {"terminated": {"exitCode": code, **more}}}


def waiting(reason=None, name="c"):
    return {"name": name, "state": {"waiting": {"reason": reason} if reason else {}}}


def pod(*containers, inits=(), conditions=(), init_specs=None, deleting=False, phase="Running", **status):
    specs = init_specs if init_specs is not None else [{"name": each["name"]} for each in inits]
    return {
        "metadata": {"name": "x", **({"deletionTimestamp": "2026-01-01T00:00:00Z"} if deleting else {})},
        "spec": {"containers": [{"name": each["name"]} for each in containers] or [{"name": "c"}], "initContainers": specs},
        "status": {
            "phase": phase,
            "containerStatuses": list(containers),
            "initContainerStatuses": list(inits),
            "conditions": list(conditions),
            **status,
        },
    }


SIDECAR = [{"name": "s", "restartPolicy": "Always"}]
GATED = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
CASES = {
    "pending": (pod(phase="Pending"), "Pending", "0/1"),
    "running": (pod(RUNNING, conditions=[READY]), "Running", "1/1"),
    "evicted": (pod(reason="Evicted", phase="Failed"), "Evicted", "0/1"),
    "gated": (pod(conditions=[GATED], phase="Pending"), "SchedulingGated", "0/1"),
    "creating": (pod(waiting("ContainerCreating"), phase="Pending"), "ContainerCreating", "0/1"),
    "crashing": (pod(waiting("CrashLoopBackOff")), "CrashLoopBackOff", "0/1"),
    "completed": (pod(ended(reason="Completed"), phase="Succeeded"), "Completed", "0/1"),
    "failed": (pod(ended(1, reason="Error"), phase="Failed"), "Error", "0/1"),
    "ended without reason": (pod(ended(3), phase="Failed"), "ExitCode:3", "0/1"),
    "ended by a signal": (pod(ended(137, signal=9), phase="Failed"), "Signal:9", "0/1"),
    "the first container counts most": (pod(waiting("A"), waiting("B", "d")), "A", "0/2"),
    "one completed, one running, ready": (
        pod(ended(reason="Completed"), {**RUNNING, "name": "d"}, conditions=[READY]), "Running", "1/2"),
    "one completed, one running, not ready": (pod(ended(reason="Completed"), {**RUNNING, "name": "d"}), "NotReady", "1/2"),
    "one completed, one failed": (pod(ended(reason="Completed"), ended(1, "d", reason="Error")), "Error", "0/2"),
    "init pending": (pod(phase="Pending", inits=[waiting("PodInitializing", "i")]), "Init:0/1", "0/1"),
    "second init": (pod(phase="Pending", inits=[ended(name="i"), waiting(name="j")]), "Init:1/2", "0/1"),
    "init crashing": (pod(phase="Pending", inits=[waiting("CrashLoopBackOff", "i")]), "Init:CrashLoopBackOff", "0/1"),
    "init failed": (pod(phase="Pending", inits=[ended(1, "i", reason="Error")]), "Init:Error", "0/1"),
    "init failed without reason": (pod(phase="Pending", inits=[ended(2, "i")]), "Init:ExitCode:2", "0/1"),
    "init killed": (pod(phase="Pending", inits=[ended(137, "i", signal=9)]), "Init:Signal:9", "0/1"),
    "sidecar started": (
        pod(RUNNING, inits=[{"name": "s", "started": True, "ready": True}], init_specs=SIDECAR, conditions=[READY]), "Running", "2/2"),
    "initialized wins over a waiting init": (pod(RUNNING, inits=[waiting(name="i")], conditions=[INITIALIZED]), "Init:0/1", "1/1"),
    "deleting": (pod(RUNNING, deleting=True), "Terminating", "1/1"),
    "deleting when done": (pod(ended(reason="Completed"), deleting=True, phase="Succeeded"), "Completed", "0/1"),
    "lost": (pod(RUNNING, deleting=True, reason="NodeLost"), "Unknown", "1/1"),
}  # fmt: skip


@pytest.mark.parametrize(("obj", "status", "ready"), CASES.values(), ids=CASES)
def test_status_and_ready_are_kubectls(obj, status, ready):
    assert pods.cells(obj, NOW)[1:3] == [ready, status]


def restarted(count, name="c", at=THREE_MINUTES_AGO):
    return {**RUNNING, "name": name, "restartCount": count, "lastState": {"terminated": {"finishedAt": at}}}


RESTARTS = {
    "none": (pod(RUNNING), "0"),
    "with a time": (pod(restarted(2)), "2 (3m ago)"),
    "summed, newest time": (pod(restarted(2), restarted(1, "d", "2025-12-31T23:59:00Z")), "3 (60s ago)"),
    "without a time": (pod({**RUNNING, "restartCount": 4}), "4"),
    "inits count while they run": (pod(RUNNING, inits=[{**waiting("CrashLoopBackOff", "i"), "restartCount": 5}]), "5"),
    "inits are forgotten afterwards": (pod(RUNNING, inits=[{**ended(name="i"), "restartCount": 5}]), "0"),
    "sidecars count": (
        pod(restarted(1), inits=[{"name": "s", "started": True, "restartCount": 2}], init_specs=SIDECAR), "3 (3m ago)"),
}  # fmt: skip


@pytest.mark.parametrize(("obj", "restarts"), RESTARTS.values(), ids=RESTARTS)
def test_restarts_are_kubectls(obj, restarts):
    assert podstates.look(obj).restarts_cell(NOW) == restarts


def test_wide_cells_say_none():
    assert pods.cells(pod(RUNNING), NOW)[5:] == ["<none>"] * 4


def test_wide_cells_say_where_a_pod_is():
    obj = pod(RUNNING, podIPs=[{"ip": "10.0.0.1"}], conditions=[{"type": "a", "status": "True"}])
    obj["spec"] |= {"nodeName": "n", "readinessGates": [{"conditionType": "a"}, {"conditionType": "b"}]}
    assert pods.cells(obj, NOW)[5:] == ["10.0.0.1", "n", "<none>", "1/2"]


def test_a_row_has_a_cell_for_each_column():
    assert len(pods.cells(pod(RUNNING), NOW)) == len(pods.COLUMNS)


def test_a_new_pod_is_pending_and_has_its_class():
    status = cases.stored(cases.pod(container={"resources": {"limits": {"cpu": "1", "memory": "1"}}}))["status"]
    assert status == {"phase": "Pending", "qosClass": "Guaranteed"}


def test_a_gated_pod_says_so():
    (condition,) = cases.stored(cases.pod(schedulingGates=[{"name": "a"}]))["status"]["conditions"]
    assert condition["reason"] == "SchedulingGated"


def test_pods_can_be_chosen_by_phase_and_node():
    obj = {"spec": {"nodeName": "n"}, "status": {"phase": "Running"}}
    assert (pods.FIELDS["spec.nodeName"](obj), pods.FIELDS["status.phase"](obj)) == ("n", "Running")
