"""Blocking until something is so, while the cluster is kept going: what `delete`, `wait`, `rollout status` and others share.

Meanwhile the cluster goes on, so that without a daemon things move. Not here: what is waited for.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.cli.context import Context
    from pkctl.cli.visiting import Visit

FOREVER = 7 * 24 * 3600.0
PAUSE = 0.03
"""Seconds between two looks."""


def until(ctx: Context, check: Callable[[], bool], timeout: float) -> bool:
    """Whether `check` came true within `timeout` seconds; it is asked at least once."""
    clock = ctx.io.sources
    end = clock.monotonic() + timeout
    if check():
        return True
    with ctx.ticking():
        while (left := end - clock.monotonic()) > 0:
            clock.sleep(min(PAUSE, left))
            if check():
                return True
    return False


def gone(ctx: Context, visit: Visit, timeout: float, uid: str = "") -> None:
    """Wait until an object is no more, or another of its name took its place; kubectl's error when it stays."""

    def check() -> bool:
        try:
            obj = ctx.client.get(visit.row, visit.namespace, visit.name)
        except errors.NotFound:
            return True
        return bool(uid) and obj["metadata"].get("uid") != uid

    if not until(ctx, check, timeout if timeout > 0 else FOREVER):
        raise errors.CommandError(f"timed out waiting for the condition on {visit.row.plural}/{visit.name}")
