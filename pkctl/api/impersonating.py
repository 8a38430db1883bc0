"""Acting as somebody else: whether a user may, and who that then is.

Follows apiserver/pkg/endpoints/filters/impersonation/impersonation.go: each of the name, groups, uid and extra values that are asked for
is judged by itself. What the user found may then do is `authorizing`'s.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import authorizing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

AUTHENTICATION = "authentication.k8s.io"


def user(wanted: Mapping[str, Any]) -> Object:
    """UserInfo of whom `user`, `groups`, `uid` and `extra` name."""
    name = wanted["user"]
    found: Object = {"username": name, "groups": list(authorizing.groups_of(name, wanted.get("groups") or ()))}
    if wanted.get("uid"):
        found["uid"] = wanted["uid"]
    if wanted.get("extra"):
        found["extra"] = {key.lower(): list(values) for key, values in wanted["extra"].items()}
    return found


def check(session: Session, asker: str, groups: Sequence[str], wanted: Mapping[str, Any]) -> None:
    """Forbidden, in the API server's words, unless the asker may act as whom is wanted."""
    if authorizing.MASTERS in groups:
        return
    for parts in _asked(wanted):
        asked = authorizing.Attributes(asker, groups, "impersonate", **parts)
        allowed, reason = authorizing.decide(authorizing.Stored(session), asked)
        if not allowed:
            shown = f"{asked.resource}.{asked.group}" if asked.group else asked.resource
            text = f'{shown} "{asked.name}" is forbidden: {authorizing.denial(asked, reason)}'
            details = {"name": asked.name, "group": asked.group, "kind": asked.resource}
            raise errors.Forbidden(text, {field: value for field, value in details.items() if value})


def _asked(wanted: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What rights are asked for, one by one."""
    name = wanted["user"]
    namespace, _, account = name.removeprefix(authorizing.ACCOUNT).partition(":")
    if name.startswith(authorizing.ACCOUNT) and namespace and account:
        yield {"resource": "serviceaccounts", "namespace": namespace, "name": account}
    else:
        yield {"resource": "users", "name": name}
    for group in wanted.get("groups") or ():
        yield {"resource": "groups", "name": group}
    for key, values in (wanted.get("extra") or {}).items():
        for value in values:
            yield {"group": AUTHENTICATION, "resource": "userextras", "subresource": key.lower(), "name": value}
    if wanted.get("uid"):
        yield {"group": AUTHENTICATION, "resource": "uids", "name": wanted["uid"]}
