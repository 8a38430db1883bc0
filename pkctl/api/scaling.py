"""The verbs of the subresource `scale`. Follows each kind's ScaleREST. What a Scale is, is in `scale`."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import metadata, requests, scale, storing, writing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object


def update(session: Session, row: Row, namespace: str, name: str, given: Object, options: Options) -> Object:
    """Set the replicas that a Scale asks for; the Scale as it is then."""
    old = storing.existing(session, row, namespace, name)
    wanted = scale.wanted(name, given)
    metadata.check_unchanged(row, name, given, old)
    new = scale.placed(row, meta.clone(old), wanted)
    return scale.shown(row, writing.replace(requests.Request("update", session, row, namespace, new, old, options, "scale")))


def patch(session: Session, row: Row, namespace: str, name: str, form: str, change: Any, options: Options) -> Object:
    """Patch the Scale; strategic is a merge here, since a Scale has no lists."""
    from pkctl.api import patching

    if form == "apply":
        return _apply(session, row, namespace, name, change, options)
    current = scale.shown(row, storing.existing(session, row, namespace, name))
    wanted = patching.patched(row, current, "json" if form == "json" else "merge", change)
    try:
        scale.wanted(name, wanted)
    except errors.BadRequest as refusal:
        raise patching.unfit(wanted, refusal.message.partition(" cannot be handled as a Scale: ")[2]) from None
    return update(session, row, namespace, name, wanted, options)


def _apply(session: Session, row: Row, namespace: str, name: str, given: Object, options: Options) -> Object:
    """Server-side apply of a Scale: the applier owns the replicas of the object itself (managedfields/scalehandler.go)."""
    from pkctl.api import applying, configurations
    from pkctl.kinds import schema

    old = storing.existing(session, row, namespace, name)
    configurations.check(scale.VERSION, "Scale", f"{namespace}/{name}", given, schema.built_in(scale.VERSION, "Scale"))
    wish: Object = {"apiVersion": row.api_version, "kind": row.kind, "metadata": {"name": name}}
    if meta.at(given, "spec", "replicas") is not None:
        wish = scale.placed(row, wish, scale.wanted(name, given))
    metadata.check_unchanged(row, name, given, old)
    new = meta.clone(applying.merged(session, row, old, wish, options))
    request = requests.Request("update", session, row, namespace, new, old, options, "scale")
    request.is_applied = True
    return scale.shown(row, writing.replace(request))
