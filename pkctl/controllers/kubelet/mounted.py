"""Service account tokens in a pod's projected volumes: which are asked for, and when each is to be replaced.

Follows pkg/kubelet/token/token_manager.go and pkg/volume/projected. Kept under "tokens": when each volume's were issued, and when
they are to be fresh ones. A token is made only when its volume is written, so a look that writes nothing signs nothing.
"""

from __future__ import annotations

import base64

from pkctl.controllers.kubelet import env
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.controllers import plan
    from pkctl.controllers.kubelet import looks
    from pkctl.objects.meta import Object

    Files = dict[str, dict[str, Any]]

LIFE, SPENT, DAY = 3600, 0.8, 86400.0
"""Seconds of a token that doesn't say, the part of its life after which it is replaced, and when it is replaced at the latest."""

PRIVATE = 0o600


def placeholder(view: plan.View, pod: Object, source: Object, mode: int) -> dict[str, Any]:
    """A file that is to hold a token; `env.Missing` without the account."""
    spec = pod.get("spec") or {}
    name = spec.get("serviceAccountName") or "default"
    account = view.get("serviceaccounts", meta.namespace(pod), name)
    if account is None:
        raise env.Missing(f'failed to fetch token: serviceaccounts "{name}" not found')
    asked = {"account": name, "seconds": int(source.get("expirationSeconds") or LIFE), "audience": source.get("audience") or ""}
    return {"token": asked, "mode": PRIVATE if meta.at(spec, "securityContext", "fsGroup") is not None else mode}


def issued(look: looks.Look, volume: str, files: Files | None) -> float | None:
    """When the tokens of a volume were issued: now, when they are due; None when it holds none."""
    lives = [file["token"]["seconds"] for file in (files or {}).values() if "token" in file]
    if not lives:
        return None
    known = look.kept("tokens").get(volume)
    if known is None or look.now >= known[1]:
        known = look.kept("tokens")[volume] = [look.now, look.now + min(SPENT * min(lives), DAY)]
    look.later(known[1] - look.now)
    at: float = known[0]
    return at


def filled(look: looks.Look, files: Files | None) -> Files | None:
    """The files with a token in each that is to hold one."""
    if files is None:
        return None
    return {path: _with_token(look, file) if "token" in file else file for path, file in files.items()}


def _with_token(look: looks.Look, file: dict[str, Any]) -> dict[str, Any]:
    asked = file["token"]
    account = look.view.get("serviceaccounts", meta.namespace(look.pod), asked["account"])
    assert account is not None
    text = look.view.token(account, asked["seconds"], [asked["audience"]] if asked["audience"] else (), look.pod)
    return {"data": base64.b64encode(text.encode()).decode(), "mode": file["mode"]}
