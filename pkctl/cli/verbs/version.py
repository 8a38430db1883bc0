"""`version`: of pkctl and of the API it speaks. Upstream: kubectl's cmd/version."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing
from pkctl.objects import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """Print the versions."""
    form = str(ctx.flags["output"])
    if ctx.args and not ctx.flags["client"]:
        raise errors.CommandError(f"extra arguments: [{' '.join(ctx.args)}]")
    if form not in ("", "json", "yaml"):
        raise errors.CommandError("--output must be 'yaml' or 'json'")
    found: dict[str, Any] = {"clientVersion": client(), "kustomizeVersion": versions.KUSTOMIZE}
    if not ctx.flags["client"]:
        found["serverVersion"] = dict(ctx.client.version())
    if form == "":
        ctx.io.out(f"Client Version: {found['clientVersion']['gitVersion']}\nKustomize Version: {found['kustomizeVersion']}\n")
        if "serverVersion" in found:
            ctx.io.out(f"Server Version: {found['serverVersion']['gitVersion']}\n")
        return 0
    if form == "json":
        from pkctl.printers import jsons

        ctx.io.out(jsons.dump(found, sort_keys=False, indent="  "))
        return 0
    render = printing.renderer(ctx, form, None)
    assert render is not None
    ctx.io.out(render(found) + "\n")
    return 0


def client() -> dict[str, str]:
    """pkctl's own version.Info: its version as the build, the Kubernetes version that it follows as the rest."""
    return versions.information()
