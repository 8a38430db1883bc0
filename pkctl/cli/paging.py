"""Long lists in portions: `--chunk-size` by limit and continue, the portions joined. Upstream: client-go's tools/pager."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.api.options import Query
    from pkctl.cli.context import Context

    Object = dict[str, Any]


def size(ctx: Context) -> int:
    """How many objects to ask for at once; 0 for all. A negative number is kubectl's own way to say 0."""
    return max(0, int(ctx.flags.get("chunk-size") or 0))


def whole(ask: Callable[[Query], Object], query: Query, limit: int, field: str = "items") -> Object:
    """The list or Table that all portions make; when the portions' revision is gone meanwhile, the whole list, asked for at once."""
    query.limit = limit
    found = ask(query)
    more = (found.get("metadata") or {}).get("continue")
    if not more:
        return found
    parts = list(found.get(field) or [])
    while more:
        query.continue_ = more
        try:
            portion = ask(query)
        except errors.Expired:
            query.limit, query.continue_ = 0, ""
            return ask(query)
        parts.extend(portion.get(field) or [])
        more = (portion.get("metadata") or {}).get("continue")
    metadata = {name: value for name, value in found["metadata"].items() if name not in ("continue", "remainingItemCount")}
    return {**found, "metadata": metadata, field: parts}
