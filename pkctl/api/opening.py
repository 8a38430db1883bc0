"""Opening a cluster: its API over a store, given the objects of a fresh one and the kinds that its definitions add.

Both are imported when needed: most commands meet a cluster that has begun, and no custom kinds.
"""

from __future__ import annotations

from pkctl.api import session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds import table
    from pkctl.store import base


def api(store: base.Store, **chosen: Any) -> session.Api:
    """The API over a store; `chosen` as `session.Api` takes it."""
    return session.Api(store, fill=_fill, served=_served, **chosen)


def _fill(made: session.Session) -> None:
    from pkctl.api import bootstrap

    bootstrap.fill(made)


def _served(made: session.Session) -> table.Kinds:
    from pkctl.api import definitions

    return definitions.served(made)
