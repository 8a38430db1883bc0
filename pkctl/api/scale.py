"""The `scale` subresource: an autoscaling/v1 Scale over what has replicas.

Follows pkg/registry/apps/*/storage (ScaleREST).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals, requests, storing, writing
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
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


def update(session: Session, row: Row, namespace: str, name: str, scale: Object, options: Options) -> Object:
    """Set the replicas that a Scale asks for; the Scale as it is then."""
    old = storing.existing(session, row, namespace, name)
    wanted = _wanted(name, scale)
    if meta.at(scale, "metadata", "resourceVersion", default=old["metadata"]["resourceVersion"]) != old["metadata"]["resourceVersion"]:
        raise refusals.conflict(row, name)
    new = _placed(row, meta.clone(old), wanted)
    return shown(row, writing.replace(requests.Request("update", session, row, namespace, new, old, options, "scale")))


def _wanted(name: str, scale: Object) -> int:
    replicas = meta.at(scale, "spec", "replicas", default=0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise errors.BadRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a number')
    if replicas < 0:
        problem = fields.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        details = {"name": name, "group": "autoscaling", "kind": "Scale", "causes": [problem.cause()]}
        raise errors.Invalid(f'Scale.autoscaling "{name}" is invalid: {problem}', details)
    return replicas


def _placed(row: Row, obj: Object, replicas: int) -> Object:
    """An object with the desired replicas set."""
    place = obj
    *above, last = _paths(row)[0]
    for step in above:
        place = place.setdefault(step, {})
    place[last] = replicas
    return obj


def patch(session: Session, row: Row, namespace: str, name: str, form: str, change: Any, options: Options) -> Object:
    """Patch the Scale; strategic is a merge here, since a Scale has no lists."""
    from pkctl.api import patching

    if form == "apply":
        return _apply(session, row, namespace, name, change, options)
    current = shown(row, storing.existing(session, row, namespace, name))
    wanted = patching.patched(row, current, "json" if form == "json" else "merge", change)
    return update(session, row, namespace, name, wanted, options)


def _apply(session: Session, row: Row, namespace: str, name: str, scale: Object, options: Options) -> Object:
    """Server-side apply of a Scale: the applier owns the replicas of the object itself (managedfields/scalehandler.go)."""
    from pkctl.api import applying, configurations
    from pkctl.kinds import schema

    old = storing.existing(session, row, namespace, name)
    configurations.check(VERSION, "Scale", f"{namespace}/{name}", scale, schema.built_in(VERSION, "Scale"))
    wish: Object = {"apiVersion": row.api_version, "kind": row.kind, "metadata": {"name": name}}
    if meta.at(scale, "spec", "replicas") is not None:
        wish = _placed(row, wish, _wanted(name, scale))
    if meta.at(scale, "metadata", "resourceVersion", default=old["metadata"]["resourceVersion"]) != old["metadata"]["resourceVersion"]:
        raise refusals.conflict(row, name)
    new = meta.clone(applying.merged(session, row, old, wish, options))
    request = requests.Request("update", session, row, namespace, new, old, options, "scale")
    request.is_applied = True
    return shown(row, writing.replace(request))


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
