"""Which cluster a command line asks for, and as whom: what its flags and the environment say.

Not here: what a kubeconfig makes of it (`contexts`).
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.flags import Values

SERVER_FLAGS = (
    "certificate-authority", "client-certificate", "client-key", "disable-compression",
    "insecure-skip-tls-verify", "password", "server", "tls-server-name", "token", "user", "username",
)  # fmt: skip
WITHOUT_USER = "requesting uid, groups or user-extra for  without impersonating a user"


class Settings:
    """Which cluster and how: `place` a file or URL ("" for the default), the rest as the flags of kubeconfig say it.

    `is_configured`: a kubeconfig has been read for it."""

    __slots__ = (
        "actor",
        "cluster",
        "context",
        "env",
        "given",
        "hollow",
        "is_configured",
        "is_direct",
        "is_placed",
        "kubeconfig",
        "namespace",
        "place",
        "refusal",
        "request_timeout",
        "server_flags",
    )

    def __init__(self, values: Values, env: Any) -> None:
        named = str(values.get("cluster", "") or "")
        self.is_placed, self.refusal = is_place(named), ""
        self.place = named if is_place(named) else str(env.get("PKCTL_CLUSTER", ""))
        self.cluster = "" if is_place(named) else named
        self.context, self.kubeconfig = str(values.get("context", "")), str(values.get("kubeconfig", ""))
        self.namespace = str(values.get("namespace", "") or "default")
        self.request_timeout = str(values.get("request-timeout", "0"))
        self.server_flags = {name: values[name] for name in SERVER_FLAGS if name in values.flags and values.given(name)}
        self.given, self.env, self.hollow = frozenset(values.changed), env, bool(values.get("no-nodes"))
        self.actor, self.is_direct, self.is_configured = _actor(values), False, False

    def judge(self) -> None:
        """Raise what the context's place can't be used for."""
        if self.refusal:
            raise errors.CommandError(self.refusal)


def _actor(values: Values) -> dict[str, Any]:
    """Whom `--as` and its sisters ask to act as, and whose `--token` it is; empty for the cluster's owner."""
    extra: dict[str, list[str]] = {}
    for text in values.get("as-user-extra") or ():
        name, _, value = str(text).partition("=")
        extra.setdefault(name, []).append(value)
    said = {"user": str(values.get("as") or ""), "groups": list(values.get("as-group") or ()), "uid": str(values.get("as-uid") or "")}
    found = {name: value for name, value in {**said, "extra": extra}.items() if value}
    if found and "user" not in found:
        raise errors.CommandError(WITHOUT_USER)
    token = values.get("token") if "token" in values.flags and values.given("token") else ""
    return {**found, "token": str(token)} if token else found


def is_place(text: str) -> bool:
    """Whether `--cluster` names a file or URL rather than a kubeconfig cluster."""
    return "/" in text or ":" in text or text.endswith(".db")
