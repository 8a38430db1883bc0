"""Custom kinds through a client: from the definition to the last object's end."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
Options, Query = options.Options, options.Query
INT, STRING = {"type": "integer"}, {"type": "string"}
SPEC: Object = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {**INT, "minimum": 1},
        "colour": {**STRING, "default": "red"},
        "replicas": INT,
        "since": {**STRING, "format": "date-time"},
        "parts": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
            "items": {"type": "object", "required": ["name"], "properties": {"name": STRING, "count": INT}},
        },
    },
    "x-kubernetes-validations": [
        {"rule": "self.size < 100", "message": "too big"},
        {"rule": "self.colour == oldSelf.colour", "message": "colour is immutable", "fieldPath": ".colour"},
    ],
}
STATUS: Object = {"type": "object", "properties": {"replicas": INT, "selector": STRING, "phase": STRING}}
COLUMNS = [
    {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
    {"name": "Colour", "type": "string", "jsonPath": ".spec.colour", "priority": 1},
    {"name": "Since", "type": "date", "jsonPath": ".spec.since"},
    {"name": "Parts", "type": "string", "jsonPath": ".spec.parts"},
    {"name": "Odd", "type": "boolean", "jsonPath": ".spec.colour"},
]
SCALE = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}
V1: Object = {
    "name": "v1",
    "served": True,
    "storage": True,
    "subresources": {"status": {}, "scale": SCALE},
    "additionalPrinterColumns": COLUMNS,
    "selectableFields": [{"jsonPath": ".spec.colour"}],
    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC, "status": STATUS}}},
}
BETA_SPEC = {"type": "object", "properties": {"size": INT, "note": {**STRING, "default": "beta"}}}
V1BETA1: Object = {
    "name": "v1beta1",
    "served": True,
    "storage": False,
    "deprecated": True,
    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": BETA_SPEC}}},
}


def _definition(plural: str = "widgets", *, versions: Any = (V1, V1BETA1), **called: Any) -> Object:
    names = {"plural": plural, "kind": plural[:-1].title(), **called}
    return {
        "metadata": {"name": f"{plural}.m.io"},
        "spec": {"group": "m.io", "scope": "Namespaced", "names": names, "versions": deepcopy(list(versions))},
    }


@pytest.fixture
def bare() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


@pytest.fixture
def cluster(bare: clusters.Cluster) -> clusters.Cluster:
    _define(bare, _definition(shortNames=["wd"], categories=["all"]))
    return bare


def _define(cluster: clusters.Cluster, definition: Object) -> Object:
    return cluster.client.create(cluster.row("crd"), "", definition, Options())


def _create(cluster: clusters.Cluster, spec: Object, *, name: str = "w", version: str = "v1", **more: Any) -> Object:
    row = cluster.client.kinds().by_gvk(f"m.io/{version}", "Widget")
    assert row is not None
    return cluster.client.create(row, "default", {"metadata": {"name": name}, "spec": spec}, Options(**more))


def _get(cluster: clusters.Cluster, version: str = "v1", **more: Any) -> Object:
    row = cluster.client.kinds().by_gvk(f"m.io/{version}", "Widget")
    assert row is not None
    return cluster.client.get(row, "default", "w", **more)


def _merge(cluster: clusters.Cluster, patch: Object, **more: Any) -> Object:
    return cluster.client.patch(cluster.row("wd"), "default", "w", "merge", patch, Options(**more))


def _conditions(definition: Object) -> dict[str, tuple[str, str]]:
    return {each["type"]: (each["status"], each["reason"]) for each in definition["status"]["conditions"]}


# Definitions


def test_a_definition_is_served_at_once_under_all_its_names(cluster: clusters.Cluster) -> None:
    assert {cluster.row(word).id for word in ("widgets", "widget", "Widget", "wd", "widgets.m.io", "widgets.v1beta1.m.io")} == {
        "widgets.m.io"
    }


def test_it_joins_its_categories_at_once(cluster: clusters.Cluster) -> None:
    assert cluster.row("wd") in cluster.client.kinds().category("all")


def test_it_says_that_it_is_established(cluster: clusters.Cluster) -> None:
    found = cluster.client.get(cluster.row("crd"), "", "widgets.m.io")
    assert _conditions(found) == {"NamesAccepted": ("True", "NoConflicts"), "Established": ("True", "InitialNamesAccepted")}
    assert found["status"]["storedVersions"] == ["v1"]


def test_a_kind_that_another_has_is_not_served(cluster: clusters.Cluster) -> None:
    other = _define(cluster, _definition("gadgets", kind="Widget", listKind="GadgetList", singular="gadget"))
    assert _conditions(other) == {"NamesAccepted": ("False", "KindConflict"), "Established": ("False", "NotAccepted")}
    assert cluster.client.kinds().find("gadgets") is None


def test_names_that_another_gives_up_are_taken(cluster: clusters.Cluster) -> None:
    _define(cluster, _definition("gadgets", kind="Widget", listKind="GadgetList", singular="gadget"))
    cluster.client.delete(cluster.row("crd"), "", "widgets.m.io", Options())
    assert _conditions(cluster.client.get(cluster.row("crd"), "", "gadgets.m.io"))["Established"][0] == "True"
    assert cluster.row("gadgets").kind == "Widget"


def test_a_new_version_is_served_as_it_is_added(cluster: clusters.Cluster) -> None:
    patch = [{"op": "add", "path": "/spec/versions/-", "value": {**V1BETA1, "name": "v2", "deprecated": False}}]
    cluster.client.patch(cluster.row("crd"), "", "widgets.m.io", "json", patch, Options())
    assert cluster.row("wd").api_version == "m.io/v2"


def test_a_version_that_was_stored_may_not_be_left_out(cluster: clusters.Cluster) -> None:
    patch = [{"op": "replace", "path": "/spec/versions", "value": [{**V1BETA1, "storage": True}]}]
    with pytest.raises(errors.Invalid, match=r"status.storedVersions\[0\]: Invalid value: \"v1\": missing from spec.versions; v1 was prev"):
        cluster.client.patch(cluster.row("crd"), "", "widgets.m.io", "json", patch, Options())


REFUSED: dict[str, tuple[Object, str]] = {
    "another name": ({"metadata": {"name": "x"}}, 'metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group'),
    "a webhook nowhere": (
        {"conversion": {"strategy": "Webhook"}},
        "[spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook, "
        "spec.conversion.conversionReviewVersions: Required value]",
    ),
    "a webhook of another sort": (
        {"conversion": {"strategy": "Webhook", "webhook": {"clientConfig": {}, "conversionReviewVersions": ["v9"]}}},
        "[spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required, "
        'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1]',
    ),
    "a webhook without a conversion": (
        {"conversion": {"strategy": "None", "webhook": {"conversionReviewVersions": ["v1"]}}},
        "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
    ),
    "no schema": ({"versions": [{"name": "v1", "served": True, "storage": True}]},
                  "spec.versions[0].schema.openAPIV3Schema: Required value"),
    "no storage version": ({"versions": [V1BETA1]}, "must have exactly one version marked as storage version"),
    "the same version twice": ({"versions": [V1, {**V1, "storage": False}]}, "must contain unique version names"),
    "pruning switched off": ({"preserveUnknownFields": True}, "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set"),
    "a made up column": ({"versions": [{**V1, "additionalPrinterColumns": [{"name": "A", "type": "text", "jsonPath": "a"}]}]},
                         'type: Invalid value: "text": must be one of boolean,date,integer,number,string'),
    "replicas elsewhere": ({"versions": [{**V1, "subresources": {"scale": {**SCALE, "specReplicasPath": ".replicas"}}}]},
                           'scale.specReplicasPath: Invalid value: ".replicas": should be a json path under .spec'),
    "a field not there": ({"versions": [{**V1, "selectableFields": [{"jsonPath": ".spec.z"}]}]},
                                 'jsonPath: Invalid value: ".spec.z": is an invalid path: does not refer to a valid field'),
    "Kubernetes' own group": ({"metadata": {"name": "widgets.x.k8s.io"}, "group": "x.k8s.io"},
                              "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "text"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_definition_is_refused(bare: clusters.Cluster, change: Object, text: str) -> None:
    definition = _definition()
    definition["metadata"] = change.get("metadata") or definition["metadata"]
    definition["spec"] |= {name: each for name, each in change.items() if name != "metadata"}
    with pytest.raises(errors.Invalid) as caught:
        _define(bare, definition)
    assert text in caught.value.message


def test_a_made_up_format_of_texts_is_warned_of_once(bare: clusters.Cluster) -> None:
    odd, number = {**STRING, "format": "colour"}, {"type": "integer", "format": "uint32"}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"a": odd, "b": {"type": "array", "items": odd}, "c": number}}}
    _define(bare, _definition(versions=[{"name": "v1", "served": True, "storage": True, "schema": schema}]))
    assert [text for text in bare.warnings if "format" in text] == ['unrecognized format "colour"']


# Objects


def test_an_object_gets_its_schemas_defaults(cluster: clusters.Cluster) -> None:
    assert _create(cluster, {"size": 1})["spec"] == {"size": 1, "colour": "red"}


def test_an_unknown_field_is_refused(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.BadRequest) as caught:
        _create(cluster, {"size": 1, "flavour": "x"})
    assert caught.value.message == (
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.flavour"'
    )


def test_or_warned_of_and_dropped(cluster: clusters.Cluster) -> None:
    created = _create(cluster, {"size": 1, "flavour": "x"}, validation="Warn")
    assert ("flavour" in created["spec"], cluster.warnings) == (False, ['unknown field "spec.flavour"'])


INVALID: dict[str, tuple[Object, str]] = {
    "a type": ({"size": "x"}, 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'),
    "a bound": ({"size": 0}, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
    "a missing field": ({}, "spec.size: Required value"),
    "a rule": ({"size": 100}, 'spec: Invalid value: "object": too big'),
    "a key twice": ({"size": 1, "parts": [{"name": "a"}, {"name": "a"}]}, 'spec.parts[1]: Duplicate value: {"name":"a"}'),
    "replicas below zero": ({"size": 1, "replicas": -1}, "spec.replicas: Invalid value: -1: should be a non-negative integer"),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "text"), INVALID.values(), ids=INVALID)
def test_a_wrong_object_is_invalid(cluster: clusters.Cluster, spec: Object, text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        _create(cluster, spec)
    assert text in caught.value.message
    assert caught.value.message.startswith('Widget.m.io "w" is invalid: ')


def test_a_transition_rule_holds_on_update(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    with pytest.raises(errors.Invalid, match=r'spec.colour: Invalid value: "object": colour is immutable$'):
        _merge(cluster, {"spec": {"colour": "blue"}})


def test_a_null_takes_a_field_back_to_its_default(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    assert _merge(cluster, {"spec": {"colour": None}})["spec"]["colour"] == "red"


def test_a_default_that_comes_later_is_seen_on_reading(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/shape"
    patch = [{"op": "add", "path": path, "value": {**STRING, "default": "round"}}]
    cluster.client.patch(cluster.row("crd"), "", "widgets.m.io", "json", patch, Options())
    assert _get(cluster)["spec"]["shape"] == "round"


def test_a_strategic_patch_is_refused(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    with pytest.raises(errors.UnsupportedMediaType) as caught:
        cluster.client.patch(cluster.row("wd"), "default", "w", "strategic", {}, Options())
    assert caught.value.message == (
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
        "application/merge-patch+json, application/apply-patch+yaml"
    )


def test_server_side_apply_merges_a_list_by_its_keys(cluster: clusters.Cluster) -> None:
    for manager, part in (("one", "a"), ("two", "b")):
        wish = {"metadata": {"name": "w"}, "spec": {"size": 1, "parts": [{"name": part}]}}
        cluster.client.patch(cluster.row("wd"), "default", "w", "apply", wish, Options(field_manager=manager))
    assert _get(cluster)["spec"]["parts"] == [{"name": "a"}, {"name": "b"}]


def test_its_table_has_the_definitions_columns(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 3, "since": "2025-12-31T23:00:00Z", "parts": [{"name": "a"}]})
    table = cluster.client.table(cluster.row("wd"), "default")
    assert table["rows"][0]["cells"] == ["w", 3, "red", "60m", '[{"name":"a"}]', None]
    assert [(each["name"], each["priority"]) for each in table["columnDefinitions"]][1:3] == [("Size", 0), ("Colour", 1)]


def test_without_columns_the_table_has_its_age(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 3})
    row = cluster.client.kinds().by_gvk("m.io/v1beta1", "Widget")
    assert row is not None
    assert cluster.client.table(row, "default")["rows"][0]["cells"] == ["w", "0s"]


def test_a_selectable_field_selects(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1, "colour": "blue"}, name="b")
    _create(cluster, {"size": 1}, name="r")
    found = cluster.client.list(cluster.row("wd"), "default", Query(fields="spec.colour=blue"))
    assert [each["metadata"]["name"] for each in found["items"]] == ["b"]


def test_another_field_does_not(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.BadRequest, match=r"field label not supported: spec\.size"):
        cluster.client.list(cluster.row("wd"), "default", Query(fields="spec.size=1"))


def test_a_watch_sees_it_come_and_go(cluster: clusters.Cluster) -> None:
    row = cluster.row("wd")
    start = cluster.client.list(row, "default")["metadata"]["resourceVersion"]
    _create(cluster, {"size": 1})
    cluster.client.delete(row, "default", "w", Options())
    events = cluster.client.watch(row, "default", Query(revision=start), timeout=0.0)
    assert [event["type"] for event in events] == ["ADDED", "DELETED"]


# Subresources


def test_a_status_given_on_creation_is_dropped(cluster: clusters.Cluster) -> None:
    obj = {"metadata": {"name": "w"}, "spec": {"size": 1}, "status": {"phase": "Ready"}}
    assert "status" not in cluster.client.create(cluster.row("wd"), "default", obj, Options())


def test_the_status_is_its_own_subresource(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    changed = _merge(cluster, {"spec": {"size": 2}, "status": {"phase": "Ready"}}, subresource="status")
    assert (changed["spec"]["size"], changed["status"], changed["metadata"]["generation"]) == (1, {"phase": "Ready"}, 1)


def test_a_wrong_status_is_invalid(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    with pytest.raises(errors.Invalid, match=r"status\.phase in body must be of type string"):
        _merge(cluster, {"status": {"phase": 1}}, subresource="status")


def test_without_a_status_subresource_the_status_counts_as_desired(bare: clusters.Cluster) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"status": STATUS}}}
    _define(bare, _definition(shortNames=["wd"], versions=[{"name": "v1", "served": True, "storage": True, "schema": schema}]))
    bare.client.create(bare.row("wd"), "default", {"metadata": {"name": "w"}, "status": {"phase": "New"}}, Options())
    assert _merge(bare, {"status": {"phase": "Old"}})["metadata"]["generation"] == 2


def test_it_scales(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1, "replicas": 1})
    _merge(cluster, {"status": {"replicas": 1, "selector": "a=b"}}, subresource="status")
    scaled = cluster.client.update(cluster.row("wd"), "default", "w", {"spec": {"replicas": 4}}, Options(subresource="scale"))
    assert (scaled["spec"], scaled["status"]) == ({"replicas": 4}, {"replicas": 1, "selector": "a=b"})
    assert _get(cluster)["spec"]["replicas"] == 4


# Versions


def test_an_object_is_shown_in_the_version_asked_for_with_the_stored_ones_defaults(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    shown = _get(cluster, "v1beta1")
    assert (shown["apiVersion"], shown["spec"]) == ("m.io/v1beta1", {"size": 1})


def test_it_is_judged_in_the_version_it_is_written_in(cluster: clusters.Cluster) -> None:
    assert _create(cluster, {"size": 0}, version="v1beta1")["apiVersion"] == "m.io/v1beta1"


def test_it_is_stored_in_the_storage_version(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1}, version="v1beta1")
    entry = cluster.store.get("widgets.m.io/default/w")
    assert entry is not None
    assert '"apiVersion":"m.io/v1"' in entry.text


def test_a_deprecated_version_is_warned_of(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1}, version="v1beta1")
    assert cluster.warnings == ["m.io/v1beta1 Widget is deprecated"]


# The end


def test_its_objects_go_with_the_definition(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    cluster.client.delete(cluster.row("crd"), "", "widgets.m.io", Options())
    assert (cluster.client.kinds().find("wd"), cluster.store.count("widgets.m.io/")) == (None, 0)


def _hold(cluster: clusters.Cluster) -> Object:
    _create(cluster, {"size": 1})
    _merge(cluster, {"metadata": {"finalizers": ["a.b/c"]}})
    return cluster.client.delete(cluster.row("crd"), "", "widgets.m.io", Options())


def test_a_definition_waits_for_an_object_that_lingers(cluster: clusters.Cluster) -> None:
    held = _hold(cluster)
    assert held["metadata"]["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"]
    assert _conditions(held)["Terminating"] == ("True", "InstanceDeletionInProgress")


def test_nothing_is_created_meanwhile(cluster: clusters.Cluster) -> None:
    _hold(cluster)
    with pytest.raises(errors.MethodNotAllowed, match="create not allowed while custom resource definition is terminating"):
        _create(cluster, {"size": 1}, name="other")


def test_it_goes_when_the_last_object_is_let_go(cluster: clusters.Cluster) -> None:
    _hold(cluster)
    _merge(cluster, {"metadata": {"finalizers": None}})
    with pytest.raises(errors.NotFound):
        cluster.client.get(cluster.row("crd"), "", "widgets.m.io")


def test_the_same_definition_may_come_again(cluster: clusters.Cluster) -> None:
    _create(cluster, {"size": 1})
    cluster.client.delete(cluster.row("crd"), "", "widgets.m.io", Options())
    _define(cluster, _definition(shortNames=["wd"]))
    assert cluster.client.list(cluster.row("wd"), "")["items"] == []


def test_a_dry_run_of_a_definition_serves_nothing(bare: clusters.Cluster) -> None:
    bare.client.create(bare.row("crd"), "", _definition(), Options(dry_run=True))
    assert bare.client.kinds().find("widgets") is None


def test_an_undone_definition_leaves_no_trace_in_the_next(bare: clusters.Cluster) -> None:
    bare.client.create(bare.row("crd"), "", _definition(shortNames=["old"]), Options(dry_run=True))
    _define(bare, _definition(shortNames=["new"]))
    assert (bare.client.kinds().find("old"), bare.row("new").kind) == (None, "Widget")
