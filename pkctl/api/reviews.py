"""Kinds that are only asked, never stored: who am I, may I, and Binding.

Follows pkg/registry/{authentication,authorization}. Whoever can open the cluster's store is its administrator, so here everything is
allowed to oneself; what others may do is refused by name until roles are evaluated.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import reading, refusals
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

GROUPS = ["system:masters", "system:authenticated"]
EVERYTHING = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}


def answer(session: Session, row: Row, namespace: str, obj: Object, options: Options) -> Object:
    """The review with its status; a Binding binds its pod."""
    if "create" not in row.verbs:
        raise refusals.not_allowed(row)
    if row.id == "bindings":
        from pkctl.api import subresources

        pods = session.row("pods")
        return subresources.bind(session, pods, namespace, meta.name(obj), meta.at(obj, "target", "name", default=""), obj, options)
    new = reading.decoded(session, row, obj, options)
    status = _status(session, row)
    if status is None:
        raise errors.BadRequest(f"pkctl does not evaluate roles or tokens of other users yet, so it can't answer a {row.kind}")
    return {**new, "metadata": {"creationTimestamp": None, **new["metadata"]}, "status": status}


def _status(session: Session, row: Row) -> Object | None:
    if row.kind == "SelfSubjectReview":
        return {"userInfo": {"username": session.api.user, "groups": GROUPS}}
    if row.kind == "SelfSubjectAccessReview":
        return {"allowed": True, "reason": "the owner of a cluster's store may do everything"}
    return dict(EVERYTHING) if row.kind == "SelfSubjectRulesReview" else None
