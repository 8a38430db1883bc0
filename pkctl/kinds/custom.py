"""What a custom kind's schema does to its objects: the generic room of every kind that a CRD makes.

The functions are those of a room (see the package's door plate), each given the row as well. Parts: `custompruning`, `customvalues`,
`customrules`. Not here: whether a definition itself is right (`customresourcedefinitions`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.kinds import custompruning
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.kinds.customrows import CustomRow
    from pkctl.kinds.table import Row
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

ENDING = "create not allowed while custom resource definition is terminating"
UNCONVERTED = "conversion webhook for {}, Kind={} failed: pkctl calls no conversion webhooks; use {}"
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
DESCRIPTIONS = {
    "apiVersion": "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas "
    "to the latest internal value, and may reject unrecognized values. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
    "kind": "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the "
    "client submits requests to. Cannot be updated. In CamelCase. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
    "metadata": "Standard object's metadata. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
}


def prune(row: CustomRow, obj: Object) -> list[str]:
    """Drop in place what the schema doesn't know; the paths of it."""
    return custompruning.prune(row.node, obj)


def default(row: CustomRow, obj: Object) -> None:
    """Fill the schema's defaults in place."""
    custompruning.fill(row.node, obj)


def outward(row: CustomRow, obj: Object) -> Object:
    """A stored object as this version shows it: it gets the defaults of the version it is stored in, and loses what this one lacks.

    What the schema of today drops and fills is dropped and filled on reading, too.
    """
    node = row.node_of(obj["apiVersion"])
    shown = {**obj}
    custompruning.prune(node, shown)
    custompruning.fill(node, shown)
    return _converted(row, shown, row.api_version)


def stored(row: CustomRow, obj: Object) -> Object:
    """An object in the version that the definition stores, without what that one lacks; the object itself when it is in it."""
    return obj if obj["apiVersion"] == row.stored_as else _converted(row, meta.clone(obj), row.stored_as)


def _converted(row: CustomRow, obj: Object, api_version: str) -> Object:
    if obj["apiVersion"] != api_version:
        if row.has_hook:
            raise errors.InternalError(UNCONVERTED.format(obj["apiVersion"], row.kind, row.stored_as))
        obj["apiVersion"] = api_version
        node = row.node_of(api_version)
        custompruning.prune(node, obj)
        custompruning.drop_nulls(node, obj)
    return obj


def prepare(row: CustomRow, old: Object | None) -> None:
    """MethodNotAllowed for a new object of a kind that is on its way out."""
    if old is None and row.is_ending:
        raise errors.MethodNotAllowed(ENDING)


def validate(row: CustomRow, new: Object, old: Object | None) -> list[Problem]:
    """Every problem of an object's values, its replica counts and its definition's rules."""
    from pkctl.kinds import customrules, customvalues

    before: Any = customvalues.NEW if old is None else old
    found = customvalues.problems(row.node, new, before)
    found += _replicas(row, new)
    return found + customrules.problems(row.node, new, before, found)


def _replicas(row: CustomRow, new: Object) -> list[Problem]:
    scale = (row.form.get("subresources") or {}).get("scale") or {}
    found = []
    for word in ("specReplicasPath", "statusReplicasPath"):
        path = str(scale.get(word) or "").strip(".")
        value = meta.at(new, *path.split(".")) if path else None
        if isinstance(value, int) and value < 0:
            found.append(fields.invalid(path, value, "should be a non-negative integer"))
    return found


def warnings(row: CustomRow, new: Object, old: Object | None) -> Sequence[str]:
    """What a definition says of a version that it wants to be left, and what an update is let keep though rules are against it."""
    found = []
    if row.form.get("deprecated"):
        found.append(str(row.form.get("deprecationWarning") or f"{row.api_version} {row.kind} is deprecated"))
    if old is not None and row.node.has_rules:
        from pkctl.kinds import customrules

        found += customrules.tolerated(row.node, new, old)
    return found


def published(row: Row) -> Object:
    """The schema as clients see it, with what every object has: apiVersion, kind and metadata (a reference to ObjectMeta)."""
    schema: Object = dict(row.schema or {})
    properties = dict(schema.get("properties") or {})
    for name in ("apiVersion", "kind"):
        properties[name] = {"type": "string", "description": DESCRIPTIONS[name]}
    properties["metadata"] = {"description": DESCRIPTIONS["metadata"], "$ref": f"#/definitions/{META}"}
    return {**schema, "properties": properties}
