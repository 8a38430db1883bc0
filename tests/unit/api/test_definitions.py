"""Custom kinds: served from their definition on, gone with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import definitions, options
from pkctl.objects import jsonpath
from tests import clusters

Object = dict[str, Any]
Options, Query = options.Options, options.Query
NUMBER = {"type": "integer"}
SPEC = {"type": "object", "properties": {"size": NUMBER, "replicas": NUMBER}}
SCHEMA = {"type": "object", "properties": {"spec": SPEC, "status": {"type": "object", "properties": {"replicas": NUMBER}}}}
VERSION: Object = {
    "name": "v1",
    "served": True,
    "storage": True,
    "schema": {"openAPIV3Schema": SCHEMA},
    "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}},
    "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}],
    "selectableFields": [{"jsonPath": ".spec.size"}],
}
DEFINITION: Object = {
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"]},
        "versions": [VERSION, {**VERSION, "name": "v1beta1", "storage": False}],
    },
}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        made.client.create(made.row("crd"), "", DEFINITION, Options())
        yield made


def _widget(cluster: clusters.Cluster, **metadata: Any) -> Object:
    obj = {"metadata": {"name": "w", **metadata}, "spec": {"size": 3, "replicas": 2}}
    return cluster.client.create(cluster.row("wd"), "default", obj, Options())


def test_a_definition_is_established_as_it_is_written(cluster: clusters.Cluster) -> None:
    definition = cluster.client.get(cluster.row("crd"), "", "widgets.example.com")
    assert {each["type"]: each["status"] for each in definition["status"]["conditions"]} == {"NamesAccepted": "True", "Established": "True"}


def test_a_custom_kind_is_found_by_its_short_name(cluster: clusters.Cluster) -> None:
    assert cluster.row("wd").api_version == "example.com/v1"


def test_an_object_is_served_in_each_version(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    older = cluster.client.kinds().by_gvk("example.com/v1beta1", "Widget")
    assert older is not None
    assert cluster.client.get(older, "default", "w")["apiVersion"] == "example.com/v1beta1"


def test_its_table_has_the_printer_columns(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    assert cluster.client.table(cluster.row("wd"), "default")["rows"][0]["cells"] == ["w", 3]


def test_a_selectable_field_selects(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    found = cluster.client.list(cluster.row("wd"), "default", Query(fields="spec.size=3"))
    assert len(found["items"]) == 1


def test_it_scales_by_its_own_paths(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    cluster.client.update(cluster.row("wd"), "default", "w", {"spec": {"replicas": 5}}, Options(subresource="scale"))
    assert cluster.client.get(cluster.row("wd"), "default", "w")["spec"]["replicas"] == 5


def test_a_strategic_patch_of_it_is_refused(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    with pytest.raises(errors.UnsupportedMediaType, match="accepted media types include"):
        cluster.client.patch(cluster.row("wd"), "default", "w", "strategic", {}, Options())


def test_its_objects_go_with_the_definition(cluster: clusters.Cluster) -> None:
    _widget(cluster)
    cluster.client.delete(cluster.row("crd"), "", "widgets.example.com", Options())
    assert cluster.client.kinds().find("wd") is None
    assert cluster.store.count("widgets.example.com/") == 0


def test_a_definition_waits_for_an_object_that_lingers(cluster: clusters.Cluster) -> None:
    _widget(cluster, finalizers=["a.b/c"])
    row = cluster.row("wd")
    lingering = cluster.client.delete(cluster.row("crd"), "", "widgets.example.com", Options())
    assert lingering["metadata"]["deletionTimestamp"]
    cluster.client.patch(row, "default", "w", "merge", {"metadata": {"finalizers": None}}, Options())
    assert cluster.client.kinds().find("wd") is None


def _kinds(cluster: clusters.Cluster) -> Any:
    with cluster.api.reading() as session:
        return session.kinds()


def test_the_kinds_are_kept_while_no_definition_changes(cluster: clusters.Cluster) -> None:
    before = _kinds(cluster)
    _widget(cluster)
    assert _kinds(cluster) is before


def test_they_are_read_anew_when_one_has_changed(cluster: clusters.Cluster) -> None:
    before = _kinds(cluster)
    patch = [{"op": "add", "path": "/spec/names/shortNames/-", "value": "wg"}]
    cluster.client.patch(cluster.row("crd"), "", "widgets.example.com", "json", patch, Options())
    assert (before.find("wg"), _kinds(cluster).find("wg").kind) == (None, "Widget")


def _define_another(cluster: clusters.Cluster, *, fault: Exception | None = None) -> bool:
    """Whether a transaction serves what it defines; with a fault it is undone."""
    from pkctl.api import resources

    spec = {**DEFINITION["spec"], "names": {"plural": "gadgets", "kind": "Gadget"}}
    with cluster.api.writing() as session:
        resources.create(session, session.row(definitions.ID), "", {"metadata": {"name": "gadgets.example.com"}, "spec": spec}, Options())
        found = session.kinds().find("gadgets")
        if fault:
            raise fault
    return found is not None


def test_a_transaction_sees_its_own_definitions(cluster: clusters.Cluster) -> None:
    assert _define_another(cluster)


def test_what_a_transaction_defined_and_undid_is_not_kept(cluster: clusters.Cluster) -> None:
    with pytest.raises(ZeroDivisionError):
        _define_another(cluster, fault=ZeroDivisionError())
    _widget(cluster)
    assert _kinds(cluster).find("gadgets") is None


WITHOUT_CEL = """
import sys
from tests import clusters
from tests.unit.api import test_definitions as given
with clusters.cluster() as made:
    made.client.create(made.row("crd"), "", given.DEFINITION, given.Options())
    given._widget(made)
    made.client.table(made.row("wd"), "default")
sys.exit("cel_expr_python" in sys.modules)
"""


def test_a_kind_without_rules_loads_no_language() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_CEL], env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False)
    assert done.returncode == 0


def test_a_deprecated_version_is_warned_of_when_it_is_read(cluster: clusters.Cluster) -> None:
    definition = cluster.client.get(cluster.row("crd"), "", "widgets.example.com")
    definition["spec"]["versions"][1] |= {"deprecated": True, "deprecationWarning": "use v1"}
    cluster.client.update(cluster.row("crd"), "", "widgets.example.com", definition, Options())
    older = cluster.client.kinds().by_gvk("example.com/v1beta1", "Widget")
    assert older is not None
    cluster.client.list(older, "default", Query())
    assert cluster.warnings == ["use v1"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [("hello", "<invalid>"), ("", "<unknown>"), ("null", "<unknown>"), (5, None)],
    ids=["words", "empty", "null", "number"],
)
def test_a_date_column_stands_values_that_are_no_time(value: Any, cell: str | None) -> None:
    assert definitions._cell(jsonpath.parse("{.d}"), {"type": "date"}, {"d": value}, 0.0) == cell
