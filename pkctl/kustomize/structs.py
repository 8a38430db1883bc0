"""A kustomization's fields and their types, and reading by them with encoding/json's errors.

A type is `s` string, `b` bool, `i` int64, `*` anything, `[` and `{` before a type for lists and maps, a struct's name, or `F` and `N` for
the lists that have a name of their own. A field's path holds the structs that embed it, as Go's messages name them.
"""

from __future__ import annotations

from pkctl.objects import jsonfaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ID = "ResId/Gvk/group:s ResId/Gvk/version:s ResId/Gvk/kind:s ResId/name:s ResId/namespace:s"
GENERATOR = (
    "GeneratorArgs/namespace:s GeneratorArgs/name:s GeneratorArgs/behavior:s GeneratorArgs/KvPairSources/literals:[s "
    "GeneratorArgs/KvPairSources/files:[s GeneratorArgs/KvPairSources/envs:[s GeneratorArgs/KvPairSources/env:s "
    "GeneratorArgs/options:GeneratorOptions"
)
STRUCTS = {
    "Kustomization": "TypeMeta/kind:s TypeMeta/apiVersion:s metadata:ObjectMeta openapi:{s namePrefix:s nameSuffix:s namespace:s "
    "commonLabels:{s labels:[Label commonAnnotations:{s patchesStrategicMerge:[s patchesJson6902:[Patch patches:[Patch images:[Image "
    "imageTags:[Image replacements:[ReplacementField replicas:[Replica vars:[* sortOptions:SortOptions resources:[s components:[s "
    "crds:[s bases:[s configMapGenerator:[ConfigMapArgs secretGenerator:[SecretArgs helmGlobals:* helmCharts:[* "
    "helmChartInflationGenerator:[* generatorOptions:GeneratorOptions configurations:[s generators:[s transformers:[s validators:[s "
    "inventory:* buildMetadata:[s",
    "ObjectMeta": "name:s namespace:s labels:{s annotations:{s",
    "Label": "pairs:{s includeSelectors:b includeTemplates:b fields:[FieldSpec",
    "FieldSpec": "Gvk/group:s Gvk/version:s Gvk/kind:s path:s create:b",
    "Patch": "path:s patch:s target:Selector options:{b",
    "Selector": f"{ID} annotationSelector:s labelSelector:s",
    "Image": "name:s newName:s tagSuffix:s newTag:s digest:s",
    "Replica": "name:s count:i",
    "ReplacementField": "Replacement/source:SourceSelector Replacement/sourceValue:s Replacement/targets:[TargetSelector path:s",
    "Replacement": "source:SourceSelector sourceValue:s targets:[TargetSelector",
    "SourceSelector": f"{ID} fieldPath:s options:FieldOptions",
    "TargetSelector": "select:Selector reject:[Selector fieldPaths:[s options:FieldOptions",
    "FieldOptions": "delimiter:s index:i encoding:s create:b",
    "SortOptions": "order:s legacySortOptions:LegacySortOptions",
    "LegacySortOptions": "orderFirst:[s orderLast:[s",
    "ConfigMapArgs": GENERATOR,
    "SecretArgs": f"{GENERATOR} type:s",
    "GeneratorOptions": "labels:{s annotations:{s disableNameSuffixHash:b immutable:b",
    "TransformerConfig": "namePrefix:F nameSuffix:F namespace:F commonLabels:F templateLabels:F commonAnnotations:F nameReference:N "
    "varReference:F images:F replicas:F",
    "NameBackReferences": "Gvk/group:s Gvk/version:s Gvk/kind:s fieldSpecs:F",
}  # fmt: skip
ZERO: Mapping[str, Any] = {"s": "", "b": False, "i": 0, "[": []}
"""What a list or a map has where null stands; for other types {}."""
LISTS = {"F": ("[FieldSpec", "types.FsSlice"), "N": ("[NameBackReferences", "builtinconfig.NbrSlice")}
"""What the named lists hold, and their names in Go."""
CONFIGURING = ("TransformerConfig", "NameBackReferences")
"""Structs that are in a package of their own."""
PLAIN = {"s": str, "b": bool, "i": int}
GO = {"s": "string", "b": "bool", "i": "int64", "*": "interface {}"}


class Misread(ValueError):
    """A value that doesn't fit; the text is encoding/json's, after `json: `."""


def fields(struct: str) -> Mapping[str, tuple[str, str]]:
    """A struct's fields by their names: (path with embedding structs, type)."""
    found = (part.rpartition(":") for part in STRUCTS[struct].split())
    return {path.rpartition("/")[2]: (path.replace("/", "."), kind) for path, _, kind in found}


def read(struct: str, value: Any) -> dict[str, Any]:
    """The value with its fields' right names; Misread for the first that is unknown or of the wrong type."""
    if not isinstance(value, dict):
        raise Misread(f"cannot unmarshal {jsonfaults.word(value)} into Go value of type {_type(struct)}")
    return _struct(struct, value, "")


def _struct(struct: str, value: dict[str, Any], path: str) -> dict[str, Any]:
    known = fields(struct)
    lowered = {name.lower(): name for name in known}
    made: dict[str, Any] = {"path": ""} if struct == "FieldSpec" else {}
    for key in sorted(value):
        name = key if key in known else lowered.get(key.lower(), "")
        if not name:
            raise Misread(f'unknown field "{key}"')
        inner, kind = known[name]
        if value[key] is not None:
            made[name] = _value(kind, value[key], struct, f"{path}.{inner}" if path else inner)
    return made


def _value(kind: str, value: Any, struct: str, path: str) -> Any:
    if kind == "*":
        return value
    if value is None:
        return _struct(kind, {}, path) if kind in STRUCTS else ZERO.get(kind[0], {})
    if kind in LISTS and isinstance(value, list):
        return [_value(LISTS[kind][0][1:], each, struct, path) for each in value]
    if kind[0] == "[" and isinstance(value, list):
        return [_value(kind[1:], each, struct, path) for each in value]
    if kind[0] == "{" and isinstance(value, dict):
        return {key: _value(kind[1:], each, struct, path) for key, each in value.items()}
    if kind in STRUCTS and isinstance(value, dict):
        return _struct(kind, value, path)
    if kind in PLAIN and type(value) is PLAIN[kind]:
        return value
    word = f"number {value}" if kind == "i" and isinstance(value, float) else jsonfaults.word(value)
    raise Misread(f"cannot unmarshal {word} into Go struct field {struct}.{path} of type {_type(kind)}")


def _type(kind: str) -> str:
    if kind[0] == "[":
        return f"[]{_type(kind[1:])}"
    if kind[0] == "{":
        return f"map[string]{_type(kind[1:])}"
    if kind in LISTS:
        return LISTS[kind][1]
    return GO.get(kind) or f"{'builtinconfig' if kind in CONFIGURING else 'types'}.{kind}"
