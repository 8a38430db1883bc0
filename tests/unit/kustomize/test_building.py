"""What no golden case can hold: hashes told elsewhere, messages with addresses in them, and what is refused by name."""

from __future__ import annotations

import pathlib

import pytest

from pkctl.kustomize import building, kustomizations, texts


def build(folder: pathlib.Path, text: str, **files: str) -> list[dict[str, object]]:
    (folder / "kustomization.yaml").write_text(text)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content)
    return building.build(str(folder))


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n"


def test_the_name_is_no_part_of_the_hash(tmp_path: pathlib.Path) -> None:
    found = build(tmp_path, "configMapGenerator: [{name: c, literals: [a=b]}, {name: d, literals: [a=b]}]\n")
    assert [each["metadata"]["name"] for each in found] == ["c-4h2mbtbbt6", "d-4h2mbtbbt6"]  # type: ignore[index]


def test_merging_into_nothing_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(texts.KustomizeError, match="does not exist; cannot merge or replace"):
        build(tmp_path, "configMapGenerator: [{name: c, behavior: merge, literals: [a=b]}]\n")


def test_creating_what_is_there_is_an_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(texts.KustomizeError, match="behavior must be merge or replace"):
        build(tmp_path, "resources: [cm.yaml]\nconfigMapGenerator: [{name: c, literals: [a=b]}]\n", cm=CONFIG)


TWICE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {x: y, x: z}}\ndata:\n  x: y\n  x: z\n  x: q\n"


def test_keys_that_stand_twice_are_told_wherever_they_were_read(tmp_path: pathlib.Path) -> None:
    with pytest.raises(texts.Clashing) as told:
        build(tmp_path, "resources: [cm.yaml]\n", cm=f"{CONFIG}---\n{TWICE}")
    assert str(told.value).splitlines() == [
        "map[string]interface {}(nil): yaml: unmarshal errors:",
        '  line 3: mapping key "x" already defined at line 3',
        '  line 6: mapping key "x" already defined at line 5',
        '  line 7: mapping key "x" already defined at line 5',
        '  line 7: mapping key "x" already defined at line 6',
    ]


@pytest.mark.parametrize("field", kustomizations.REFUSED)
def test_what_is_not_honoured_is_refused_by_name(tmp_path: pathlib.Path, field: str) -> None:
    value = "{path: x}" if field in ("openapi", "helmGlobals", "inventory") else "[x]"
    with pytest.raises(texts.KustomizeError, match=f"pkctl does not build kustomizations with {field}"):
        build(tmp_path, f"{field}: {value}\n")


def test_files_outside_are_read_when_that_is_allowed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "cm.yaml").write_text(CONFIG)
    (tmp_path / "in" / "kustomization.yaml").write_text("resources: [../cm.yaml]\n")
    assert len(building.build(str(tmp_path / "in"), restricted=False)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("replicas: [null]", "resource with name  does not match a config with the following GVK"),
        (
            "configMapGenerator: [{name: a, literals: [null]}]",
            "loading KV pairs: literal sources \\[\\]: invalid literal source , expected key=value",
        ),
        (
            "labels: [{pairs: {a: b}, fields: [null]}]",
            "considering field '' of object ConfigMap.v1.*: cannot set or create an empty field name",
        ),
        (
            "labels: [{pairs: {a: b}, fields: [{path: data//x, create: true}]}]",
            "considering field 'data//x' of object .*: cannot set or create",
        ),
        ("patchesStrategicMerge: [null]", "patch appears to be empty; files=\\[\\], Patch=$"),
        ("secretGenerator: [null]", "a configmap must have a name"),
    ],
    ids=["replicas", "literals", "fields", "path", "patches", "secrets"],
)
def test_a_null_in_a_list_is_what_says_nothing(tmp_path: pathlib.Path, text: str, told: str) -> None:
    with pytest.raises(texts.KustomizeError, match=told):
        build(tmp_path, f"resources: [cm.yaml]\n{text}\n", cm=CONFIG)


@pytest.mark.parametrize("text", ["images: [null]", "labels: [null]", "labels: [{pairs: {}, includeSelectors: true}]"])
def test_what_says_nothing_changes_nothing(tmp_path: pathlib.Path, text: str) -> None:
    plain = build(tmp_path, "resources: [cm.yaml]\n", cm=CONFIG)
    assert build(tmp_path, f"resources: [cm.yaml]\n{text}\n", cm=CONFIG) == plain


def test_an_item_of_a_list_may_be_null(tmp_path: pathlib.Path) -> None:
    found = build(tmp_path, "resources: [list.yaml]\n", list=f"{{apiVersion: v1, kind: List, items: [null]}}\n---\n{CONFIG}")
    assert [each["kind"] for each in found] == ["ConfigMap"]


def test_the_kinds_that_replicas_can_be_of_are_told_in_the_order_of_kinds(tmp_path: pathlib.Path) -> None:
    specs = "replicas: [{kind: Foo, path: a}, {kind: Bar, path: b}, {kind: Deployment, group: apps, path: c}]\n"
    with pytest.raises(texts.KustomizeError) as told:
        build(tmp_path, "resources: [cm.yaml]\nconfigurations: [c.yaml]\nreplicas: [{name: x, count: 1}]\n", cm=CONFIG, c=specs)
    assert str(told.value).partition("[")[2].replace(".[noVer]", "").replace(".[noGrp]", "") == (
        "Deployment.apps Deployment StatefulSet Bar Foo ReplicaSet ReplicationController]"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a]", "array into Go value of type builtinconfig.TransformerConfig"),
        ("namePrefix: x", "string into Go struct field TransformerConfig.namePrefix of type types.FsSlice"),
        ("namePrefix: [5]", "number into Go struct field TransformerConfig.namePrefix of type types.FieldSpec"),
        ("nameReference: [x]", "string into Go struct field TransformerConfig.nameReference of type builtinconfig.NameBackReferences"),
        (
            "nameReference: [{fieldSpecs: x}]",
            "string into Go struct field NameBackReferences.nameReference.fieldSpecs of type types.FsSlice",
        ),
    ],
    ids=["list", "text", "number", "reference", "specs"],
)
def test_a_configuration_of_other_types_is_refused_as_json_is(tmp_path: pathlib.Path, text: str, told: str) -> None:
    with pytest.raises(texts.KustomizeError, match=f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {told}$"):
        build(tmp_path, "resources: [cm.yaml]\nconfigurations: [c.yaml]\n", cm=CONFIG, c=text)
