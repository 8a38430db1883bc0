"""`explain` reads the texts in the package."""

from __future__ import annotations

import pytest

from pkctl.cli.verbs import explain_pages
from tests.unit.cli import lines


def test_a_field_has_its_type_and_description(sh: lines.Shell) -> None:
    said = sh("explain", "pods.spec.containers.image").out
    assert "FIELD: image <string>" in said
    assert "    Container image name." in said


def test_recursion_follows_references(sh: lines.Shell) -> None:
    assert "\t<[]Container> -required-\n" in sh("explain", "deployment", "--recursive").out


def test_a_field_that_is_none_is_refused(sh: lines.Shell) -> None:
    assert sh("explain", "pods.spec.nope").err == 'error: field "nope" does not exist\n'


def test_recursion_ends_where_a_schema_holds_itself(sh: lines.Shell) -> None:
    said = sh("explain", "crd.spec.versions.schema.openAPIV3Schema", "--recursive").out
    assert said.count("\n  not\t<JSONSchemaProps>\n  nullable\t") == 1


def test_a_field_shows_its_head_and_what_it_refers_to(sh: lines.Shell) -> None:
    said = sh("explain", "pods.metadata").out
    assert said.startswith(
        "KIND:       Pod\nVERSION:    v1\n\nFIELD: metadata <ObjectMeta>\n\n\nDESCRIPTION:\n    Standard object's metadata."
    )
    assert "\n    ObjectMeta is metadata" in said
    assert "\n    \nFIELDS:\n  annotations\t<map[string]string>\n" in said


def test_the_older_layout_is_kubectls(sh: lines.Shell) -> None:
    said = sh("explain", "deploy.spec", "--output=plaintext-openapiv2").out
    assert said.startswith("KIND:     Deployment\nVERSION:  apps/v1\n\nRESOURCE: spec <DeploymentSpec>\n\nDESCRIPTION:\n     ")
    assert "\n\nFIELDS:\n   minReadySeconds\t<integer>\n     Minimum" in said


def test_a_choice_is_shown_in_full_for_one_field_and_in_short_among_many(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text=CRD)
    assert 'FIELD: size <string>\nENUM:\n    ""\n    s\n    m\n    l\n    xl\n\nDESCRIPTION:' in sh("explain", "shirts.spec.size").out
    said = sh("explain", "shirts.spec").out
    assert '  size\t<string> -required-\n  enum: "", s, m, l, ....\n    <no description>\n\n' in said


def test_a_kind_may_be_named_with_its_group(sh: lines.Shell) -> None:
    assert "FIELD: replicas <integer>" in sh("explain", "deployments.apps.spec.replicas").out


def test_the_last_word_of_a_wrong_path_is_named(sh: lines.Shell) -> None:
    assert sh("explain", "pods.spec.nope.image").err == 'error: field "image" does not exist\n'


CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shirts.example.com}
spec:
  group: example.com
  names: {kind: Shirt, plural: shirts, singular: shirt}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, required: [size], properties: {size: {type: string, enum: ["", s, m, l, xl]}}}
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("a b c", "a b c", id="fits"),
        pytest.param("aaaa bbbb cccc", "aaaa bbbb\ncccc", id="breaks"),
        pytest.param("aa  bb", "aa  bb", id="spaces-stay"),
        pytest.param("aa\n\nbb", "aa\n\nbb", id="empty-lines-stay"),
        pytest.param("  aa bb", "  aa bb", id="leading-spaces-stay"),
        pytest.param("a " + "x" * 20, "a\n" + "x" * 20, id="a-long-word-begins-a-line"),
    ],
)
def test_text_is_wrapped_as_go_wordwrap_does(text: str, wanted: str) -> None:
    assert explain_pages.wrapped(text, 10) == wanted


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("pod.spec.containers.imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
        ("service.spec.type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
        ("ingress.spec.rules.http.paths.pathType", ["Exact", "ImplementationSpecific", "Prefix"]),
        (
            "pod.spec.volumes.hostPath.type",
            ['""', "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"],
        ),
    ],
)
def test_the_values_that_a_field_may_have_are_listed(sh: lines.Shell, path: str, values: list[str]) -> None:
    shown = "".join(f"\n    {value}" for value in values)
    assert f"ENUM:{shown}\n\nDESCRIPTION:" in sh("explain", path).out


def test_among_other_fields_four_values_are_enough(sh: lines.Shell) -> None:
    assert '  type\t<string>\n  enum: "", BlockDevice, CharDevice, Directory, ....\n' in sh("explain", "pod.spec.volumes.hostPath").out
