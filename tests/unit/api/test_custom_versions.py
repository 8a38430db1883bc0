"""A custom object that is written and read in another version than the one it is stored in."""

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
OLD, NEW = "example.com/v1", "example.com/v2"


def _version(name: str, *, storage: bool, **fields: Object) -> Object:
    spec = {"type": "object", "properties": fields}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    return {"name": name, "served": True, "storage": storage, "schema": schema}


TEXT, SHARED = {"type": "string"}, {"both": {"type": "string"}}
DEFINITION: Object = {
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget"},
        "versions": [
            _version("v1", storage=False, **SHARED, old=TEXT, oldDefault={"type": "string", "default": "o"}),
            _version("v2", storage=True, **SHARED, new={"type": "string", "default": "n"}),
        ],
    },
}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        made.client.create(made.row("crd"), "", DEFINITION, Options())
        yield made


def row(cluster: clusters.Cluster, api_version: str) -> table.Row:
    found = cluster.client.kinds().by_gvk(api_version, "Widget")
    assert found is not None
    return found


def written(cluster: clusters.Cluster, api_version: str, **spec: Any) -> Object:
    return cluster.client.create(row(cluster, api_version), "default", {"metadata": {"name": "w"}, "spec": spec}, Options())


def read(cluster: clusters.Cluster, api_version: str) -> Object:
    return cluster.client.get(row(cluster, api_version), "default", "w")


def test_what_the_stored_version_lacks_is_lost(cluster: clusters.Cluster) -> None:
    assert written(cluster, OLD, both="x", old="y")["spec"] == {"both": "x"}


def test_what_it_lost_stays_lost_when_it_is_read(cluster: clusters.Cluster) -> None:
    written(cluster, OLD, both="x", old="y")
    assert read(cluster, OLD)["spec"] == {"both": "x"}


def test_what_is_read_has_the_stored_versions_defaults(cluster: clusters.Cluster) -> None:
    written(cluster, OLD, both="x")
    assert read(cluster, NEW)["spec"] == {"both": "x", "new": "n"}


def test_what_the_asked_version_lacks_is_not_shown(cluster: clusters.Cluster) -> None:
    written(cluster, NEW, both="x", new="y")
    assert (read(cluster, OLD)["apiVersion"], read(cluster, OLD)["spec"]) == (OLD, {"both": "x"})


def test_a_change_in_one_version_loses_what_only_the_other_has(cluster: clusters.Cluster) -> None:
    written(cluster, NEW, both="x", new="y")
    cluster.client.patch(row(cluster, OLD), "default", "w", "merge", {"spec": {"both": "z"}}, Options())
    assert read(cluster, NEW)["spec"] == {"both": "z", "new": "n"}


def test_a_dry_run_shows_the_loss(cluster: clusters.Cluster) -> None:
    new = {"metadata": {"name": "w"}, "spec": {"old": "y"}}
    assert cluster.client.create(row(cluster, OLD), "default", new, Options(dry_run=True))["spec"] == {}


HOOK = {"clientConfig": {"service": {"name": "s", "namespace": "n"}}, "conversionReviewVersions": ["v1"]}


@pytest.fixture
def hooked() -> Iterator[clusters.Cluster]:
    spec = {**DEFINITION["spec"], "conversion": {"strategy": "Webhook", "webhook": HOOK}}
    spec["versions"] = [{**each, "storage": not each["storage"]} for each in spec["versions"]]
    with clusters.cluster() as made:
        made.client.create(made.row("crd"), "", {**DEFINITION, "spec": spec}, Options())
        yield made


def test_a_conversion_webhook_is_warned_of(hooked: clusters.Cluster) -> None:
    (said,) = hooked.warnings
    assert said.startswith("pkctl calls no conversion webhooks")


def test_a_webhooks_kind_is_found_in_the_stored_version(hooked: clusters.Cluster) -> None:
    assert hooked.row("widgets").api_version == OLD


def test_a_webhooks_kind_works_in_the_stored_version(hooked: clusters.Cluster) -> None:
    written(hooked, OLD, both="x", old="y")
    assert read(hooked, OLD)["spec"] == {"both": "x", "old": "y", "oldDefault": "o"}


def test_other_versions_of_it_fail_by_name(hooked: clusters.Cluster) -> None:
    written(hooked, OLD, both="x")
    with pytest.raises(errors.InternalError, match=r"conversion webhook for example.com/v1, Kind=Widget failed: .*; use example.com/v1"):
        read(hooked, NEW)


def test_its_objects_go_with_a_webhooks_definition(hooked: clusters.Cluster) -> None:
    written(hooked, OLD, both="x")
    hooked.client.delete(hooked.row("crd"), "", "widgets.example.com", Options())
    assert hooked.client.kinds().find("widgets") is None
