"""OpenAPI documents: what they hold, and that they are whole."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.api import openapi
from pkctl.kinds import customrows, published, table

Object = dict[str, Any]
CUP: Object = {
    "metadata": {},
    "spec": {
        "group": "example.com",
        "names": {"kind": "Cup", "plural": "cups"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "size": {"type": "integer", "default": 3, "nullable": True},
                                    "default": {"type": "string", "oneOf": [{"minLength": 1}]},
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}
KINDS = table.BUILTIN.with_rows(customrows.rows(CUP))


def document(base: str) -> Object:
    found = openapi.document(KINDS, base)
    assert found is not None
    return found


def schema(base: str, name: str) -> Object:
    found: Object = document(base)["components"]["schemas"][name]
    return found


@pytest.mark.parametrize("base", openapi.index(KINDS)["paths"])
def test_what_a_v3_document_refers_to_is_in_it(base: str) -> None:
    found = document(base)
    assert set(published.references(found)) <= set(found["components"]["schemas"])


def test_what_the_v2_document_refers_to_is_in_it() -> None:
    found = openapi.swagger(KINDS)
    assert set(published.references(found)) <= set(found["definitions"])


def test_each_operation_has_a_name_of_its_own() -> None:
    places = openapi.swagger(KINDS)["paths"].values()
    names = [said["operationId"] for place in places for method, said in place.items() if method != "parameters"]
    assert len(names) == len(set(names))


def test_every_kind_that_is_served_has_a_path() -> None:
    paths = openapi.swagger(KINDS)["paths"]
    assert {row.plural for row in KINDS} <= {part for path in paths for part in path.split("/")}


NAMED = {
    ("api/v1", "/api/v1/pods", "get"): "listCoreV1PodForAllNamespaces",
    ("api/v1", "/api/v1/namespaces/{namespace}/pods", "delete"): "deleteCoreV1CollectionNamespacedPod",
    ("api/v1", "/api/v1/namespaces/{namespace}/pods/{name}/log", "get"): "readCoreV1NamespacedPodLog",
    ("api/v1", "/api/v1/namespaces/{name}", "put"): "replaceCoreV1Namespace",
    ("apis/apps/v1", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale", "patch"): "patchAppsV1NamespacedDeploymentScale",
    ("apis/rbac.authorization.k8s.io/v1", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "post"): (
        "createRbacAuthorizationV1ClusterRole"
    ),
    ("apis/example.com/v1", "/apis/example.com/v1/namespaces/{namespace}/cups", "get"): "listExampleComV1NamespacedCup",
}


@pytest.mark.parametrize(("base", "path", "method"), NAMED)
def test_an_operation_is_called_as_kubernetes_calls_it(base: str, path: str, method: str) -> None:
    assert document(base)["paths"][path][method]["operationId"] == NAMED[base, path, method]


def test_a_patch_tells_its_kind_and_that_fields_are_validated() -> None:
    patch = document("apis/apps/v1")["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    named = {each["name"] for each in patch["parameters"]}
    kind = {"group": "apps", "kind": "Deployment", "version": "v1"}
    assert (patch["x-kubernetes-group-version-kind"], "fieldValidation" in named) == (kind, True)


def test_a_custom_kind_takes_no_strategic_patch() -> None:
    patch = document("apis/example.com/v1")["paths"]["/apis/example.com/v1/namespaces/{namespace}/cups/{name}"]["patch"]
    assert "application/strategic-merge-patch+json" not in patch["requestBody"]["content"]


def test_a_field_has_its_format_and_how_it_is_merged() -> None:
    found = schema("api/v1", "io.k8s.api.core.v1.Container")["properties"]["ports"]
    said = {key: each for key, each in found.items() if key.startswith("x-")}
    assert said == {
        "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
        "x-kubernetes-list-type": "map",
        "x-kubernetes-patch-merge-key": "containerPort",
        "x-kubernetes-patch-strategy": "merge",
    }
    port = schema("api/v1", "io.k8s.api.core.v1.ContainerPort")["properties"]["containerPort"]
    assert (port["type"], port["format"]) == ("integer", "int32")


def test_a_kind_of_its_own_says_which_it_is() -> None:
    found = schema("api/v1", "io.k8s.api.core.v1.Pod")["x-kubernetes-group-version-kind"]
    assert found == [{"group": "", "kind": "Pod", "version": "v1"}]


def test_what_an_object_is_has_no_values_to_choose_from() -> None:
    assert "enum" not in schema("api/v1", "io.k8s.api.core.v1.Pod")["properties"]["kind"]


EITHER = [{"type": "integer"}, {"type": "string"}]


@pytest.mark.parametrize(
    ("form", "shown"),
    [("v2", {"format": "int-or-string", "type": "string"}), ("v3", {"format": "int-or-string", "oneOf": EITHER})],
)
def test_a_number_or_a_word_is_said_in_each_forms_way(form: str, shown: Object) -> None:
    found = published.Definitions(form, KINDS).closure([published.INT_OR_STRING])
    assert {key: each for key, each in found[published.INT_OR_STRING].items() if key != "description"} == shown


def test_a_custom_kind_is_published_under_its_group_in_reverse() -> None:
    found = schema("apis/example.com/v1", "com.example.v1.Cup")
    assert found["properties"]["metadata"]["allOf"] == [{"$ref": f"#/components/schemas/{published.OBJECT_META}"}]


def test_a_custom_kinds_v3_schema_is_its_own() -> None:
    found = schema("apis/example.com/v1", "com.example.v1.Cup")["properties"]["spec"]
    assert found == CUP["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def test_v2_has_no_words_for_what_may_be_null_or_one_of_several() -> None:
    found = openapi.swagger(KINDS)["definitions"]["com.example.v1.Cup"]["properties"]["spec"]["properties"]
    assert found == {"size": {}, "default": {"type": "string"}}


def test_a_documents_hash_changes_with_a_custom_schema() -> None:
    other = {
        **CUP,
        "spec": {**CUP["spec"], "versions": [{**CUP["spec"]["versions"][0], "schema": {"openAPIV3Schema": {"type": "object"}}}]},
    }
    before, after = (
        openapi.index(kinds)["paths"]["apis/example.com/v1"]["serverRelativeURL"]
        for kinds in (KINDS, table.BUILTIN.with_rows(customrows.rows(other)))
    )
    assert before != after


def test_there_is_no_document_of_what_is_not_served() -> None:
    assert openapi.document(KINDS, "apis/apps/v2") is None
