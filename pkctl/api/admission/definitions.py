"""DefinitionNames: what upstream is controllers', accepting a definition's names and registering its versions, is done as it is written."""

from __future__ import annotations

from pkctl.api import establishing, registering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request


def establish(request: Request) -> None:
    """See `establishing.establish` and `registering.follow`; a definition on its way out changes no more."""
    if not request.new["metadata"].get("deletionTimestamp"):
        establishing.establish(request)
        registering.follow(request.session, request.old, request.new)
