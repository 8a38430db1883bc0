"""`proxy`: refused by name until the REST endpoint exists."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Say what is missing."""
    raise errors.CommandError(f"{ctx.path}: this cluster has no REST endpoint to stand in front of; it comes with `{ctx.io.program} serve`")
