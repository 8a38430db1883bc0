"""What a fresh cluster says of its API, of flow control and of Service addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.api import bootstrap_objects, rooms
from pkctl.kinds import decoding, table
from pkctl.objects import meta
from tests import clusters

Object = dict[str, Any]
CREATED = "2026-01-01T00:00:00Z"
OBJECTS = [
    *bootstrap_objects.flow_control("c", CREATED),
    *bootstrap_objects.api_services("c", CREATED),
    *bootstrap_objects.network("c", CREATED, "10.96.0.0/12", "10.96.0.1"),
]


def _row(obj: Object) -> table.Row:
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    assert row is not None
    return row


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


@pytest.mark.parametrize("obj", OBJECTS, ids=lambda obj: f"{obj['kind']}/{obj['metadata']['name']}")
def test_it_is_right_as_the_api_judges_it(obj: Object) -> None:
    row = _row(obj)
    decoded, _ = decoding.decode(row, meta.clone(obj), "Strict")
    rooms.default(row, decoded)
    assert ({**obj, **decoded}, [str(problem) for problem in rooms.problems(row, decoded, None)]) == (obj, [])


def test_every_level_that_a_schema_names_is_there() -> None:
    levels = {name for name, *_ in bootstrap_objects.SCHEMAS.values()}
    assert levels - {"exempt"} == set(bootstrap_objects.LEVELS)


def test_every_version_but_the_aggregators_own_has_its_service() -> None:
    served = {row.api_version.rpartition("/")[::2] for row in table.ROWS} - {("apiregistration.k8s.io", "v1")}
    assert {obj["metadata"]["name"] for obj in bootstrap_objects.api_services("c", CREATED)} == {f"{each[1]}.{each[0]}" for each in served}


def test_a_rule_about_namespaces_alone_has_no_cluster_scope(cluster: clusters.Cluster) -> None:
    rules = cluster.client.get(cluster.row("flowschemas"), "", "endpoint-controller")["spec"]["rules"]
    wanted = {"verbs": ["get", "create", "update"], "apiGroups": [""], "resources": ["endpoints"], "namespaces": ["*"]}
    assert rules[0]["resourceRules"] == [wanted]


def test_the_first_service_leads_nowhere_yet(cluster: clusters.Cluster) -> None:
    assert cluster.client.get(cluster.row("endpointslices"), "default", "kubernetes")["endpoints"] == []


def test_its_address_is_recorded(cluster: clusters.Cluster) -> None:
    parent = cluster.client.get(cluster.row("ipaddresses"), "", "10.96.0.1")["spec"]["parentRef"]
    assert parent == {"resource": "services", "namespace": "default", "name": "kubernetes"}


def test_a_hollow_cluster_has_them_too() -> None:
    with clusters.cluster(hollow=True) as made:
        assert made.client.get(made.row("servicecidrs"), "", "kubernetes")["spec"] == {"cidrs": ["10.96.0.0/12"]}
