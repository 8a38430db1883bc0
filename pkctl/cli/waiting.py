"""Blocking until something is so, while the cluster is kept going: what `delete`, `wait`, `rollout status` and others share.

Between two looks the client settles what is due, so that without a daemon things move on. Not here: what is waited for.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.cli.context import Context
    from pkctl.cli.visiting import Visit

FOREVER = 7 * 24 * 3600.0
PAUSE = 0.1
"""Seconds between two looks when the client had nothing to settle."""


def until(ctx: Context, check: Callable[[], bool], timeout: float) -> bool:
    """Whether `check` came true within `timeout` seconds; it is asked at least once."""
    clock = ctx.io.sources
    end = clock.monotonic() + timeout
    while not check():
        left = end - clock.monotonic()
        if left <= 0:
            return False
        step(ctx, min(left, 1.0))
    return True


def step(ctx: Context, longest: float = 1.0) -> None:
    """Let the cluster go on for a moment."""
    clock = ctx.io.sources
    began = clock.monotonic()
    if ctx.flags.get("settle") != "never":
        ctx.client.settle(timeout=longest)
    spent = clock.monotonic() - began
    if spent < PAUSE:
        clock.sleep(min(PAUSE, longest) - spent if min(PAUSE, longest) > spent else 0.001)


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
