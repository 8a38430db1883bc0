"""The versions of a definition, judged under the paths that the API server gives them."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import definitionversions

SCHEMA = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer"}, "o": {"type": "object"}}}}}


def _version(name: str = "v1", schema: Any = SCHEMA, **more: Any) -> Any:
    return {"name": name, "served": True, "storage": name == "v1", "schema": {"openAPIV3Schema": schema}, **more}


def _texts(*versions: Any) -> list[str]:
    given = list(versions)
    return [str(each) for each in [*definitionversions.problems(given), *definitionversions.shared_problems(given)]]


UNTYPED = {"type": "object", "properties": {"spec": {}}}
UNTYPED_TEXT = "schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields"


def test_a_schema_that_all_versions_share_is_the_definitions_own() -> None:
    assert _texts(_version(schema=UNTYPED)) == [f"spec.validation.{UNTYPED_TEXT.removeprefix('schema.')}"]


def test_a_schema_of_one_version_is_that_versions() -> None:
    assert _texts(_version(), _version("v2", UNTYPED)) == [f"spec.versions[1].{UNTYPED_TEXT}"]


SAID: dict[str, tuple[Any, list[str]]] = {
    "no schema": ({"schema": {}}, ["spec.versions[0].schema.openAPIV3Schema: Required value"]),
    "a column's path": ({"additionalPrinterColumns": [{"name": "N", "type": "string", "jsonPath": "spec.n"}]},
                        ['spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.n": must be a simple json path starting with .']),
    "a column's type": ({"additionalPrinterColumns": [{"name": "N", "type": "x", "jsonPath": ".spec.n"}]},
                        ['spec.additionalPrinterColumns[0].type: Invalid value: "x": must be one of boolean,date,integer,number,string']),
    "a scale's path": ({"subresources": {"scale": {"specReplicasPath": ".n", "statusReplicasPath": ".status.n"}}},
                       ['spec.subresources.scale.specReplicasPath: Invalid value: ".n": should be a json path under .spec']),
    "a scale's selector": ({"subresources": {"scale": {"specReplicasPath": ".spec.n", "statusReplicasPath": ".status.n",
                                                       "labelSelectorPath": ".s"}}},
                           ['spec.subresources.scale.labelSelectorPath: Invalid value: ".s": should be a json path under either .spec or '
                            ".status"]),
    "a field to select by": ({"selectableFields": [{"jsonPath": ".spec.o"}]},
                             ['spec.selectableFields[0].jsonPath: Invalid value: ".spec.o": must point to a field of type string, boolean '
                              "or integer. Enum string fields and strings with formats are allowed."]),
    "no field to select by": ({"selectableFields": [{"jsonPath": ".spec.z"}]},
                              ['spec.selectableFields[0].jsonPath: Invalid value: ".spec.z": is an invalid path: does not refer to a valid '
                               "field"]),
    "no path to select by": ({"selectableFields": [{"jsonPath": "spec.n"}]},
                             ['spec.selectableFields[0].jsonPath: Invalid value: "spec.n": is an invalid path: expected [ or . but got: '
                              "spec"]),
    "a warning of nothing": ({"deprecationWarning": "x"},
                             ['spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions']),
    "a warning of two lines": ({"deprecated": True, "deprecationWarning": "é\nb"},
                               ['spec.versions[0].deprecationWarning: Invalid value: "é\\nb": must only contain printable UTF-8 '
                                "characters; non-printable character found at index 2"]),
}  # fmt: skip


@pytest.mark.parametrize(("more", "texts"), SAID.values(), ids=SAID)
def test_a_wrong_version_is_told(more: Any, texts: list[str]) -> None:
    assert _texts({**_version(), **more}) == texts


def test_a_root_with_a_status_says_nothing_of_its_parts() -> None:
    schema = {**SCHEMA, "anyOf": [{"required": ["spec"]}]}
    found = _texts({**_version(schema=schema), "subresources": {"status": {}}})
    assert len(found) == 1
    assert "fields are allowed at the root of the schema if the status subresource is enabled" in found[0]
