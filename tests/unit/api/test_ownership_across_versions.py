"""Who owns what when an object is written in one version of its kind and then in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.kinds import table
from tests import clusters

Object = dict[str, Any]
Options = options.Options
V1, V2 = "autoscaling/v1", "autoscaling/v2"
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"}
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def row(cluster: clusters.Cluster, api_version: str) -> table.Row:
    found = cluster.client.kinds().by_gvk(api_version, "HorizontalPodAutoscaler")
    assert found is not None
    return found


def apply(cluster: clusters.Cluster, manager: str, api_version: str, *, force: bool = False, **spec: Any) -> Object:
    wish = {"apiVersion": api_version, "kind": "HorizontalPodAutoscaler", "metadata": {"name": "x"}, "spec": spec}
    chosen = Options(field_manager=manager, force=force)
    return cluster.client.patch(row(cluster, api_version), "default", "x", "apply", wish, chosen)


def change(cluster: clusters.Cluster, manager: str, api_version: str, **spec: Any) -> Object:
    return cluster.client.patch(row(cluster, api_version), "default", "x", "merge", {"spec": spec}, Options(field_manager=manager))


def owned(obj: Object) -> dict[tuple[str, str], set[str]]:
    """Each manager's fields of the spec, by its name and version."""
    entries = obj["metadata"]["managedFields"]
    return {(each["manager"], each["apiVersion"]): set(each["fieldsV1"].get("f:spec") or ()) for each in entries}


def test_a_change_is_noted_in_the_version_it_was_written_in(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V2, scaleTargetRef=TARGET, maxReplicas=3)
    assert owned(change(cluster, "b", V1, targetCPUUtilizationPercentage=50))["b", V1] == {"f:targetCPUUtilizationPercentage"}


def test_a_new_object_is_noted_in_the_version_it_was_written_in(cluster: clusters.Cluster) -> None:
    spec = {"scaleTargetRef": TARGET, "maxReplicas": 3, "targetCPUUtilizationPercentage": 50}
    new = {"apiVersion": V1, "kind": "HorizontalPodAutoscaler", "metadata": {"name": "x"}, "spec": spec}
    made = cluster.client.create(row(cluster, V1), "default", new, Options(field_manager="a"))
    assert owned(made)["a", V1] == {"f:scaleTargetRef", "f:maxReplicas", "f:minReplicas", "f:targetCPUUtilizationPercentage"}


def test_a_field_called_otherwise_in_another_version_conflicts(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3, targetCPUUtilizationPercentage=50)
    with pytest.raises(errors.Conflict, match=r'conflict with "a": \.spec\.targetCPUUtilizationPercentage'):
        apply(cluster, "b", V2, metrics=[CPU])


def test_who_is_overruled_in_another_version_loses_the_field(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3, targetCPUUtilizationPercentage=50)
    found = owned(apply(cluster, "b", V2, force=True, metrics=[CPU]))
    assert found == {("a", V1): {"f:scaleTargetRef", "f:maxReplicas"}, ("b", V2): {"f:metrics"}}


def test_what_is_no_longer_stated_goes_whatever_it_is_called_now(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3, minReplicas=2, targetCPUUtilizationPercentage=50)
    left = apply(cluster, "a", V2, scaleTargetRef=TARGET, maxReplicas=3)
    assert (left["spec"]["minReplicas"], left["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"]) == (1, 80)


def test_what_another_states_in_its_own_version_stays(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3, targetCPUUtilizationPercentage=60)
    apply(cluster, "b", V2, metrics=[CPU])
    left = apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3)
    assert left["spec"]["targetCPUUtilizationPercentage"] == 60


def test_an_applier_that_changes_versions_keeps_one_entry(cluster: clusters.Cluster) -> None:
    apply(cluster, "a", V1, scaleTargetRef=TARGET, maxReplicas=3)
    assert list(owned(apply(cluster, "a", V2, scaleTargetRef=TARGET, maxReplicas=3))) == [("a", V2)]


def test_an_entry_of_a_version_that_is_not_served_goes(cluster: clusters.Cluster) -> None:
    made = apply(cluster, "a", V2, scaleTargetRef=TARGET, maxReplicas=3)
    stale = {"manager": "old", "operation": "Update", "apiVersion": "autoscaling/v2beta1", "fieldsType": "FieldsV1"}
    entries = [*made["metadata"]["managedFields"], {**stale, "fieldsV1": {"f:spec": {"f:metrics": {}}}}]
    new = {**made, "metadata": {**made["metadata"], "managedFields": entries, "labels": {"a": "b"}}}
    found = owned(cluster.client.update(row(cluster, V2), "default", "x", new, Options(field_manager="c")))
    assert ("old", "autoscaling/v2beta1") not in found
