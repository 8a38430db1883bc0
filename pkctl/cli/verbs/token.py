"""`create token`: a token of a ServiceAccount. Upstream: kubectl's cmd/create/create_token.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, writes
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

BOUND = ("Pod", "Secret", "Node")


def run(ctx: Context) -> int:
    """Ask for a token and print it."""
    flags, name = ctx.flags, common.name(ctx, may_be_empty=True)
    _judge(ctx, name)
    kind = str(flags["bound-object-kind"])
    if not kind and (flags["bound-object-name"] or flags["bound-object-uid"]):
        which = "name" if flags["bound-object-name"] else "uid"
        raise errors.CommandError(f"--bound-object-{which} can only be set if --bound-object-kind is provided")
    if kind and kind not in BOUND:
        raise errors.CommandError(f"supported --bound-object-kind values are {', '.join(sorted(BOUND))}")
    if kind and not flags["bound-object-name"]:
        raise errors.CommandError("--bound-object-name is required if --bound-object-kind is provided")
    printer = printing.select(ctx, ordered=True)
    if "/" in name or "%" in name:
        letter = next(letter for letter in name if letter in "/%")
        raise errors.CommandError(f"failed to create token: invalid resource name \"{name}\": [may not contain '{letter}']")
    spec: dict[str, object] = {"audiences": list(flags["audience"]) or None}
    if flags["duration"]:
        spec["expirationSeconds"] = int(flags["duration"])
    if kind:
        spec["boundObjectRef"] = {
            "kind": kind, "apiVersion": "v1", "name": str(flags["bound-object-name"]), "uid": str(flags["bound-object-uid"]),
        }  # fmt: skip
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {"name": name}, "spec": spec}
    row = resources.find(ctx, "serviceaccounts")
    try:
        made = ctx.client.create(row, ctx.namespace, body, writes.options(ctx, subresource="token"))
    except errors.StatusError as error:
        raise errors.CommandError(f"failed to create token: {error.message}") from error
    if printer.form:
        printer.show(_as_go(made))
    else:
        ctx.io.out(f"{made['status']['token']}\n")
    return 0


def _judge(ctx: Context, name: str) -> None:
    flags = ctx.flags
    if not name:
        raise errors.CommandError("service account name is required")
    if flags["duration"] < 0:
        raise errors.CommandError("--duration must be greater than or equal to 0")
    if flags["duration"] % 1:
        raise errors.CommandError("--duration cannot be expressed in units less than seconds")
    if "" in flags["audience"]:
        raise errors.CommandError("--audience must not be an empty string")


ORDER = {
    "": ("kind", "apiVersion", "metadata", "spec", "status"),
    "metadata": ("name", "namespace", "creationTimestamp"),
    "spec": ("audiences", "expirationSeconds", "boundObjectRef"),
    "status": ("token", "expirationTimestamp"),
}


def _as_go(made: dict[str, Any]) -> dict[str, Any]:
    """The answer with its fields in the order of Go's types, as kubectl prints what it holds as such."""
    parts = {part: {field: made[part][field] for field in order if field in made[part]} for part, order in ORDER.items() if part}
    return {field: parts.get(field, made[field]) for field in ORDER[""]}
