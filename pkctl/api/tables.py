"""Server-shaped Tables (meta.k8s.io/v1): the columns and cells of a kind's room around its objects.

Follows pkg/printers/tablegenerator.go and apiserver's table handlers; the look on a terminal is printers/tables.
"""

from __future__ import annotations

from pkctl.api import options, rooms
from pkctl.kinds import columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

NAME = "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request \
the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. \
Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
CREATED = "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in \
happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC."
SCALE = tuple(columns.Column(name, type=form) for name, form in (("Desired", "integer"), ("Available", "integer"), ("Age", "string")))
GENERIC = (columns.Column("Name", format="name", description=NAME), columns.Column("Created At", format="date", description=CREATED))


def table(
    row: Row,
    objects: Sequence[Object],
    now: float,
    query: options.Query | None = None,
    metadata: Object | None = None,
    *,
    subresource: str = "",
) -> Object:
    """The Table of some objects; `query.include_object` is None, Metadata or Object, `metadata` the list's own.

    Of a `subresource` the objects are what is read there.
    """
    form, cells = ((GENERIC[0], *SCALE), _scale_cells) if subresource == "scale" else shape(row)
    rank = rooms.part(row, "rank")
    include = query.include_object if query else "Metadata"
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata or ({"resourceVersion": objects[0]["metadata"].get("resourceVersion", "")} if len(objects) == 1 else {}),
        "columnDefinitions": [_definition(column) for column in form],
        "rows": [{"cells": cells(obj, now), **_included(obj, include)} for obj in (sorted(objects, key=rank) if rank else objects)],
    }


def shape(row: Row) -> tuple[Sequence[columns.Column], Callable[[Object, float], list[Any]]]:
    """A kind's columns and the function that fills them."""
    if row.schema is not None:
        from pkctl.api import definitions

        return definitions.table_shape(row)
    form, cells = rooms.part(row, "COLUMNS"), rooms.part(row, "cells")
    if form is None or cells is None:
        return GENERIC, generic_cells
    return form, cells


def generic_cells(obj: Object, _now: float) -> list[Any]:
    """Name and time of creation."""
    metadata = obj.get("metadata") or {}
    return [metadata.get("name", ""), metadata.get("creationTimestamp")]


def _scale_cells(obj: Object, now: float) -> list[Any]:
    from pkctl.kinds import cells

    counts = [(obj.get(name) or {}).get("replicas", 0) for name in ("spec", "status")]
    return [obj["metadata"]["name"], *counts, cells.age(obj, now)]


def _definition(column: columns.Column) -> Object:
    return {
        "name": column.name,
        "type": column.type,
        "format": column.format,
        "description": column.description,
        "priority": column.priority,
    }


def _included(obj: Object, include: str) -> Object:
    if include == "None":
        return {}
    if include == "Object":
        return {"object": obj}
    metadata = {field: value for field, value in (obj.get("metadata") or {}).items() if field != "managedFields"}
    return {"object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}}
