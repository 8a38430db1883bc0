"""NamespaceLifecycle: nothing new where there is no namespace or one that ends; the system's own namespaces stay.

Follows apiserver/pkg/admission/plugin/namespace/lifecycle.
"""

from __future__ import annotations

from pkctl.api import refusals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

IMMORTAL = ("default", "kube-system", "kube-public")


def check_namespace(request: Request) -> None:
    """NotFound for a missing namespace, Forbidden for one that is being terminated."""
    if not request.row.namespaced:
        return
    name, session = request.namespace, request.session
    row = session.row("namespaces")
    entry = session.tx.get(row.key("", name))
    if entry is None:
        raise refusals.not_found(row, name)
    if '"deletionTimestamp"' in entry.text and session.decode(entry)["metadata"].get("deletionTimestamp"):
        text = f"unable to create new content in namespace {name} because it is being terminated"
        message = f"namespace {name} is being terminated"
        cause = {"reason": "NamespaceTerminating", "message": message, "field": "metadata.namespace"}
        raise refusals.forbidden(request.row, request.name, text, [cause])


def keep_immortal(request: Request) -> None:
    """Forbidden for the namespaces that a cluster needs."""
    if request.name in IMMORTAL:
        raise refusals.forbidden(request.row, request.name, "this namespace may not be deleted")
