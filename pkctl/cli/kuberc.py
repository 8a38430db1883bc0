"""`kuberc view|set`: refused by name until preferences are honoured."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Say what is missing."""
    raise errors.CommandError(f"{ctx.path}: this version of pkctl has no preferences file; defaults and aliases are not read")
