"""Service account tokens issued: JSON Web Tokens that the cluster signs (ES256), and the TokenRequest that asks for one.

Follows pkg/registry/core/serviceaccount/storage/token.go and pkg/serviceaccount/{claims,jwt,legacy}.go. Whose a token is, is
`authenticating`; the keys are `authority`'s.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import authority, reading, refusals
from pkctl.kinds import table
from pkctl.objects import fields, meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

ISSUER = "https://kubernetes.default.svc.cluster.local"
LEGACY_ISSUER = "kubernetes/serviceaccount"
AUDIENCES = (ISSUER,)
"""Whom a token is for that names nobody: this API server."""

ROW = table.Row("authentication.k8s.io", "v1", "TokenRequest", "tokenrequests", verbs=("create",))
DEFAULT, SHORTEST, LONGEST = 3600, 600, 1 << 32
MOUNTED, EXTENDED = 3607, 365 * 86400
"""Seconds that mark a token which admission mounted, and how long such a one really lasts, for readers that keep it."""

BINDABLE = {"Pod": "pods", "Secret": "secrets", "Node": "nodes"}


def signed(session: Session, claims: Object) -> str:
    """The token that makes these claims."""
    import json

    return authority.sign(session, {"alg": "ES256"}, json.dumps(claims, separators=(",", ":")).encode())


def issue(session: Session, account: Object, seconds: int, audiences: Sequence[str] = (), bound: Object | None = None) -> str:
    """A token of an account's, bound to a Pod, a Secret or a Node as long as that lives."""
    api, namespace, now = session.api, meta.namespace(account), int(session.api.sources.now())
    private: Object = {"namespace": namespace}
    lasts = seconds
    if bound is not None:
        private |= _bound(session, bound)
        if bound["kind"] == "Pod" and seconds == MOUNTED and set(audiences or AUDIENCES) <= set(AUDIENCES):
            private["warnafter"], lasts = now + seconds, EXTENDED
    private["serviceaccount"] = _reference(account)
    claims = {
        "aud": list(audiences or AUDIENCES),
        "exp": now + lasts,
        "iat": now,
        "iss": ISSUER,
        "jti": api.sources.uid(),
        "kubernetes.io": dict(sorted(private.items())),
        "nbf": now,
        "sub": f"system:serviceaccount:{namespace}:{meta.name(account)}",
    }
    return signed(session, claims)


def _bound(session: Session, bound: Object) -> Object:
    found = {bound["kind"].lower(): _reference(bound)}
    node = meta.at(bound, "spec", "nodeName") if bound["kind"] == "Pod" else None
    if node:
        found["node"] = _reference(session.read("nodes", "", node) or {"metadata": {"name": node}})
    return found


def _reference(obj: Object) -> dict[str, Any]:
    found = {"name": meta.name(obj), "uid": obj["metadata"].get("uid", "")}
    return {field: value for field, value in found.items() if value}


def lasting(session: Session, account: Object, secret: Object) -> str:
    """The token that never ends of a Secret of the type kubernetes.io/service-account-token."""
    namespace, name = meta.namespace(account), meta.name(account)
    return signed(
        session,
        {
            "iss": LEGACY_ISSUER,
            "kubernetes.io/serviceaccount/namespace": namespace,
            "kubernetes.io/serviceaccount/secret.name": meta.name(secret),
            "kubernetes.io/serviceaccount/service-account.name": name,
            "kubernetes.io/serviceaccount/service-account.uid": meta.uid(account),
            "sub": f"system:serviceaccount:{namespace}:{name}",
        },
    )


def request(session: Session, namespace: str, name: str, obj: Object, options: Options) -> Object:
    """A TokenRequest answered: NotFound for the account or what the token is bound to, Invalid, BadRequest, Conflict by uid."""
    new = reading.decoded(session, ROW, obj, options)
    own = new["metadata"]
    for field, value, what in (("name", name, "name"), ("namespace", namespace, "namespace")):
        if own.get(field) and own[field] != value:
            problem = fields.invalid(f"metadata.{field}", own[field], f"must match the service account {what} if specified")
            raise refusals.invalid(ROW, name, [problem])
    account = session.read("serviceaccounts", namespace, name)
    if account is None:
        raise refusals.not_found(session.row("serviceaccounts"), name)
    spec = new["spec"] = {**(new.get("spec") or {})}
    spec["audiences"] = spec.get("audiences") or list(AUDIENCES)
    spec["expirationSeconds"] = seconds = DEFAULT if spec.get("expirationSeconds") is None else spec["expirationSeconds"]
    if found := problems(spec):
        raise refusals.invalid(ROW, "", found)
    spec["boundObjectRef"] = spec.get("boundObjectRef")
    bound = _referred(session, namespace, name, spec["boundObjectRef"])
    now = session.api.sources.now()
    made = {"name": name, "namespace": namespace, **own, "creationTimestamp": times.stamp(now)}
    token = issue(session, account, seconds, spec["audiences"], bound)
    return {**new, "metadata": made, "status": {"token": token, "expirationTimestamp": times.stamp(now + seconds)}}


def problems(spec: Object) -> list[fields.Problem]:
    """ValidateTokenRequest: ten minutes at least."""
    seconds, field = spec["expirationSeconds"], "spec.expirationSeconds"
    if seconds < SHORTEST:
        return [fields.invalid(field, seconds, "may not specify a duration less than 10 minutes")]
    if seconds > LONGEST:
        return [fields.invalid(field, seconds, "may not specify a duration larger than 2^32 seconds")]
    return []


def _referred(session: Session, namespace: str, account: str, reference: Object | None) -> Object | None:
    """The object that a token is to be bound to."""
    if reference is None:
        return None
    kind, version, name = (reference.get(field) or "" for field in ("kind", "apiVersion", "name"))
    group = version.partition("/")[0] if "/" in version else ""
    if kind not in BINDABLE or group:
        shown = version if group else f"/{version}"
        raise errors.BadRequest(f"cannot bind token to object of type {shown}, Kind={kind}")
    found = session.read(BINDABLE[kind], "" if kind == "Node" else namespace, name)
    if found is None:
        raise refusals.not_found(session.row(BINDABLE[kind]), name)
    if kind == "Pod" and meta.at(found, "spec", "serviceAccountName") != account:
        text = f'cannot bind token for serviceaccount "{account}" to pod running with different serviceaccount name.'
        raise errors.BadRequest(text)
    if reference.get("uid") and reference["uid"] != meta.uid(found):
        text = (
            f"the UID in the bound object reference ({reference['uid']}) does not match the UID in record. "
            "The object might have been deleted and then recreated"
        )
        raise errors.Conflict(f'Operation cannot be fulfilled on {kind} "{name}": {text}', {"name": name, "kind": kind})
    return found
