"""What quotas and limit ranges refuse, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api.options import Options
from tests import clusters

Object = dict[str, Any]


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def create(cluster: clusters.Cluster, word: str, name: str, spec: Object) -> Object:
    return cluster.client.create(cluster.row(word), "default", {"metadata": {"name": name}, "spec": spec}, Options())


def container(name: str = "c", **resources: Any) -> Object:
    return {"name": name, "image": "i", "resources": resources}


def pod(cluster: clusters.Cluster, name: str, *containers: Object, **more: Any) -> Object:
    return create(cluster, "pods", name, {"containers": list(containers) or [container()], **more})


def ranged(cluster: clusters.Cluster, name: str, type: str, **bounds: Any) -> None:
    create(cluster, "limitranges", name, {"limits": [{"type": type, **bounds}]})


def test_what_every_container_lacks_is_named_by_resource(cluster: clusters.Cluster) -> None:
    create(cluster, "resourcequotas", "q", {"hard": {"cpu": "1", "limits.memory": "1Gi", "requests.ephemeral-storage": "1Gi"}})
    with pytest.raises(errors.Forbidden) as caught:
        pod(cluster, "x", container("b", requests={"cpu": "1"}), container("a"), initContainers=[container("i")])
    assert str(caught.value) == 'pods "x" is forbidden: failed quota: q: must specify cpu for: a,i; limits.memory for: a,b,i'


def test_a_pod_that_says_it_as_a_whole_lacks_nothing(cluster: clusters.Cluster) -> None:
    create(cluster, "resourcequotas", "q", {"hard": {"cpu": "1"}})
    assert pod(cluster, "x", resources={"requests": {"cpu": "500m"}})
    with pytest.raises(errors.Forbidden, match="exceeded quota: q, requested: cpu=600m, used: cpu=500m, limited: cpu=1"):
        pod(cluster, "y", resources={"requests": {"cpu": "600m"}})


def test_a_pod_from_before_the_quota_may_change(cluster: clusters.Cluster) -> None:
    made = pod(cluster, "x")
    create(cluster, "resourcequotas", "q", {"hard": {"cpu": "1"}})
    made["metadata"]["labels"] = {"a": "b"}
    assert cluster.client.update(cluster.row("pods"), "default", "x", made, Options())


def test_a_pod_that_gets_a_deadline_is_judged(cluster: clusters.Cluster) -> None:
    made = pod(cluster, "x")
    create(cluster, "resourcequotas", "q", {"hard": {"cpu": "1"}})
    made["spec"]["activeDeadlineSeconds"] = 5
    with pytest.raises(errors.Forbidden, match="failed quota: q: must specify cpu for: c"):
        cluster.client.update(cluster.row("pods"), "default", "x", made, Options())


def test_all_that_is_exceeded_is_told(cluster: clusters.Cluster) -> None:
    create(cluster, "resourcequotas", "q", {"hard": {"pods": "0", "requests.cpu": "1", "limits.cpu": "9"}})
    with pytest.raises(
        errors.Forbidden, match=r"exceeded quota: q, requested: pods=1,requests.cpu=2, used: pods=0,requests.cpu=0, limited: po"
    ):
        pod(cluster, "x", container(requests={"cpu": "2"}, limits={"cpu": "2"}))


def test_a_scope_of_pods_leaves_services_alone(cluster: clusters.Cluster) -> None:
    scopes = {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "Exists"}]}
    create(cluster, "resourcequotas", "q", {"hard": {"pods": "0"}, "scopeSelector": scopes})
    assert create(cluster, "services", "x", {"ports": [{"port": 80}]})


BOUNDS = {"min": {"cpu": "100m"}, "max": {"cpu": "2"}}


def test_containers_come_before_init_containers_and_nothing_is_said_twice(cluster: clusters.Cluster) -> None:
    ranged(cluster, "l", "Container", **BOUNDS)
    low, high = {"requests": {"cpu": "50m"}, "limits": {"cpu": "1"}}, {"requests": {"cpu": "1"}, "limits": {"cpu": "3"}}
    with pytest.raises(errors.Forbidden) as caught:
        pod(cluster, "x", container("a", **high), container("b", **high), initContainers=[container("i", **low)])
    least, most = "minimum cpu usage per Container is 100m, but request is 50m", "maximum cpu usage per Container is 2, but limit is 3"
    assert str(caught.value) == f'pods "x" is forbidden: [{most}, {least}]'


def test_only_the_first_range_that_is_broken_is_told(cluster: clusters.Cluster) -> None:
    ranged(cluster, "a", "Container", max={"cpu": "2"})
    ranged(cluster, "b", "Container", max={"cpu": "1"})
    with pytest.raises(errors.Forbidden) as caught:
        pod(cluster, "x", container(requests={"cpu": "1"}, limits={"cpu": "3"}))
    assert str(caught.value) == 'pods "x" is forbidden: maximum cpu usage per Container is 2, but limit is 3'


@pytest.mark.parametrize(
    ("resources", "text"),
    [
        ({"requests": {"cpu": "1"}, "limits": {"cpu": "3"}}, "provided ratio is 3.000000"),
        ({"limits": {"cpu": "3"}, "requests": {"cpu": "0"}}, "no request is specified or request is 0"),
        ({"requests": {"cpu": "1"}}, "no limit is specified or limit is 0"),
        ({}, "no request is specified or request is 0"),
    ],
)
def test_limits_may_not_be_far_above_requests(cluster: clusters.Cluster, resources: Object, text: str) -> None:
    ranged(cluster, "l", "Pod", maxLimitRequestRatio={"cpu": "2"})
    with pytest.raises(errors.Forbidden) as caught:
        pod(cluster, "x", container(**resources))
    assert str(caught.value) == f'pods "x" is forbidden: cpu max limit to request ratio per Pod is 2, but {text}'


@pytest.mark.parametrize(
    ("storage", "text"),
    [
        ("1Gi", "minimum storage usage per PersistentVolumeClaim is 2Gi, but request is 1Gi"),
        ("5Gi", "maximum storage usage per PersistentVolumeClaim is 4Gi, but request is 5Gi"),
    ],
)
def test_claims_have_bounds(cluster: clusters.Cluster, storage: str, text: str) -> None:
    ranged(cluster, "l", "PersistentVolumeClaim", min={"storage": "2Gi"}, max={"storage": "4Gi"})
    with pytest.raises(errors.Forbidden) as caught:
        create(cluster, "pvc", "x", {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}})
    assert str(caught.value) == f'persistentvolumeclaims "x" is forbidden: {text}'
