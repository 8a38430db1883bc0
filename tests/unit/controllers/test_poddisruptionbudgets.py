"""How many pods of a disruption budget may go."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.controllers import plan, poddisruptionbudgets, wakes
from pkctl.objects import owners, times
from tests.unit.controllers import things, views

Object = dict[str, Any]
SELECTOR = {"matchLabels": {"app": "web"}}


def budget(status: Object | None = None, selector: Object | None = SELECTOR, **spec: Any) -> Object:
    found = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": things.metadata("b", generation=2)}
    return {**found, "spec": {"selector": selector, **spec}, "status": status or {}}


def pods(count: int, owner: Object | None = None, ready: int = 99) -> list[Object]:
    made = [things.pod(f"p{number}", phase="Running", ready=number < ready) for number in range(count)]
    return [views.owned_by(owner, pod) if owner else pod for pod in made]


def made(*objects: Object) -> plan.Plan:
    return poddisruptionbudgets.reconcile(views.view_of(*objects), ("demo", "b"))


def counts(*objects: Object) -> tuple[int, ...]:
    status = made(*objects).writes[0].obj["status"]
    return tuple(status[name] for name in ("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"))


SET = things.replicaset(replicas=4)
DEPLOYMENT = things.deployment(replicas=10)
OF_DEPLOYMENT = views.owned_by(DEPLOYMENT, things.replicaset(replicas=1))
CASES: dict[str, tuple[list[Object], tuple[int, ...]]] = {
    "a number of pods": ([budget(minAvailable=1), *pods(3)], (3, 1, 2, 3)),
    "unready ones do not count": ([budget(minAvailable=1), *pods(3, ready=1)], (1, 1, 0, 3)),
    "a share is of what the owner wants": ([budget(minAvailable="50%"), SET, *pods(3, SET)], (3, 2, 1, 4)),
    "a share is rounded up": ([budget(minAvailable="51%"), SET, *pods(4, SET)], (4, 3, 1, 4)),
    "unavailable ones": ([budget(maxUnavailable=1), SET, *pods(4, SET)], (4, 3, 1, 4)),
    "a share of unavailable ones is rounded up": ([budget(maxUnavailable="30%"), SET, *pods(4, SET)], (4, 2, 2, 4)),
    "more than there are": ([budget(maxUnavailable=9), SET, *pods(4, SET)], (4, 0, 4, 4)),
    "the Deployment counts": ([budget(maxUnavailable=1), DEPLOYMENT, OF_DEPLOYMENT, *pods(3, OF_DEPLOYMENT)], (3, 9, 0, 10)),
    "no pods, nothing to spare": ([budget(minAvailable=0)], (0, 0, 0, 0)),
    "no selector, no pods": ([budget(minAvailable=0, selector=None), *pods(3)], (0, 0, 0, 0)),
    "an empty selector takes all": ([budget(minAvailable=0, selector={}), *pods(3)], (3, 0, 3, 3)),
    "neither bound": ([budget(), *pods(3)], (3, 0, 0, 0)),
}


@pytest.mark.parametrize("name", CASES)
def test_pods_are_counted(name: str) -> None:
    objects, wanted = CASES[name]
    assert counts(*objects) == wanted


@pytest.mark.parametrize(("least", "state", "reason"), [(1, "True", "SufficientPods"), (2, "False", "InsufficientPods")])
def test_the_condition_tells_whether_one_may_go(least: int, state: str, reason: str) -> None:
    status = made(budget(minAvailable=least), *pods(2)).writes[0].obj["status"]
    assert status["observedGeneration"] == 2
    assert [(one["type"], one["status"], one["reason"], one["message"], one["observedGeneration"]) for one in status["conditions"]] == [
        ("DisruptionAllowed", state, reason, "", 2)
    ]


def test_what_is_known_is_neither_written_nor_told_again() -> None:
    view = views.view_of(budget(maxUnavailable=1), *pods(1))
    view.apply(poddisruptionbudgets.reconcile(view, ("demo", "b")))
    again = poddisruptionbudgets.reconcile(view, ("demo", "b"))
    assert (again.writes, again.events) == ([], [])


def test_an_evicted_pod_does_not_count_while_it_may_still_go() -> None:
    evicted = {"disruptedPods": {"p0": times.stamp(views.NOW - 20), "gone": times.stamp(views.NOW)}}
    found = made(budget(evicted, minAvailable=1), *pods(3))
    status = found.writes[0].obj["status"]
    assert (status["currentHealthy"], status["disruptedPods"], found.again_after) == (2, {"p0": times.stamp(views.NOW - 20)}, 100)


def test_a_pod_that_stays_after_all_is_told_of_and_counts() -> None:
    found = made(budget({"disruptedPods": {"p0": times.stamp(views.NOW - 121)}}, minAvailable=1), *pods(1))
    status = found.writes[0].obj["status"]
    assert (status["currentHealthy"], "disruptedPods" in status, found.again_after) == (1, False, None)
    assert views.lines(found) == [("Warning", "NotDeleted", "Pod was expected by PDB demo/demo to be deleted but it wasn't")]


def test_no_pods_are_told_of() -> None:
    assert views.lines(made(budget(minAvailable=1))) == [("Normal", "NoPods", "No matching pods found")]


def test_pods_without_owner_are_told_of() -> None:
    selector = {"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "x"]}]}
    found = views.lines(made(budget(selector=selector, maxUnavailable=1), *pods(1)))
    shown = (
        "&LabelSelector{MatchLabels:map[string]string{app: web,},"
        "MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:app,Operator:In,Values:[web x],},},}"
    )
    assert [(type, reason) for type, reason, _ in found] == [("Warning", "UnmanagedPods")]
    assert found[0][2].startswith(
        f"Pods selected by this PodDisruptionBudget (selector: {shown}) were found to be unmanaged. As a result, "
    )


JOB = {"apiVersion": "batch/v1", "kind": "Job", "metadata": things.metadata("j")}
UNSERVED = {"apiVersion": "x.io/v1", "kind": "Cake", "metadata": things.metadata("c")}


@pytest.mark.parametrize(
    ("owner", "there", "why"),
    [
        (JOB, [JOB], "jobs.batch does not implement the scale subresource"),
        (UNSERVED, [], 'no matches for kind "Cake" in version "x.io/v1"'),
        (SET, [], 'found no controllers for pod "p0"'),
        (OF_DEPLOYMENT, [OF_DEPLOYMENT], 'found no controllers for pod "p0"'),
    ],
)
def test_owners_that_cannot_be_counted_allow_nothing(owner: Object, there: list[Object], why: str) -> None:
    known = {"currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 1, "expectedPods": 1, "observedGeneration": 1}
    found = made(budget(known, maxUnavailable=1), *there, *pods(1, owner))
    status = found.writes[0].obj["status"]
    assert (status["currentHealthy"], status["disruptionsAllowed"], status["observedGeneration"]) == (1, 0, 1)
    assert [(one["status"], one["reason"], one["message"]) for one in status["conditions"]] == [("False", "SyncFailed", why)]
    assert views.lines(found) == [("Warning", "CalculateExpectedPodCountFailed", f"Failed to calculate the number of expected pods: {why}")]


def test_a_pod_wakes_the_budgets_that_select_it() -> None:
    view = views.view_of(budget(minAvailable=1))
    assert list(wakes.budgets_of_pod(view, things.pod("a"))) == [("demo", "b")]
    assert list(wakes.budgets_of_pod(view, things.pod("a", labels={"app": "other"}))) == []


def test_owners_are_told_by_uid() -> None:
    other = {**SET, "metadata": {**SET["metadata"], "uid": "another"}}
    assert owners.reference(other)["uid"] != owners.reference(SET)["uid"]
    assert made(budget(maxUnavailable=1), other, *pods(1, SET)).writes[0].obj["status"]["conditions"][0]["reason"] == "SyncFailed"
