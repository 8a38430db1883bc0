"""DefinitionNames: what upstream is a controller's, accepting a definition's names, is done as it is written."""

from __future__ import annotations

from pkctl.api import establishing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request


def establish(request: Request) -> None:
    """See `establishing.establish`; a definition on its way out changes no more."""
    if not request.new["metadata"].get("deletionTimestamp"):
        establishing.establish(request)
