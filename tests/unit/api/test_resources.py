"""What the verbs promise beyond what every kind's suite shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
Options, Query = options.Options, options.Query
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def _create(cluster: clusters.Cluster, word: str, name: str = "x", namespace: str = "default", **body: Any) -> Object:
    row = cluster.row(word)
    return cluster.client.create(row, namespace if row.namespaced else "", {"metadata": {"name": name}, **body}, Options())


def _deployment(cluster: clusters.Cluster) -> Object:
    return _create(cluster, "deploy", spec={"selector": {"matchLabels": {"a": "b"}}, "template": TEMPLATE})


def _pod(cluster: clusters.Cluster, name: str = "x", labels: Object | None = None, **spec: Any) -> Object:
    obj = {"metadata": {"name": name, "labels": labels or {}}, "spec": {"containers": [{"name": "c", "image": "i:1"}], **spec}}
    return cluster.client.create(cluster.row("pod"), "default", obj, Options())


def test_a_fresh_cluster_has_four_namespaces_a_service_and_a_class(cluster: clusters.Cluster) -> None:
    found = [[obj["metadata"]["name"] for obj in cluster.client.list(cluster.row(word), "")["items"]] for word in ("ns", "svc", "sc", "pc")]
    assert found == [
        ["default", "kube-node-lease", "kube-public", "kube-system"],
        ["kubernetes"],
        ["local-path"],
        ["system-cluster-critical", "system-node-critical"],
    ]


def test_a_cluster_has_settings_of_its_own(cluster: clusters.Cluster) -> None:
    with cluster.api.reading() as session:
        settings = cluster.api.settings(session)
    block = int(settings["podCIDR"].split(".")[1])
    assert 128 <= block <= 239


def test_a_hollow_cluster_has_no_default_class() -> None:
    with clusters.cluster(hollow=True) as made:
        assert made.client.list(made.row("sc"), "")["items"] == []


def test_a_generated_name_goes_on_with_five_characters(cluster: clusters.Cluster) -> None:
    created = cluster.client.create(cluster.row("cm"), "default", {"metadata": {"generateName": "x-"}}, Options())
    assert len(created["metadata"]["name"]) == 7


@pytest.mark.parametrize(
    ("metadata", "wanted"),
    [
        pytest.param({"name": "x", "namespace": "other"}, "does not match the namespace sent on the request", id="namespace"),
        pytest.param({"name": "x", "resourceVersion": "1"}, "resourceVersion should not be set on objects to be created", id="version"),
    ],
)
def test_metadata_that_contradicts_the_request_is_refused(cluster: clusters.Cluster, metadata: Object, wanted: str) -> None:
    with pytest.raises(errors.StatusError, match=wanted):
        cluster.client.create(cluster.row("cm"), "default", {"metadata": metadata}, Options())


def test_several_problems_are_told_at_once(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        _create(cluster, "svc", spec={"ports": [{"port": 1}, {"port": 2}]})
    assert str(refusal.value) == ('Service "x" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]')
    assert [cause["field"] for cause in refusal.value.details["causes"]] == ["spec.ports[0].name", "spec.ports[1].name"]


def test_generation_grows_with_the_spec_alone(cluster: clusters.Cluster) -> None:
    _deployment(cluster)
    row = cluster.row("deploy")
    patches = [({"metadata": {"labels": {"x": "y"}}}, ""), ({"spec": {"replicas": 3}}, ""), ({"status": {"replicas": 1}}, "status")]
    seen = [
        cluster.client.patch(row, "default", "x", "merge", patch, Options(subresource=sub))["metadata"]["generation"]
        for patch, sub in patches
    ]
    assert seen == [1, 2, 2]


def test_a_status_on_the_main_resource_is_dropped(cluster: clusters.Cluster) -> None:
    _deployment(cluster)
    patched = cluster.client.patch(cluster.row("deploy"), "default", "x", "merge", {"status": {"replicas": 9}}, Options())
    assert patched["status"] == {} or "replicas" not in patched["status"]


@pytest.mark.parametrize(
    ("form", "patch", "wanted"),
    [
        pytest.param(
            "strategic",
            {"spec": {"foo": 1}},
            ' "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"',
            id="unknown field",
        ),
        pytest.param("json", [{"op": "test", "path": "/spec/replicas", "value": 7}], "the server rejected our request", id="failed test"),
        pytest.param("merge", {"spec": {"replicas": -1}}, "must be greater than or equal to 0", id="bad value"),
    ],
)
def test_a_patch_that_can_not_be_applied_is_invalid(cluster: clusters.Cluster, form: str, patch: Any, wanted: str) -> None:
    _deployment(cluster)
    with pytest.raises(errors.Invalid) as refusal:
        cluster.client.patch(cluster.row("deploy"), "default", "x", form, patch, Options())
    assert wanted in str(refusal.value)


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        ({"metadata": {"labels": "x"}}, "cannot restore map from string"),
        ({"spec": {"template": {"spec": {"containers": "x"}}}}, "cannot restore slice from string"),
        ({"spec": "x"}, "cannot restore struct from: string"),
        ({"spec": {"strategy": ["x"]}}, "cannot restore struct from: slice"),
        ({"spec": {"replicas": "x"}}, "unrecognized type: int32"),
        ({"spec": {"replicas": 1.5}}, "cannot convert float64 to int32"),
        ({"spec": {"paused": 1}}, "unrecognized type: bool"),
        ({"spec": {"template": {"spec": {"restartPolicy": 1}}}}, "cannot convert int64 to v1.RestartPolicy"),
        ({"spec": {"template": {"spec": {"restartPolicy": {}}}}}, "unrecognized type: string"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_strategic_patch_of_a_wrong_type_is_told_in_the_converters_words(cluster: clusters.Cluster, patch: Any, wanted: str) -> None:
    _deployment(cluster)
    with pytest.raises(errors.Invalid) as refusal:
        cluster.client.patch(cluster.row("deploy"), "default", "x", "strategic", patch, Options())
    assert str(refusal.value).endswith(f": {wanted}")


def test_an_unscheduled_pod_goes_at_once(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    assert cluster.client.delete(cluster.row("pod"), "default", "x", Options())["status"] == "Success"


def test_a_running_pod_goes_when_its_node_says_so(cluster: clusters.Cluster) -> None:
    _pod(cluster, nodeName="one")
    row = cluster.row("pod")
    lingering = cluster.client.delete(row, "default", "x", Options())["metadata"]
    assert (lingering["deletionTimestamp"], lingering["deletionGracePeriodSeconds"]) == ("2026-01-01T00:00:30Z", 30)
    assert cluster.client.delete(row, "default", "x", Options(grace=0))["status"] == "Success"


def test_a_later_delete_may_only_shorten_the_grace(cluster: clusters.Cluster) -> None:
    _pod(cluster, nodeName="one")
    seen = [
        cluster.client.delete(cluster.row("pod"), "default", "x", Options(grace=grace))["metadata"]["deletionGracePeriodSeconds"]
        for grace in (20, 40, 10)
    ]
    assert seen == [20, 20, 10]


@pytest.mark.parametrize(("propagation", "finalizer"), [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")])
def test_propagation_is_left_to_the_collector_by_a_finalizer(cluster: clusters.Cluster, propagation: str, finalizer: str) -> None:
    _deployment(cluster)
    lingering = cluster.client.delete(cluster.row("deploy"), "default", "x", Options(propagation=propagation))
    assert lingering["metadata"]["finalizers"] == [finalizer]


def test_an_object_goes_with_its_last_finalizer(cluster: clusters.Cluster) -> None:
    row = cluster.row("cm")
    cluster.client.create(row, "default", {"metadata": {"name": "x", "finalizers": ["a.b/c"]}}, Options())
    cluster.client.delete(row, "default", "x", Options())
    cluster.client.patch(row, "default", "x", "merge", {"metadata": {"finalizers": None}}, Options())
    with pytest.raises(errors.NotFound):
        cluster.client.get(row, "default", "x")


def test_a_precondition_that_fails_conflicts(cluster: clusters.Cluster) -> None:
    _create(cluster, "cm")
    with pytest.raises(errors.Conflict, match="Precondition failed: UID in precondition: nobody"):
        cluster.client.delete(cluster.row("cm"), "default", "x", Options(preconditions={"uid": "nobody"}))


def test_version_0_stands_for_any(cluster: clusters.Cluster) -> None:
    anything: Object = {"metadata": {"name": "x", "resourceVersion": "0"}, "data": {"k": "v"}}
    cluster.client.create(cluster.row("cm"), "default", anything, Options())
    changed = cluster.client.update(cluster.row("cm"), "default", "x", {**anything, "data": {"k": "w"}}, Options())
    assert changed["data"] == {"k": "w"}


def test_version_0_is_none_where_one_must_be_said(cluster: clusters.Cluster) -> None:
    kept = _create(cluster, "lease")
    with pytest.raises(errors.Invalid, match="must be specified for an update"):
        cluster.client.update(cluster.row("lease"), "default", "x", {**kept, "metadata": {"name": "x", "resourceVersion": "0"}}, Options())


def test_a_namespace_waits_for_its_finalizer_and_takes_nothing_new(cluster: clusters.Cluster) -> None:
    _create(cluster, "ns", "demo")
    ended = cluster.client.delete(cluster.row("ns"), "", "demo", Options())
    assert ended["status"]["phase"] == "Terminating"
    with pytest.raises(errors.Forbidden) as refusal:
        _create(cluster, "cm", namespace="demo")
    assert str(refusal.value) == (
        'configmaps "x" is forbidden: unable to create new content in namespace demo because it is being terminated'
    )


def test_pages_hold_still_while_the_cluster_changes(cluster: clusters.Cluster) -> None:
    for name in "abcd":
        _create(cluster, "cm", name)
    row = cluster.row("cm")
    first = cluster.client.list(row, "default", Query(limit=2))
    cluster.client.delete(row, "default", "c", Options())
    rest = cluster.client.list(row, "default", Query(limit=2, continue_=first["metadata"]["continue"]))
    assert first["metadata"]["remainingItemCount"] == 2
    assert [obj["metadata"]["name"] for obj in rest["items"]] == ["c", "d"]
    assert rest["metadata"] == {"resourceVersion": first["metadata"]["resourceVersion"]}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param({"labels": "app=a"}, ["a1"], id="label"),
        pytest.param({"labels": "app!=a"}, ["b1"], id="not label"),
        pytest.param({"labels": "app in (a,b)", "fields": "metadata.name=b1"}, ["b1"], id="both"),
        pytest.param({"fields": "spec.nodeName=one"}, ["b1"], id="field"),
        pytest.param({"labels": "app=a", "limit": 1}, ["a1"], id="limited"),
    ],
)
def test_selectors_select(cluster: clusters.Cluster, query: Object, wanted: list[str]) -> None:
    _pod(cluster, "a1", {"app": "a"})
    _pod(cluster, "b1", {"app": "b"}, nodeName="one")
    found = cluster.client.list(cluster.row("pod"), "default", Query(**query))
    assert [obj["metadata"]["name"] for obj in found["items"]] == wanted


@pytest.mark.parametrize(
    ("word", "query", "wanted"),
    [
        pytest.param("pod", {"fields": "spec.foo=b"}, "field label not supported: spec.foo", id="pod field"),
        pytest.param(
            "cm",
            {"fields": "spec.foo=b"},
            '"spec.foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
            id="field",
        ),
        pytest.param("pod", {"labels": "a in b"}, "unable to parse requirement: found 'b' expected: '('", id="label"),
    ],
)
def test_a_selector_that_can_not_be_read_is_a_bad_request(cluster: clusters.Cluster, word: str, query: Object, wanted: str) -> None:
    with pytest.raises(errors.BadRequest) as refusal:
        cluster.client.list(cluster.row(word), "", Query(**query))
    assert str(refusal.value) == wanted


def test_what_leaves_a_selector_is_deleted_in_its_last_state(cluster: clusters.Cluster) -> None:
    row, query = cluster.row("pod"), {"labels": "app=a"}
    start = _pod(cluster, labels={"app": "a"})["metadata"]["resourceVersion"]
    changed = cluster.client.patch(row, "default", "x", "merge", {"metadata": {"labels": {"app": "b"}}}, Options())
    event = next(iter(cluster.client.watch(row, "default", Query(**query, revision=start), timeout=0)))
    assert (event["type"], event["object"]["metadata"]["labels"]) == ("DELETED", {"app": "a"})
    assert event["object"]["metadata"]["resourceVersion"] == changed["metadata"]["resourceVersion"]


def test_a_watch_from_a_forgotten_revision_ends_in_one_error(cluster: clusters.Cluster) -> None:
    row = cluster.row("cm")
    for value in "123":
        _create(cluster, "cm", f"m{value}")
    cluster.store.compact(cluster.store.rev())
    events = list(cluster.client.watch(row, "default", Query(revision="1"), timeout=0))
    assert [(event["type"], event["object"]["code"], event["object"]["reason"]) for event in events] == [("ERROR", 410, "Expired")]


def test_a_list_at_a_revision_to_come_times_out(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Timeout, match="Too large resource version"):
        cluster.client.list(cluster.row("cm"), "", Query(revision="999999"))


def test_a_pod_is_bound_once(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    row, binding = cluster.row("pod"), {"metadata": {"name": "x"}, "target": {"kind": "Node", "name": "one"}}
    cluster.client.create(row, "default", binding, Options(subresource="binding"))
    assert cluster.client.get(row, "default", "x")["spec"]["nodeName"] == "one"
    with pytest.raises(errors.Conflict, match='pod x is already assigned to node "one"'):
        cluster.client.create(row, "default", binding, Options(subresource="binding"))


def test_an_eviction_keeps_to_the_budget(cluster: clusters.Cluster) -> None:
    pods, budgets = cluster.row("pod"), cluster.row("pdb")
    pod = _pod(cluster, labels={"a": "b"}, nodeName="one")
    cluster.client.update(pods, "default", "x", {**pod, "status": {"phase": "Running"}}, Options(subresource="status"))
    budget = _create(cluster, "pdb", spec={"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}})
    status = {"disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1, "observedGeneration": 1}
    cluster.client.update(budgets, "default", "x", {**budget, "status": status}, Options(subresource="status"))
    ready = [{"type": "Ready", "status": "True"}]
    current = cluster.client.get(pods, "default", "x")
    cluster.client.update(
        pods, "default", "x", {**current, "status": {"phase": "Running", "conditions": ready}}, Options(subresource="status")
    )
    with pytest.raises(errors.TooManyRequests, match="Cannot evict pod as it would violate the pod's disruption budget"):
        cluster.client.create(pods, "default", {"metadata": {"name": "x"}}, Options(subresource="eviction"))


def _said(cluster: clusters.Cluster, state: Object, validation: str) -> Object:
    """The pod x after somebody has said how its container is."""
    row = cluster.row("pod")
    pod = cluster.client.get(row, "default", "x")
    seen = {"name": "c", "image": "i:1", "imageID": "", "ready": False, "restartCount": 0, "state": state}
    changed = {**pod, "status": {**pod["status"], "containerStatuses": [seen]}}
    return cluster.client.update(row, "default", "x", changed, Options(subresource="status", validation=validation))


def test_nobody_may_say_that_an_ended_container_of_such_a_pod_runs(cluster: clusters.Cluster) -> None:
    _pod(cluster, restartPolicy="Never")
    _said(cluster, {"terminated": {"exitCode": 0}}, "Strict")
    with pytest.raises(errors.Invalid, match="may not be transitioned to non-terminated state"):
        _said(cluster, {"running": {}}, "Strict")


def test_what_a_node_has_seen_is_so(cluster: clusters.Cluster) -> None:
    _pod(cluster, restartPolicy="Never")
    _said(cluster, {"terminated": {"exitCode": 0}}, options.TRUSTED)
    assert _said(cluster, {"running": {}}, options.TRUSTED)["status"]["containerStatuses"][0]["state"] == {"running": {}}
