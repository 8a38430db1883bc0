"""The subresources beside `status`: which verbs each takes, and the small ones themselves.

Not here: `scaling` and `eviction`, which have modules of their own; streams (log, exec, attach, portforward), which are a client's calls.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import metadata, reading, refusals, requests, storing, writing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

WHOLE = frozenset({"status", "ephemeralcontainers", "resize", "approval"})
"""Subresources that show the whole object."""

STREAMS = frozenset({"attach", "exec", "portforward", "proxy"})
"""Subresources that answer no plain GET."""


def get(session: Session, row: Row, namespace: str, name: str, subresource: str) -> Object:
    """What a GET of the subresource answers."""
    check(row, subresource, "get", name)
    obj = storing.existing(session, row, namespace, name)
    if subresource == "scale":
        from pkctl.api import scale

        return scale.shown(row, obj)
    if subresource in STREAMS:
        raise errors.BadRequest("Upgrade request required")
    if subresource not in WHOLE:
        raise refusals.not_allowed(row)
    return obj


def check(row: Row, subresource: str, verb: str, name: str) -> None:
    """NotFound for a subresource that the kind does not have."""
    if subresource not in row.subresources:
        raise refusals.no_subresource(row, verb, name)


def create(session: Session, row: Row, namespace: str, obj: Object, options: Options) -> Object:
    """POST to a subresource of the object that `obj` names."""
    name = meta.name(obj)
    check(row, options.subresource, "post", name)
    with storing.attempt(session, options):
        _admit(session, row, namespace, obj, options)
        if options.subresource == "eviction":
            from pkctl.api import eviction

            return eviction.evict(session, row, namespace, name, obj, options)
        if options.subresource == "binding":
            _check_target(obj.get("target") or {})
            return bind(session, row, namespace, name, meta.at(obj, "target", "name", default=""), obj, options)
        if options.subresource == "token":
            from pkctl.api import tokens

            return tokens.request(session, namespace, name, obj, options)
    raise refusals.not_allowed(row)


def _check_target(target: Object) -> None:
    """ValidatePodBinding, whose faults come without a reason."""
    from pkctl.objects import fields

    found = []
    if target.get("kind", "") not in ("", "Node"):
        found.append(fields.unsupported("target.kind", target["kind"], ("Node", "<empty>")))
    if not target.get("name"):
        found.append(fields.required("target.name", ""))
    if found:
        text = ", ".join(map(str, found))
        raise errors.InternalError(f"[{text}]" if len(found) > 1 else text)


def _admit(session: Session, row: Row, namespace: str, obj: Object, options: Options) -> None:
    """Ask admission about an object that only says what to do with another; whether that one is there is asked later."""
    from pkctl.api.admission import chain

    if storing.read(session, row, namespace, meta.name(obj)) is not None:
        chain.admit(requests.Request("create", session, row, namespace, obj, None, options, options.subresource))


def update(session: Session, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
    """PUT to a subresource."""
    check(row, options.subresource, "put", name)
    with storing.attempt(session, options):
        if options.subresource == "scale":
            from pkctl.api import scaling

            return scaling.update(session, row, namespace, name, obj, options)
        if options.subresource == "binding":
            return bind(session, row, namespace, name, meta.at(obj, "spec", "nodeName", default=""), obj, options)
        return _merge(session, row, namespace, name, obj, options)


def patch(session: Session, row: Row, namespace: str, name: str, form: str, change: Any, options: Options) -> Object:
    """PATCH of a subresource."""
    check(row, options.subresource, "patch", name)
    with storing.attempt(session, options):
        if options.subresource == "scale":
            from pkctl.api import scaling

            return scaling.patch(session, row, namespace, name, form, change, options)
        from pkctl.api import patching

        old = storing.existing(session, row, namespace, name)
        return _merge(session, row, namespace, name, patching.patched(row, old, form, change), options)


def _merge(session: Session, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
    """Take over from `obj` the one part of the object that the subresource may change."""
    take = PARTS.get(options.subresource)
    if take is None:
        raise refusals.not_allowed(row)
    old = storing.existing(session, row, namespace, name)
    given = reading.decoded(session, row, obj, options)
    metadata.check_unchanged(row, name, given, old)
    new = meta.clone(old)
    take(new, given)
    return writing.replace(requests.Request("update", session, row, namespace, new, old, options, options.subresource))


def _take_finalizers(new: Object, given: Object) -> None:
    new.setdefault("spec", {})["finalizers"] = meta.at(given, "spec", "finalizers", default=[])


def _take_ephemeral(new: Object, given: Object) -> None:
    new["spec"]["ephemeralContainers"] = meta.at(given, "spec", "ephemeralContainers", default=[])


def _take_sizes(new: Object, given: Object) -> None:
    for field in ("containers", "initContainers"):
        wanted = {each["name"]: each for each in meta.at(given, "spec", field, default=())}
        for container in new["spec"].get(field) or ():
            for part in ("resources", "resizePolicy"):
                if part in wanted.get(container["name"], {}):
                    container[part] = wanted[container["name"]][part]


def _take_approval(new: Object, given: Object) -> None:
    new.setdefault("status", {})["conditions"] = meta.at(given, "status", "conditions", default=[])


PARTS = {"finalize": _take_finalizers, "ephemeralcontainers": _take_ephemeral, "resize": _take_sizes, "approval": _take_approval}


def bind(session: Session, row: Row, namespace: str, name: str, node: str, binding: Object, options: Options) -> Object:
    """Give a pod its node: BindingREST.assignPod."""
    from pkctl.api import metadata

    old = storing.existing(session, row, namespace, name)
    if not node:
        raise errors.Invalid('Binding "" is invalid: target.name: Required value')
    if meta.is_deleting(old):
        raise refusals.conflict(row, name, f"pod {name} is being deleted, cannot be assigned to a host")
    if bound := meta.at(old, "spec", "nodeName"):
        raise refusals.conflict(row, name, f'pod {name} is already assigned to node "{bound}"')
    new = meta.clone(old)
    new["spec"]["nodeName"] = node
    new["metadata"]["annotations"] = {**meta.annotations(new), **meta.annotations(binding)}
    if not new["metadata"]["annotations"]:
        del new["metadata"]["annotations"]
    said = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": metadata.now(session)}
    others = [each for each in meta.at(new, "status", "conditions", default=()) if each.get("type") != "PodScheduled"]
    new.setdefault("status", {})["conditions"] = [*others, said]
    return storing.update(requests.Request("update", session, row, namespace, new, old, options, "binding"))
