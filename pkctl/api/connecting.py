"""Asking admission about a stream into a pod: the operation CONNECT. The streams themselves are a client's."""

from __future__ import annotations

from pkctl.api import options, requests
from pkctl.api.admission import subjects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.session import Session


def admit(session: Session, namespace: str, pod: str, subresource: str, **chosen: Any) -> None:
    """A StatusError when a policy forbids `exec`, `attach` or `portforward`; `chosen` are the fields of its options object."""
    from pkctl.api.admission import chain

    _, version, kind = subjects.OWN_KINDS[subresource]
    shown = {"kind": kind, "apiVersion": version, "metadata": {"name": pod}, **{name: value for name, value in chosen.items() if value}}
    chain.admit(requests.Request("connect", session, session.row("pods"), namespace, shown, None, options.Options(), subresource))
