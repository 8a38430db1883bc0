"""What pkctl will not do is said when it is asked for, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
HONOUR = "pkctl does not honour {}runtimeClassName: containers run in the node's own runtime"


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        made.client.create(made.row("runtimeclasses"), "", {"metadata": {"name": "kata"}, "handler": "kata"}, options.Options())
        made.warnings.clear()
        yield made


def spec(**more: Any) -> Object:
    return {"containers": [{"name": "c", "image": "i"}], **more}


def deployment(**more: Any) -> Object:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": spec(**more)}
    return {"metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": labels}, "template": template}}


def create(cluster: clusters.Cluster, word: str, obj: Object) -> Object:
    return cluster.client.create(cluster.row(word), "default", obj, options.Options())


def test_a_field_of_a_pod_without_effect_is_named(cluster: clusters.Cluster) -> None:
    create(cluster, "pods", {"metadata": {"name": "x"}, "spec": spec(runtimeClassName="kata")})
    assert cluster.warnings == [HONOUR.format("spec.")]


def test_a_field_of_a_template_is_named_where_it_stands(cluster: clusters.Cluster) -> None:
    create(cluster, "deployments", deployment(runtimeClassName="kata"))
    assert cluster.warnings == [HONOUR.format("spec.template.spec.")]


def test_an_update_does_not_repeat_it(cluster: clusters.Cluster) -> None:
    create(cluster, "deployments", deployment(runtimeClassName="kata"))
    cluster.warnings.clear()
    cluster.client.patch(cluster.row("deployments"), "default", "web", "merge", {"spec": {"replicas": 2}}, options.Options())
    assert cluster.warnings == []


def test_an_update_that_brings_such_a_field_names_it(cluster: clusters.Cluster) -> None:
    create(cluster, "deployments", deployment())
    change = {"spec": {"template": {"spec": {"hostUsers": False}}}}
    cluster.client.patch(cluster.row("deployments"), "default", "web", "merge", change, options.Options())
    assert cluster.warnings == ["pkctl does not honour spec.template.spec.hostUsers: containers share the node's users"]


def test_a_kind_of_partial_effect_is_named(cluster: clusters.Cluster) -> None:
    create(cluster, "services", {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}})
    assert cluster.warnings[0].startswith("pkctl acts on Service only in part: ")


def test_an_honoured_pod_is_not_warned_about(cluster: clusters.Cluster) -> None:
    create(cluster, "pods", {"metadata": {"name": "x"}, "spec": spec()})
    assert cluster.warnings == []


def test_a_hollow_cluster_promises_nothing() -> None:
    with clusters.cluster(hollow=True) as made:
        create(made, "pods", {"metadata": {"name": "x"}, "spec": spec(hostUsers=False)})
        create(made, "services", {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}})
        assert made.warnings == []


def test_reading_a_deprecated_kind_says_so(cluster: clusters.Cluster) -> None:
    cluster.client.list(cluster.row("endpoints"), "default")
    assert cluster.warnings == ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"]


def test_a_fresh_cluster_warns_of_nothing_of_its_own(cluster: clusters.Cluster) -> None:
    assert cluster.warnings == []
