"""`create token`: a token of a ServiceAccount. Upstream: kubectl's cmd/create/create_token.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, writes
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context

BOUND = ("Pod", "Secret", "Node")


def run(ctx: Context) -> int:
    """Ask for a token and print it."""
    flags, name = ctx.flags, common.name(ctx)
    if flags["duration"] < 0:
        raise errors.CommandError("--duration must be greater than or equal to 0")
    kind = str(flags["bound-object-kind"])
    if not kind and (flags["bound-object-name"] or flags["bound-object-uid"]):
        which = "name" if flags["bound-object-name"] else "uid"
        raise errors.CommandError(f"--bound-object-{which} can only be set if --bound-object-kind is provided")
    if kind and kind not in BOUND:
        raise errors.CommandError(f"supported --bound-object-kind values are {', '.join(sorted(BOUND))}")
    if kind and not flags["bound-object-name"]:
        raise errors.CommandError("--bound-object-name is required if --bound-object-kind is provided")
    printer = printing.select(ctx)
    spec: dict[str, object] = {"audiences": list(flags["audience"]) or None}
    if flags["duration"]:
        spec["expirationSeconds"] = int(flags["duration"])
    if kind:
        spec["boundObjectRef"] = {
            "kind": kind, "apiVersion": "v1", "name": str(flags["bound-object-name"]), "uid": str(flags["bound-object-uid"]),
        }  # fmt: skip
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {"name": name}, "spec": spec}
    row = resources.find(ctx, "serviceaccounts")
    made = ctx.client.create(row, ctx.namespace, body, writes.options(ctx, subresource="token"))
    if printer.form:
        printer.show(made)
    else:
        ctx.io.out(f"{made['status']['token']}\n")
    return 0
