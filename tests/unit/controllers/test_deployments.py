from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pkctl.controllers import deploymentmath as sums
from pkctl.controllers import deployments, replicasets
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

KEY = ("demo", "web")


def step(view: views.MemoryView) -> None:
    """Every controller once; each pod is then ready, each deleted one gone."""
    view.apply(deployments.reconcile(view, KEY))
    for one in view.list("replicasets.apps"):
        view.apply(replicasets.reconcile(view, meta.key(one)))


def make_ready(view: views.MemoryView) -> None:
    for pod in view.list("pods"):
        if meta.at(pod, "status", "phase") != "Running":
            ready = {"type": "Ready", "status": "True", "lastTransitionTime": times.stamp(view.now)}
            view.put({**pod, "spec": {**pod["spec"], "nodeName": "n"}, "status": {"phase": "Running", "conditions": [ready]}})


def rolled_out(view: views.MemoryView, *, each: Callable[[], None] = lambda: None, steps: int = 60) -> views.MemoryView:
    for _ in range(steps):
        step(view)
        make_ready(view)
        each()
    return view


def change(view: views.MemoryView, image: str = "", **spec: Any) -> None:
    old = view.get("deployments.apps", *KEY)
    assert old is not None
    new = meta.clone(old)
    new["metadata"]["generation"] += 1
    new["spec"] |= spec
    if image:
        new["spec"]["template"]["spec"]["containers"][0]["image"] = image
    view.put(new)


def current(view: views.MemoryView) -> dict[str, Any]:
    found = view.get("deployments.apps", *KEY)
    assert found is not None
    return found


def sizes(view: views.MemoryView) -> dict[str, int]:
    """Replicas by image."""
    return {one["spec"]["template"]["spec"]["containers"][0]["image"]: one["spec"]["replicas"] for one in view.list("replicasets.apps")}


def test_a_new_deployment_makes_its_first_set_with_all_replicas() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(3)), KEY)
    made = plan.writes[0].obj
    code = made["metadata"]["labels"][sums.HASH]
    assert made["metadata"]["name"] == f"web-{code}"
    assert made["spec"]["replicas"] == 3
    assert made["spec"]["selector"]["matchLabels"] == {"app": "web", sums.HASH: code}


def test_the_first_set_and_the_deployment_are_revision_one() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(4)), KEY)
    annotations = plan.writes[0].obj["metadata"]["annotations"]
    assert annotations == {sums.REVISION: "1", sums.DESIRED: "4", sums.MOST: "5"}
    assert plan.writes[1].obj["metadata"]["annotations"] == {sums.REVISION: "1"}


def test_scaling_is_told_in_kubernetes_words() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(2)), KEY)
    name = meta.name(plan.writes[0].obj)
    assert views.lines(plan) == [("Normal", "ScalingReplicaSet", f"Scaled up replica set {name} from 0 to 2")]


def test_a_deployment_of_none_makes_an_empty_set_and_says_nothing() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(0)), KEY)
    assert plan.writes[0].obj["spec"]["replicas"] == 0
    assert plan.events == []


def test_a_finished_rollout_has_the_real_conditions() -> None:
    view = rolled_out(views.view_of(things.deployment(2)))
    (name,) = (meta.name(one) for one in view.list("replicasets.apps"))
    status = current(view)["status"]
    assert [(one["type"], one["status"], one["reason"], one["message"]) for one in status["conditions"]] == [
        ("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."),
        ("Progressing", "True", "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.'),
    ]


def test_a_finished_rollout_has_the_real_counts() -> None:
    status = current(rolled_out(views.view_of(things.deployment(2))))["status"]
    assert {name: value for name, value in status.items() if name != "conditions"} == {
        "observedGeneration": 1,
        "replicas": 2,
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "terminatingReplicas": 0,
    }


def test_a_settled_deployment_asks_for_nothing() -> None:
    view = rolled_out(views.view_of(things.deployment(2)))
    plan = deployments.reconcile(view, KEY)
    assert (plan.writes, plan.events, plan.again_after) == ([], [], None)


def test_an_update_ends_with_all_replicas_new_and_the_old_set_kept_empty() -> None:
    view = rolled_out(views.view_of(things.deployment(4)))
    change(view, "web:2")
    rolled_out(view)
    assert sizes(view) == {"web:1": 0, "web:2": 4}


@pytest.mark.parametrize(
    ("surge", "missing", "most", "least"), [("25%", "25%", 13, 8), (0, 3, 10, 7), (2, 0, 12, 10), ("100%", "0%", 20, 10)]
)
def test_a_rolling_update_keeps_within_its_bounds(surge: Any, missing: Any, most: int, least: int) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": missing}}
    view = rolled_out(views.view_of(things.deployment(10, strategy=strategy)))
    change(view, "web:2")
    seen: list[tuple[int, int]] = []

    def count() -> None:
        pods = view.list("pods")
        seen.append((len(pods), sum(1 for pod in pods if meta.is_true(pod, "Ready"))))

    rolled_out(view, each=count)
    assert max(total for total, _ in seen) <= most
    assert min(ready for _, ready in seen) >= least
    assert sizes(view) == {"web:1": 0, "web:2": 10}


def test_a_stuck_update_keeps_the_old_pods_that_must_stay() -> None:
    view = rolled_out(views.view_of(things.deployment(4)))
    change(view, "web:broken")
    for _ in range(10):
        step(view)
    assert sizes(view) == {"web:1": 3, "web:broken": 2}


def test_going_back_to_an_old_template_takes_its_set_with_a_new_revision() -> None:
    view = rolled_out(views.view_of(things.deployment(2)))
    for image in ("web:2", "web:1"):
        change(view, image)
        rolled_out(view)
    first = next(one for one in view.list("replicasets.apps") if one["spec"]["replicas"])
    assert meta.annotations(first)[sums.REVISION] == "3"
    assert meta.annotations(first)[sums.HISTORY] == "1"
    assert meta.annotations(current(view))[sums.REVISION] == "3"


def test_recreate_starts_the_new_pods_only_when_the_old_are_gone() -> None:
    view = rolled_out(views.view_of(things.deployment(3, strategy={"type": "Recreate"})))
    change(view, "web:2")
    view.apply(deployments.reconcile(view, KEY))
    view.apply(deployments.reconcile(view, KEY))
    assert sizes(view) == {"web:1": 0}
    rolled_out(view)
    assert sizes(view) == {"web:1": 0, "web:2": 3}


def test_a_paused_deployment_scales_but_does_not_roll() -> None:
    view = rolled_out(views.view_of(things.deployment(2)))
    change(view, "web:2", paused=True, replicas=5)
    rolled_out(view)
    assert sizes(view) == {"web:1": 5}
    assert (meta.condition(current(view), "Progressing") or {})["reason"] == "DeploymentPaused"


def test_a_resumed_deployment_rolls_on() -> None:
    view = rolled_out(views.view_of(things.deployment(2)))
    change(view, "web:2", paused=True)
    rolled_out(view)
    change(view, paused=False)
    rolled_out(view)
    assert sizes(view) == {"web:1": 0, "web:2": 2}


def test_scaling_in_the_middle_of_an_update_is_shared_in_proportion() -> None:
    view = rolled_out(views.view_of(things.deployment(10)))
    change(view, "web:broken")
    for _ in range(10):
        step(view)
    assert sizes(view) == {"web:1": 8, "web:broken": 5}
    change(view, replicas=20)
    view.apply(deployments.reconcile(view, KEY))
    assert sizes(view) == {"web:1": 15, "web:broken": 10}


def test_a_rollout_that_stands_still_passes_its_deadline() -> None:
    view = views.view_of(things.deployment(1, progressDeadlineSeconds=60))
    for _ in range(3):
        step(view)
    plan = deployments.reconcile(view, KEY)
    assert plan.again_after == 61
    view.now += 61
    step(view)
    (name,) = (meta.name(one) for one in view.list("replicasets.apps"))
    condition = meta.condition(current(view), "Progressing") or {}
    assert (condition["status"], condition["reason"], condition["message"]) == (
        "False",
        "ProgressDeadlineExceeded",
        f'ReplicaSet "{name}" has timed out progressing.',
    )


def test_empty_sets_beyond_the_history_limit_are_deleted_oldest_first() -> None:
    view = rolled_out(views.view_of(things.deployment(1, revisionHistoryLimit=1)))
    for image in ("web:2", "web:3", "web:4"):
        change(view, image)
        rolled_out(view)
    assert sizes(view) == {"web:3": 0, "web:4": 1}


def test_a_foreign_set_of_the_same_name_makes_another_hash() -> None:
    name = meta.name(deployments.reconcile(views.view_of(things.deployment(1)), KEY).writes[0].obj)
    stranger = views.owned_by(things.deployment(1) | {"metadata": things.metadata("other")}, things.replicaset(0, name=name))
    view = views.view_of(things.deployment(1), stranger)
    view.apply(deployments.reconcile(view, KEY))
    assert current(view)["status"]["collisionCount"] == 1
    assert len(view.list("replicasets.apps")) == 2


def test_a_deployment_without_selector_is_refused_with_a_warning() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(1, selector={})), KEY)
    assert views.lines(plan) == [("Warning", "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.")]


@pytest.mark.parametrize(
    ("value", "whole", "up", "number"),
    [("25%", 10, True, 3), ("25%", 10, False, 2), ("25%", 1, True, 1), ("25%", 1, False, 0), (3, 10, True, 3), ("100%", 7, False, 7)],
)
def test_percentages_round_surge_up_and_unavailability_down(value: Any, whole: int, up: bool, number: int) -> None:
    assert sums.scaled(value, whole, up=up) == number


def test_noting_the_revision_is_no_new_generation() -> None:
    plan = deployments.reconcile(views.view_of(things.deployment(1)), KEY)
    noted = next(each for each in plan.writes if each.kind == "deployments.apps")
    assert (noted.verb, noted.options) == ("update", {"subresource": "status"})
