"""An object with replicas seen as an autoscaling/v1 Scale: what it shows, and where the replicas it asks for go.

Follows pkg/registry/apps/*/storage (ScaleREST). Not here: the subresource's verbs (`scaling`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

VERSION = "autoscaling/v1"
SPEC, STATUS = ("spec", "replicas"), ("status", "replicas")


def shown(row: Row, obj: Object) -> Object:
    """The Scale of an object."""
    metadata = {
        field: obj["metadata"][field]
        for field in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        if obj["metadata"].get(field)
    }
    wanted, current, chosen = _paths(row)
    status = {"replicas": meta.at(obj, *current, default=0)}
    if selector := _selector(meta.at(obj, *chosen)):
        status["selector"] = selector
    spec = {"replicas": meta.at(obj, *wanted)} if meta.at(obj, *wanted) else {}
    return {"kind": "Scale", "apiVersion": VERSION, "metadata": metadata, "spec": spec, "status": status}


def wanted(name: str, scale: Object) -> int:
    """The replicas that a Scale asks for; BadRequest when it is none, Invalid for fewer than none."""
    from pkctl.kinds import decoding

    decoding.decode_as(VERSION, "Scale", {**scale, "apiVersion": VERSION, "kind": "Scale"}, "Ignore")
    replicas = int(meta.at(scale, "spec", "replicas", default=0))
    if replicas < 0:
        problem = fields.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        details = {"name": name, "group": "autoscaling", "kind": "Scale", "causes": [problem.cause()]}
        raise errors.Invalid(f'Scale.autoscaling "{name}" is invalid: {problem}', details)
    return replicas


def placed(row: Row, obj: Object, replicas: int) -> Object:
    """An object with the desired replicas set."""
    place = obj
    *above, last = _paths(row)[0]
    for step in above:
        place = place.setdefault(step, {})
    place[last] = replicas
    return obj


def _paths(row: Row) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Where desired replicas, current replicas and the selector are."""
    if row.schema is not None:
        from pkctl.api import definitions

        return definitions.scale_paths(row)
    return SPEC, STATUS, ("spec", "selector")


def _selector(selector: Any) -> str:
    from pkctl.objects import selectors

    if isinstance(selector, str) or not selector:
        return selector or ""
    if not {"matchLabels", "matchExpressions"} & set(selector):
        return str(selectors.from_map(selector))
    return str(selectors.of(selector))
