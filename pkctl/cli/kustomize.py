"""`kustomize`: refused by name until kustomizations can be built."""

from __future__ import annotations

import os

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Judge the directory as kubectl does, then say what is missing."""
    place = ctx.args[0] if ctx.args else "."
    if len(ctx.args) > 1:
        raise errors.CommandError("specify one path to kustomization.yaml")
    if not os.path.exists(place):
        full = os.path.join(os.getcwd(), place)
        raise errors.CommandError(
            f"must build at directory: not a valid directory: evalsymlink failure on '{place}' : lstat {full}: no such file or directory"
        )
    raise errors.CommandError("kustomize: this version of pkctl does not build kustomizations")
