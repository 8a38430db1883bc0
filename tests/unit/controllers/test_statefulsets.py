from __future__ import annotations

from typing import Any

from pkctl.controllers import statefulsets
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

Object = dict[str, Any]
KEY = ("demo", "db")


def stateful(replicas: int = 3, image: str = "db:1", **spec: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": things.metadata("db"),
        "spec": {
            "replicas": replicas,
            "serviceName": "db",
            "selector": {"matchLabels": {"app": "db"}},
            "template": things.template(image, {"app": "db"}),
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            **spec,
        },
    }


def claim_template(**spec: Any) -> Object:
    return {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], **spec}}


def step(view: views.MemoryView, *, ready: bool = True) -> list[tuple[str, str, str]]:
    plan = statefulsets.reconcile(view, KEY)
    view.apply(plan)
    for pod in view.list("pods") if ready else []:
        if meta.at(pod, "status", "phase") != "Running":
            condition = {"type": "Ready", "status": "True", "lastTransitionTime": times.stamp(view.now)}
            view.put({**pod, "status": {"phase": "Running", "conditions": [condition]}})
    return [line for line in views.verbs(plan) if line[1] in ("pods", "persistentvolumeclaims")]


def settled(view: views.MemoryView, *, steps: int = 30) -> views.MemoryView:
    for _ in range(steps):
        step(view)
    return view


def change(view: views.MemoryView, image: str = "", **spec: Any) -> None:
    new = meta.clone(view.get("statefulsets.apps", *KEY))
    new["metadata"]["generation"] += 1
    new["spec"] |= spec
    if image:
        new["spec"]["template"]["spec"]["containers"][0]["image"] = image
    view.put(new)


def images(view: views.MemoryView) -> dict[str, str]:
    return {meta.name(pod): pod["spec"]["containers"][0]["image"] for pod in view.list("pods")}


def test_pods_are_made_one_after_another() -> None:
    view = views.view_of(stateful(3))
    assert [step(view) for _ in range(4)] == [[("create", "pods", f"db-{index}")] for index in range(3)] + [[]]


def test_the_next_pod_waits_until_the_one_before_is_ready() -> None:
    view = views.view_of(stateful(3))
    step(view, ready=False)
    assert step(view, ready=False) == []


def test_pods_in_parallel_are_made_at_once() -> None:
    view = views.view_of(stateful(3, podManagementPolicy="Parallel"))
    assert step(view) == [("create", "pods", f"db-{index}") for index in range(3)]


def test_ordinals_may_start_elsewhere() -> None:
    assert sorted(images(settled(views.view_of(stateful(2, ordinals={"start": 5}))))) == ["db-5", "db-6"]


def test_a_pod_has_its_identity() -> None:
    view = views.view_of(stateful(1))
    step(view)
    (pod,), (revision,) = view.list("pods"), view.list("controllerrevisions.apps")
    assert meta.labels(pod) == {
        "app": "db",
        "statefulset.kubernetes.io/pod-name": "db-0",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": meta.name(revision),
    }
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("db-0", "db")


def test_claims_are_made_before_their_pod_and_mounted() -> None:
    view = views.view_of(stateful(1, volumeClaimTemplates=[claim_template()]))
    assert step(view) == [("create", "persistentvolumeclaims", "data-db-0"), ("create", "pods", "db-0")]
    assert view.list("pods")[0]["spec"]["volumes"] == [{"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}}]


def test_what_is_made_is_told_in_kubernetes_words() -> None:
    plan = statefulsets.reconcile(views.view_of(stateful(1, volumeClaimTemplates=[claim_template()])), KEY)
    assert views.lines(plan) == [
        ("Normal", "SuccessfulCreate", "create Claim data-db-0 Pod db-0 in StatefulSet db success"),
        ("Normal", "SuccessfulCreate", "create Pod db-0 in StatefulSet db successful"),
    ]


def test_claims_outlive_their_pods() -> None:
    view = settled(views.view_of(stateful(2, volumeClaimTemplates=[claim_template()])))
    change(view, replicas=0)
    settled(view)
    assert (len(view.list("pods")), len(view.list("persistentvolumeclaims"))) == (0, 2)


def test_claims_that_are_not_kept_go_with_their_pod() -> None:
    policy = {"whenDeleted": "Retain", "whenScaled": "Delete"}
    spec = {"volumeClaimTemplates": [claim_template()], "persistentVolumeClaimRetentionPolicy": policy}
    view = settled(views.view_of(stateful(1, **spec)))
    change(view, replicas=0)
    step(view)
    assert view.list("persistentvolumeclaims")[0]["metadata"]["ownerReferences"][0]["kind"] == "Pod"


def test_scaling_down_removes_the_highest_first() -> None:
    view = settled(views.view_of(stateful(3)))
    change(view, replicas=1)
    assert [step(view), step(view)] == [[("delete", "pods", "db-2")], [("delete", "pods", "db-1")]]


def test_a_failed_pod_is_made_anew() -> None:
    view = settled(views.view_of(stateful(1)))
    view.put({**view.list("pods")[0], "status": {"phase": "Failed"}})
    plan = statefulsets.reconcile(view, KEY)
    assert views.lines(plan)[0] == ("Warning", "RecreatingFailedPod", "StatefulSet demo/db is recreating failed Pod db-0")


def test_an_update_replaces_the_highest_first_one_at_a_time() -> None:
    view = settled(views.view_of(stateful(2)))
    change(view, "db:2")
    assert [step(view) for _ in range(4)] == [
        [("delete", "pods", "db-1")],
        [("create", "pods", "db-1")],
        [("delete", "pods", "db-0")],
        [("create", "pods", "db-0")],
    ]


def test_a_partition_keeps_the_lower_pods_old() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    view = settled(views.view_of(stateful(3, updateStrategy=strategy)))
    change(view, "db:2")
    settled(view)
    assert images(view) == {"db-0": "db:1", "db-1": "db:1", "db-2": "db:2"}


def test_a_lost_pod_below_the_partition_comes_back_old() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    view = settled(views.view_of(stateful(2, updateStrategy=strategy)))
    change(view, "db:2")
    settled(view)
    view.drop("pods", "demo", "db-0")
    settled(view)
    assert images(view) == {"db-0": "db:1", "db-1": "db:2"}


def test_on_delete_waits_for_the_user() -> None:
    view = settled(views.view_of(stateful(2, updateStrategy={"type": "OnDelete"})))
    change(view, "db:2")
    settled(view)
    assert set(images(view).values()) == {"db:1"}
    view.drop("pods", "demo", "db-0")
    settled(view)
    assert images(view) == {"db-0": "db:2", "db-1": "db:1"}


def test_going_back_takes_up_the_old_revision() -> None:
    view = settled(views.view_of(stateful(1)))
    for image in ("db:2", "db:1"):
        change(view, image)
        settled(view)
    assert [one["revision"] for one in view.list("controllerrevisions.apps")].count(3) == 1
    assert len(view.list("controllerrevisions.apps")) == 2


def test_the_status_of_a_settled_set() -> None:
    view = settled(views.view_of(stateful(2)))
    (revision,) = view.list("controllerrevisions.apps")
    assert (view.get("statefulsets.apps", *KEY) or {})["status"] == {
        "observedGeneration": 1,
        "replicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "currentReplicas": 2,
        "updatedReplicas": 2,
        "currentRevision": meta.name(revision),
        "updateRevision": meta.name(revision),
        "collisionCount": 0,
    }


def test_a_settled_set_asks_for_nothing() -> None:
    plan = statefulsets.reconcile(settled(views.view_of(stateful(2))), KEY)
    assert (plan.writes, plan.events) == ([], [])
