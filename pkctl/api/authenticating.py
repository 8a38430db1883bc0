"""Whose a token is: the signature, the claims, and whether the account and what the token is bound to still live.

Follows pkg/serviceaccount/{jwt,claims,legacy}.go and pkg/registry/authentication/tokenreview. Issuing is `tokens`. Every refusal is in
the words that a TokenReview's status carries.
"""

from __future__ import annotations

import binascii

from pkctl.api import authority, tokens
from pkctl.objects import fields, meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

    Claims = dict[str, Any]

NOBODY = "invalid bearer token"
"""What is said of a token that nobody here has issued, and put before every other reason."""

LEEWAY = 60
"""Seconds that clocks may differ."""

INVALIDATED = "service account token has been invalidated"
LEGACY = "kubernetes.io/serviceaccount/"
EXTRA = "authentication.kubernetes.io/"
GROUP = "system:serviceaccounts"


class Refused(Exception):
    """Why a token is not accepted."""


def review(session: Session, token: str, audiences: Sequence[str]) -> Object:
    """The status of a TokenReview."""
    try:
        user, shared = authenticate(session, token, audiences)
    except Refused as refused:
        text = str(refused)
        return {"user": {}, "error": NOBODY if text == NOBODY else f"[{NOBODY}, {text}]"}
    return {"authenticated": True, "user": user, "audiences": shared}


def authenticate(session: Session, token: str, audiences: Sequence[str] = ()) -> tuple[Object, list[str]]:
    """The UserInfo that a token stands for, and which of the audiences (none: the API server) it is for; Refused."""
    claims = _verified(session, token)
    meant = [claims["aud"]] if isinstance(claims.get("aud"), str) else claims.get("aud") or list(tokens.AUDIENCES)
    wanted = list(audiences or tokens.AUDIENCES)
    shared = [each for each in meant if each in wanted]
    if not shared:
        raise Refused(f"token audiences {_listed(meant)} is invalid for the target audiences {_listed(wanted)}")
    user = _legacy(session, token, claims) if claims["iss"] == tokens.LEGACY_ISSUER else _bound(session, claims)
    return {**user, "groups": [*user["groups"], "system:authenticated"]}, shared


def _listed(words: Sequence[str]) -> str:
    return f"[{' '.join(fields.quoted(word) for word in words)}]"


def _verified(session: Session, token: str) -> Claims:
    """The claims of a token that our key signed."""
    import json

    parts = token.split(".")
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
        signature = _decoded(parts[2])
        is_ours = len(parts) == 3 and claims["iss"] in (tokens.ISSUER, tokens.LEGACY_ISSUER)
    except (ValueError, IndexError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise Refused(NOBODY)
    key = authority.key_id(session)
    if not key or header.get("kid") not in (None, "", key):
        raise Refused("invalid signature, no keys found")
    if header.get("alg") != "ES256" or not authority.has_signed(session, ".".join(parts[:2]).encode(), signature):
        raise Refused("go-jose/go-jose: error in cryptographic primitive")
    found: Claims = claims
    return found


def _decoded(part: str) -> bytes:
    return binascii.a2b_base64(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4))


def _bound(session: Session, claims: Claims) -> Object:
    now = session.api.sources.now()
    if now > claims.get("exp", 0) + LEEWAY:
        raise Refused("service account token has expired")
    if now < claims.get("nbf", 0) - LEEWAY:
        raise Refused("service account token is not valid yet")
    private = claims.get("kubernetes.io") or {}
    namespace, account = private.get("namespace", ""), private.get("serviceaccount") or {}
    found = _account(session, namespace, account.get("name", ""))
    if _is_gone(found, now):
        raise Refused(f"service account {namespace}/{account['name']} has been deleted")
    if meta.uid(found) != account.get("uid"):
        raise Refused(f"service account UID ({meta.uid(found)}) does not match claim ({account.get('uid', '')})")
    extra: dict[str, list[str]] = {}
    if claims.get("jti"):
        extra[f"{EXTRA}credential-id"] = [f"JTI={claims['jti']}"]
    for kind in ("secret", "pod"):
        if kind in private:
            _check(session, kind, namespace, private[kind])
    if "node" in private and "pod" not in private:
        _check(session, "node", "", private["node"])
    for kind in ("node", "pod"):
        for part in ("name", "uid"):
            if value := (private.get(kind) or {}).get(part):
                extra[f"{EXTRA}{kind}-{part}"] = [value]
    return _user(namespace, found, extra)


def _check(session: Session, kind: str, namespace: str, reference: Object) -> None:
    """Refused unless what a token is bound to lives, and is the very object."""
    found = session.read(f"{kind}s", namespace, reference.get("name", ""))
    if found is None or _is_gone(found, session.api.sources.now()):
        raise Refused(INVALIDATED)
    if meta.uid(found) != reference.get("uid"):
        raise Refused(f"{kind} UID ({meta.uid(found)}) does not match service account {kind} ref claim ({reference.get('uid', '')})")


def _is_gone(obj: Object, now: float) -> bool:
    """Whether the object was deleted longer ago than clocks may differ."""
    stamp = obj["metadata"].get("deletionTimestamp")
    return bool(stamp) and times.parse(stamp) < now - LEEWAY


def _account(session: Session, namespace: str, name: str) -> Object:
    found = session.read("serviceaccounts", namespace, name)
    if found is None:
        raise Refused(f'serviceaccounts "{name}" not found')
    return found


def _user(namespace: str, account: Object, extra: dict[str, list[str]]) -> Object:
    name = f"system:serviceaccount:{namespace}:{meta.name(account)}"
    user: Object = {"username": name, "uid": meta.uid(account), "groups": [GROUP, f"{GROUP}:{namespace}"]}
    return {**user, "extra": extra} if extra else user


def _legacy(session: Session, token: str, claims: Claims) -> Object:
    """A token kept in a Secret: it lives as long as the Secret holds it."""
    namespace, kept = claims.get(f"{LEGACY}namespace", ""), claims.get(f"{LEGACY}secret.name", "")
    name, uid = (claims.get(f"{LEGACY}service-account.{part}", "") for part in ("name", "uid"))
    if claims.get("sub") != f"system:serviceaccount:{namespace}:{name}":
        raise Refused("sub claim is invalid")
    secret = session.read("secrets", namespace, kept)
    if secret is None or meta.is_deleting(secret):
        raise Refused("Token has been invalidated")
    if binascii.a2b_base64(meta.at(secret, "data", "token", default="")) != token.encode():
        raise Refused("Token does not match server's copy")
    found = _account(session, namespace, name)
    if meta.is_deleting(found):
        raise Refused(f"ServiceAccount {namespace}/{name} has been deleted")
    if meta.uid(found) != uid:
        raise Refused(f"ServiceAccount UID ({meta.uid(found)}) does not match claim ({uid})")
    return _user(namespace, found, {})
