"""What admission fills in, and what it refuses in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.api.admission import table
from tests import clusters

Object = dict[str, Any]
Options = options.Options


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def _pod(cluster: clusters.Cluster, name: str = "x", resources: Object | None = None, **spec: Any) -> Object:
    container = {"name": "c", "image": "i:1", **({"resources": resources} if resources else {})}
    obj = {"metadata": {"name": name}, "spec": {"containers": [container], **spec}}
    return cluster.client.create(cluster.row("pod"), "default", obj, Options())


def _create(cluster: clusters.Cluster, word: str, name: str, **body: Any) -> Object:
    row = cluster.row(word)
    return cluster.client.create(row, "default" if row.namespaced else "", {"metadata": {"name": name}, **body}, Options())


def _refusal(make: Any) -> str:
    with pytest.raises(errors.StatusError) as refusal:
        make()
    return str(refusal.value)


def test_every_step_names_a_function_that_exists() -> None:
    from importlib import import_module

    for step in table.STEPS:
        assert callable(getattr(import_module(f"pkctl.api.admission.{step.module}"), step.function))


def test_a_pod_gets_an_account_a_priority_and_tolerations(cluster: clusters.Cluster) -> None:
    spec = _pod(cluster)["spec"]
    assert (spec["serviceAccountName"], spec["priority"], spec["preemptionPolicy"]) == ("default", 0, "PreemptLowerPriority")
    assert [(each["key"], each["tolerationSeconds"]) for each in spec["tolerations"]] == [
        ("node.kubernetes.io/not-ready", 300),
        ("node.kubernetes.io/unreachable", 300),
    ]


def test_a_pod_of_a_system_class_has_its_priority(cluster: clusters.Cluster) -> None:
    assert _pod(cluster, priorityClassName="system-node-critical")["spec"]["priority"] == 2000001000


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("serviceAccountName", 'pods "x" is forbidden: error looking up service account default/nope: serviceaccount "nope" not found'),
        ("priorityClassName", 'pods "x" is forbidden: no PriorityClass with name nope was found'),
        ("runtimeClassName", 'pods "x" is forbidden: pod rejected: RuntimeClass "nope" not found'),
    ],
)
def test_a_pod_may_only_name_what_there_is(cluster: clusters.Cluster, field: str, wanted: str) -> None:
    assert _refusal(lambda: _pod(cluster, **{field: "nope"})) == wanted


def test_a_missing_namespace_is_not_found(cluster: clusters.Cluster) -> None:
    row = cluster.row("cm")
    make = lambda: cluster.client.create(row, "nope", {"metadata": {"name": "x"}}, Options())  # noqa: E731
    assert _refusal(make) == 'namespaces "nope" not found'


def test_a_service_gets_an_address_of_the_range(cluster: clusters.Cluster) -> None:
    spec = _create(cluster, "svc", "x", spec={"ports": [{"port": 80}]})["spec"]
    first, second, *_ = map(int, spec["clusterIP"].split("."))
    assert (first, 96 <= second <= 111, spec["clusterIPs"]) == (10, True, [spec["clusterIP"]])


def test_a_headless_service_has_no_address(cluster: clusters.Cluster) -> None:
    spec = _create(cluster, "svc", "x", spec={"clusterIP": "None", "selector": {"a": "b"}})["spec"]
    assert (spec["clusterIPs"], spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["None"], ["IPv4"], "SingleStack")


def test_a_service_keeps_its_address_when_only_the_single_one_is_left_out(cluster: clusters.Cluster) -> None:
    made = _create(cluster, "svc", "x", spec={"ports": [{"port": 80}]})
    spec = {name: value for name, value in made["spec"].items() if name != "clusterIP"}
    assert cluster.client.update(cluster.row("svc"), "default", "x", {**made, "spec": spec}, Options())["spec"] == made["spec"]


def test_a_node_port_is_given_kept_and_let_go(cluster: clusters.Cluster) -> None:
    row = cluster.row("svc")
    _create(cluster, "svc", "x", spec={"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]})
    clash = _refusal(lambda: _create(cluster, "svc", "y", spec={"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}))
    assert clash == 'Service "y" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated'
    cluster.client.delete(row, "default", "x", Options())
    assert _create(cluster, "svc", "y", spec={"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]})


HEALTH = "Internal error occurred: failed to allocate requested HealthCheck NodePort {}: provided port is "


@pytest.mark.parametrize(
    ("port", "why"),
    [(30081, "already allocated"), (80, "not in the valid range. The range of valid ports is 30000-32767")],
    ids=["taken", "out of range"],
)
def test_a_health_check_port_that_cant_be_had_is_an_internal_error(cluster: clusters.Cluster, port: int, why: str) -> None:
    _create(cluster, "svc", "x", spec={"type": "NodePort", "ports": [{"port": 80, "nodePort": 30081}]})
    spec = {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": port, "ports": [{"port": 80}]}
    assert _refusal(lambda: _create(cluster, "svc", "y", spec=spec)) == HEALTH.format(port) + why


def test_a_volume_without_a_name_is_refused_where_pods_get_tokens(cluster: clusters.Cluster) -> None:
    spec = {"containers": [{"name": "c", "image": "i"}], "volumes": [{"emptyDir": {}}]}
    refusal = _refusal(lambda: _create(cluster, "pods", "x", spec=spec))
    assert refusal == 'Pod "x" is invalid: spec.volumes[0].name: Required value'


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("10.96.0.1", "failed to allocate IP 10.96.0.1: provided IP is already allocated"),
        ("1.2.3.4", "failed to allocate IP 1.2.3.4: the provided network does not match the current range"),
    ],
)
def test_an_address_that_can_not_be_given_is_invalid(cluster: clusters.Cluster, address: str, wanted: str) -> None:
    refusal = _refusal(lambda: _create(cluster, "svc", "x", spec={"clusterIP": address, "ports": [{"port": 80}]}))
    assert refusal == f'Service "x" is invalid: spec.clusterIPs: Invalid value: ["{address}"]: {wanted}'


@pytest.mark.parametrize(
    ("manager", "is_free"), [("me", False), ("ipallocator.k8s.io", True)], ids=["by hand", "of a Service that is gone"]
)
def test_an_address_that_somebody_recorded_is_not_given_away(cluster: clusters.Cluster, manager: str, is_free: bool) -> None:
    parent = {"resource": "foos", "name": "a"}
    record = {"metadata": {"name": "10.96.7.7", "labels": {"ipaddress.kubernetes.io/managed-by": manager}}, "spec": {"parentRef": parent}}
    cluster.client.create(cluster.row("ipaddresses"), "", record, Options())

    def ask() -> Object:
        return _create(cluster, "svc", "x", spec={"clusterIP": "10.96.7.7", "ports": [{"port": 80}]})

    if is_free:
        assert ask()["spec"]["clusterIPs"] == ["10.96.7.7"]
    else:
        assert _refusal(ask).endswith("failed to allocate IP 10.96.7.7: provided IP is already allocated")


def test_a_claim_gets_the_default_class_and_is_protected(cluster: clusters.Cluster) -> None:
    claim = _create(cluster, "pvc", "x", spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}})
    assert (claim["spec"]["storageClassName"], claim["metadata"]["finalizers"]) == ("local-path", ["kubernetes.io/pvc-protection"])


def test_a_quota_is_never_exceeded(cluster: clusters.Cluster) -> None:
    _create(cluster, "quota", "q", spec={"hard": {"cpu": "2"}})
    _pod(cluster, "a", {"requests": {"cpu": "1"}})
    refusal = _refusal(lambda: _pod(cluster, "b", {"requests": {"cpu": "1500m"}}))
    assert refusal == 'pods "b" is forbidden: exceeded quota: q, requested: cpu=1500m, used: cpu=1, limited: cpu=2'


def test_a_quota_wants_to_know_what_it_counts(cluster: clusters.Cluster) -> None:
    _create(cluster, "quota", "q", spec={"hard": {"limits.memory": "1Gi", "pods": "5"}})
    assert _refusal(lambda: _pod(cluster)) == 'pods "x" is forbidden: failed quota: q: must specify limits.memory for: c'


def test_a_quota_counts_only_its_scope(cluster: clusters.Cluster) -> None:
    _create(cluster, "quota", "q", spec={"hard": {"pods": "0"}, "scopes": ["Terminating"]})
    _pod(cluster, "a")
    assert "exceeded quota: q, requested: pods=1" in _refusal(lambda: _pod(cluster, "b", activeDeadlineSeconds=5))


def test_limits_are_filled_in_and_kept(cluster: clusters.Cluster) -> None:
    _create(cluster, "limits", "l", spec={"limits": [{"type": "Container", "default": {"cpu": "1"}, "max": {"cpu": "2"}}]})
    assert _pod(cluster, "a")["spec"]["containers"][0]["resources"] == {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}
    refusal = _refusal(lambda: _pod(cluster, "b", {"limits": {"cpu": "3"}}))
    assert refusal == 'pods "b" is forbidden: maximum cpu usage per Container is 2, but limit is 3'


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public"])
def test_the_systems_own_namespaces_stay(cluster: clusters.Cluster, name: str) -> None:
    refusal = _refusal(lambda: cluster.client.delete(cluster.row("ns"), "", name, Options()))
    assert refusal == f'namespaces "{name}" is forbidden: this namespace may not be deleted'
