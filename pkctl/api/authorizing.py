"""Who may do what: Roles, ClusterRoles and their bindings evaluated, as functions of what a `Sources` gives.

Follows plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go. Reading roles from a session is here too, since
every caller needs it; granting roles is `escalation`, asking is `reviews`, and a client's own requests are judged in client/acting.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.kinds import rbaccovering
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, Protocol

    from pkctl import errors
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Rule = dict[str, Any]
else:
    Protocol = object

MASTERS = "system:masters"
AUTHENTICATED, ANONYMOUS, UNAUTHENTICATED = "system:authenticated", "system:anonymous", "system:unauthenticated"
ACCOUNT = "system:serviceaccount:"
RBAC = "rbac.authorization.k8s.io"


class Sources(Protocol):
    """Where roles and bindings come from; objects as the API has them."""

    def role(self, namespace: str, name: str) -> Object | None:
        """A Role, or with namespace "" a ClusterRole."""

    def bindings(self, namespace: str) -> Iterable[Object]:
        """The RoleBindings of a namespace, or with "" the ClusterRoleBindings."""


class Stored:
    """The roles of a cluster, read within a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def role(self, namespace: str, name: str) -> Object | None:
        """See `Sources`."""
        return self._session.read(f"{'roles' if namespace else 'clusterroles'}.{RBAC}", namespace, name)

    def bindings(self, namespace: str) -> Iterable[Object]:
        """See `Sources`."""
        return self._session.read_all(f"{'rolebindings' if namespace else 'clusterrolebindings'}.{RBAC}", namespace)


class Attributes:
    """One request as authorizers see it: a resource's, or with `path` that of a URL. `groups` are all of the user's."""

    __slots__ = ("group", "groups", "name", "namespace", "path", "resource", "subresource", "user", "verb")

    def __init__(
        self,
        user: str,
        groups: Sequence[str],
        verb: str,
        *,
        group: str = "",
        resource: str = "",
        subresource: str = "",
        namespace: str = "",
        name: str = "",
        path: str = "",
    ) -> None:
        self.user, self.groups, self.verb, self.group, self.resource = user, tuple(groups), verb, group, resource
        self.subresource, self.namespace, self.name, self.path = subresource, namespace, name, path


def decide(sources: Sources, asked: Attributes) -> tuple[bool, str]:
    """Whether a request is allowed, and by what; when it is not, which roles could not be found."""
    if MASTERS in asked.groups:
        return True, ""
    missing: list[str] = []
    for source, rules in granted(sources, asked.user, asked.groups, asked.namespace, missing):
        if any(allows(rule, asked) for rule in rules):
            return True, f"RBAC: allowed by {source}"
    return False, f"RBAC: {_aggregate(missing)}" if missing else ""


def _aggregate(texts: Sequence[str]) -> str:
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"


def granted(sources: Sources, user: str, groups: Sequence[str], namespace: str, missing: list[str]) -> Iterator[tuple[str, Sequence[Rule]]]:
    """(what grants, its rules) for a user in a namespace, cluster-wide grants first; texts of roles not found go into `missing`."""
    for place in ("", namespace) if namespace else ("",):
        for binding in sources.bindings(place):
            subject = next((each for each in binding.get("subjects") or () if is_subject(each, user, groups, place)), None)
            if subject is None:
                continue
            role = binding["roleRef"]
            found = referenced(sources, role, place)
            if found is None:
                missing.append(f'{role["kind"].lower()}.{RBAC} "{role["name"]}" not found')
                continue
            yield _source(binding, subject, place), found.get("rules") or ()


def referenced(sources: Sources, reference: Object, namespace: str) -> Object | None:
    """The role that a binding's `roleRef` names, None when it isn't there."""
    return sources.role(namespace if reference["kind"] == "Role" else "", reference["name"])


def _source(binding: Object, subject: Object, namespace: str) -> str:
    name, role = meta.name(binding), binding["roleRef"]
    kind, shown = ("RoleBinding", f"{name}/{namespace}") if namespace else ("ClusterRoleBinding", name)
    own = subject["name"]
    if subject["kind"] == "ServiceAccount":
        own = f"{own}/{subject.get('namespace') or namespace}"
    return f'{kind} "{shown}" of {role["kind"]} "{role["name"]}" to {subject["kind"]} "{own}"'


def is_subject(subject: Object, user: str, groups: Sequence[str], namespace: str) -> bool:
    """Whether a binding's subject is this user, one of the groups, or the user's service account."""
    kind, name = subject.get("kind"), subject.get("name", "")
    if kind == "User":
        return bool(name == user)
    if kind == "Group":
        return name in groups
    place = subject.get("namespace") or namespace
    return kind == "ServiceAccount" and bool(place) and user == f"{ACCOUNT}{place}:{name}"


def groups_of(user: str, groups: Iterable[str] = ()) -> tuple[str, ...]:
    """The groups of somebody who acts as `user`: those given, those of a service account, and system:authenticated."""
    found = list(groups)
    if user.startswith(ACCOUNT) and not found:
        namespace = user.removeprefix(ACCOUNT).partition(":")[0]
        found = ["system:serviceaccounts", f"system:serviceaccounts:{namespace}"]
    last = UNAUTHENTICATED if user == ANONYMOUS else AUTHENTICATED
    is_said = last in found or (UNAUTHENTICATED in found)
    return tuple(found if is_said else [*found, last])


def allows(rule: Rule, asked: Attributes) -> bool:
    """Whether one rule allows a request."""
    if not _has(rule.get("verbs"), asked.verb):
        return False
    if asked.path:
        return any(rbaccovering.covers_url(url, asked.path) for url in rule.get("nonResourceURLs") or ())
    names = rule.get("resourceNames")
    return (
        _has(rule.get("apiGroups"), asked.group)
        and any(rbaccovering.covers_resource(each, asked.resource, asked.subresource) for each in rule.get("resources") or ())
        and (not names or asked.name in names)
    )


def _has(values: Sequence[str] | None, wanted: str) -> bool:
    return bool(values) and ("*" in values or wanted in values)  # type: ignore[operator]  # not None once it is true


def require(session: Session, verb: str, row: Row, namespace: str, name: str = "", subresource: str = "") -> None:
    """Forbidden, in the API server's words, unless the session's user may do this."""
    api = session.api
    if MASTERS in api.groups:
        return
    if row.id == "namespaces":
        namespace = name
    place = namespace if row.namespaced or row.id == "namespaces" else ""
    asked = Attributes(
        api.user, api.groups, verb, group=row.group, resource=row.plural, subresource=subresource, namespace=place, name=name
    )
    allowed, reason = decide(Stored(session), asked)
    if not allowed:
        raise refusal(row, asked, reason)


def refusal(row: Row, asked: Attributes, reason: str = "") -> errors.Forbidden:
    """`pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"`."""
    return refusals.forbidden(row, asked.name, denial(asked, reason))


def denial(asked: Attributes, reason: str = "") -> str:
    """`User "bob" cannot list resource "pods" in API group "" in the namespace "default"`, and why."""
    what = f"{asked.resource}/{asked.subresource}" if asked.subresource else asked.resource
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    text = f'User "{asked.user}" cannot {asked.verb} resource "{what}" in API group "{asked.group}" {where}'
    return f"{text}: {reason}" if reason else text
