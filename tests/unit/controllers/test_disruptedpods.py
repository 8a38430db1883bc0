"""Taking back that a pod is about to be disrupted."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.controllers import disruptedpods, plan, wakes
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

Object = dict[str, Any]


def doomed(ago: float, phase: str = "Running", **more: Any) -> Object:
    since = times.stamp(views.NOW - ago)
    pod = things.pod("p", phase=phase)
    condition = {"type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI", "lastTransitionTime": since, **more}
    pod["status"]["conditions"] = [*pod["status"].get("conditions", ()), condition]
    return pod


def made(pod: Object) -> plan.Plan:
    return disruptedpods.reconcile(views.view_of(pod), ("demo", "p"))


def test_it_is_taken_back_after_two_minutes() -> None:
    (write,) = made(doomed(120)).writes
    condition = meta.condition(write.obj, "DisruptionTarget")
    assert condition == {
        "type": "DisruptionTarget",
        "status": "False",
        "lastProbeTime": None,
        "lastTransitionTime": times.stamp(views.NOW),
    }


def test_before_that_it_is_asked_again_when_it_will_be() -> None:
    found = made(doomed(50))
    assert (found.writes, found.again_after) == ([], 70.0)


LEFT = {
    "a pod that is over": doomed(500, phase="Succeeded"),
    "what the kubelet does": doomed(500, reason="TerminationByKubelet"),
    "what was taken back": doomed(500, status="False"),
}


@pytest.mark.parametrize("pod", LEFT.values(), ids=LEFT)
def test_it_is_left_alone(pod: Object) -> None:
    found = made(pod)
    assert (found.writes, found.again_after) == ([], None)


def test_a_pod_on_its_way_out_is_left_alone() -> None:
    pod = doomed(500)
    pod["metadata"]["deletionTimestamp"] = times.stamp(views.NOW)
    assert made(pod).writes == []


def test_only_a_doomed_pod_wakes_it() -> None:
    view = views.view_of()
    assert [list(wakes.disrupted(view, pod)) for pod in (doomed(0), things.pod("q"))] == [[("demo", "p")], []]
