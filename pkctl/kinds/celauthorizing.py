"""CEL's authorizer, which admission policies may ask what the requester or a service account is allowed to do.

Follows apiserver/pkg/cel/library/authz.go. A question is put together as a map; who answers it, `.check`, is given with each evaluation.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Question = dict[str, Any]

PACKAGE = "kubernetes.authorization"
AUTHORIZER, PATH, GROUP, RESOURCE, DECISION = (
    f"{PACKAGE}.{name}" for name in ("Authorizer", "PathCheck", "GroupCheck", "ResourceCheck", "Decision")
)
ACCOUNT = "system:serviceaccount:"


def authorizer(user: str, groups: list[str], resource: Question | None = None) -> Question:
    """The value of `authorizer`; `resource` are the fields of its requestResource."""
    made: Question = {AUTHORIZER: "", "user": user, "groups": groups}
    return made if resource is None else {**made, "requestResource": {**made, RESOURCE: "", **resource}}


def decision(is_allowed: bool, reason: str, error: str = "") -> Question:
    """What `.check` gives."""
    return {DECISION: "", "allowed": is_allowed, "reason": reason, "error": error}


def _asked(asker: Question) -> Question:
    return {"user": asker["user"], "groups": asker["groups"]}


def _path(asker: Question, path: str) -> Question:
    if not path.strip():
        raise ValueError("path must not be empty")
    return {**_asked(asker), PATH: "", "path": path}


def _account(asker: Question, namespace: str, name: str) -> Question:
    from pkctl.objects import names

    if names.dns_subdomain(name):
        raise ValueError("Invalid service account name")
    if names.dns_label(namespace):
        raise ValueError("Invalid service account namespace")
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{namespace}"]
    return {AUTHORIZER: "", "user": f"{ACCOUNT}{namespace}:{name}", "groups": groups}


def _resource(asker: Question, resource: str) -> Question:
    if not resource.strip():
        raise ValueError("resource must not be empty")
    return {**_asked(asker), RESOURCE: "", "group": asker["group"], "resource": resource}


def _with(name: str) -> Any:
    return lambda asker, text: {**asker, name: text}


FUNCTIONS: tuple[tuple[str, str, Any], ...] = (
    (".path", "As>P", _path),
    (".group", "As>G", lambda asker, group: {**_asked(asker), GROUP: "", "group": group}),
    (".serviceAccount", "Ass>A", _account),
    (".resource", "Gs>R", _resource),
    *((f".{name}", "Rs>R", _with(name)) for name in ("subresource", "namespace", "name", "fieldSelector", "labelSelector")),
    (".check", "Ps>C", None),
    (".check", "Rs>C", None),
    (".allowed", "C>b", lambda made: made["allowed"]),
    (".reason", "C>s", lambda made: made["reason"]),
    (".errored", "C>b", lambda made: bool(made["error"])),
    (".error", "C>s", lambda made: made["error"]),
)
"""As `customfunctions.FUNCTIONS`."""
