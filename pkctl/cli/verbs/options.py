"""`options`: the flags of every command."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Print them."""
    from pkctl.cli import helps

    helps.options(ctx.io)
    return 0
