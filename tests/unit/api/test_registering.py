"""The APIServices of custom kinds come and go with what definitions serve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
Options = options.Options
FORM: Object = {"served": True, "storage": False, "schema": {"openAPIV3Schema": {"type": "object"}}}


def definition(plural: str, *versions: str, left: tuple[str, ...] = ()) -> Object:
    forms = [{**FORM, "name": each, "storage": each == versions[0], "served": each not in left} for each in versions]
    names = {"plural": plural, "kind": plural.title()}
    return {
        "metadata": {"name": f"{plural}.example.com"},
        "spec": {"group": "example.com", "scope": "Cluster", "names": names, "versions": forms},
    }


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        made.client.create(made.row("crd"), "", definition("cups", "v1", "v1beta1"), Options())
        yield made


def registered(cluster: clusters.Cluster) -> list[str]:
    found = cluster.client.list(cluster.row("apiservices"), "", options.Query())["items"]
    return [each["metadata"]["name"] for each in found if each["metadata"]["name"].endswith("example.com")]


def test_each_version_that_a_definition_serves_is_registered(cluster: clusters.Cluster) -> None:
    assert registered(cluster) == ["v1.example.com", "v1beta1.example.com"]


def test_it_is_available_from_the_start(cluster: clusters.Cluster) -> None:
    found = cluster.client.get(cluster.row("apiservices"), "", "v1.example.com")
    spec = {"group": "example.com", "groupPriorityMinimum": 1000, "version": "v1", "versionPriority": 100}
    assert (found["spec"], found["status"]["conditions"][0]["status"]) == (spec, "True")


def test_a_version_that_is_served_no_more_is_registered_no_more(cluster: clusters.Cluster) -> None:
    row = cluster.row("crd")
    found = cluster.client.get(row, "", "cups.example.com")
    changed = {**found, "spec": definition("cups", "v1", "v1beta1", left=("v1beta1",))["spec"]}
    cluster.client.update(row, "", "cups.example.com", changed, Options())
    assert registered(cluster) == ["v1.example.com"]


def test_a_version_stays_registered_as_long_as_some_definition_serves_it(cluster: clusters.Cluster) -> None:
    row = cluster.row("crd")
    cluster.client.create(row, "", definition("mugs", "v1"), Options())
    cluster.client.delete(row, "", "cups.example.com", Options())
    assert registered(cluster) == ["v1.example.com"]


def test_a_dry_run_registers_nothing(cluster: clusters.Cluster) -> None:
    cluster.client.create(cluster.row("crd"), "", definition("mugs", "v7"), Options(dry_run=True))
    assert "v7.example.com" not in registered(cluster)


def test_somebody_elses_service_is_left_alone(cluster: clusters.Cluster) -> None:
    row = cluster.row("apiservices")
    found = cluster.client.get(row, "", "v1.example.com")
    cluster.client.update(row, "", "v1.example.com", {**found, "metadata": {**found["metadata"], "labels": {}}}, Options())
    cluster.client.delete(cluster.row("crd"), "", "cups.example.com", Options())
    assert registered(cluster) == ["v1.example.com"]
