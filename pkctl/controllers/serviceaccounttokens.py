"""Secrets of the type kubernetes.io/service-account-token: filled with a token, and gone with their account.

Follows pkg/controller/serviceaccount/tokens_controller.go.
"""

from __future__ import annotations

import binascii

from pkctl.controllers import plan
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

SECRETS, ACCOUNTS = "secrets", "serviceaccounts"
TYPE = "kubernetes.io/service-account-token"
ACCOUNT, UID = "kubernetes.io/service-account.name", "kubernetes.io/service-account.uid"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Fill what the Secret lacks, or delete it when its account is not there or not the one it names."""
    secret = view.get(SECRETS, *key)
    if secret is None or secret.get("type") != TYPE or meta.is_deleting(secret):
        return plan.Plan()
    account, uid = account_of(view, secret), meta.annotations(secret).get(UID)
    if account is None or (uid and uid != meta.uid(account)):
        return plan.Plan([plan.Write("delete", SECRETS, secret)])
    wanted = _filled(view, secret, account)
    return plan.Plan([plan.Write("update", SECRETS, wanted)] if wanted != secret else [])


def account_of(view: plan.View, secret: Object) -> Object | None:
    """The account that a Secret is for."""
    return view.get(ACCOUNTS, meta.namespace(secret), meta.annotations(secret).get(ACCOUNT, ""))


def _filled(view: plan.View, secret: Object, account: Object) -> Object:
    wanted: Object = meta.clone(secret)
    held = wanted["data"] = wanted.get("data") or {}
    if not held.get("token"):
        held["token"] = _coded(view.lasting_token(account, secret))
    if certificate := view.authority():
        held["ca.crt"] = _coded(certificate)
    held.setdefault("namespace", _coded(meta.namespace(secret)))
    wanted["metadata"]["annotations"] = {**meta.annotations(secret), UID: meta.uid(account)}
    return wanted


def _coded(text: str) -> str:
    return binascii.b2a_base64(text.encode(), newline=False).decode()


def wake(view: plan.View, account: Object) -> Iterable[plan.Key]:
    """The Secrets of an account that is gone; a new account has none yet."""
    if view.get(ACCOUNTS, *meta.key(account)) is None:
        for secret in view.list(SECRETS, meta.namespace(account)):
            if secret.get("type") == TYPE and meta.annotations(secret).get(ACCOUNT) == meta.name(account):
                yield meta.key(secret)
