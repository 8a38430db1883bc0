"""What every generator does around its object: the name, the namespace, `--dry-run`, `--save-config`, creating, printing."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, writes
from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def name(ctx: Context, *, may_be_empty: bool = False) -> str:
    """The one NAME, what follows `--` not counted."""
    count = ctx.flags.dash if ctx.flags.dash >= 0 else len(ctx.args)
    if count != 1:
        raise ctx.usage(f"exactly one NAME is required, got {count}")
    printing.select(ctx, "created", ordered=ctx.dry_run == "client")
    writes.validation(ctx)
    if not ctx.args[0] and not may_be_empty:
        raise errors.CommandError("name must be specified")
    return ctx.args[0]


def command(ctx: Context) -> list[str]:
    """The words after `--` (or after the name)."""
    return list(ctx.args[1:])


def meta(ctx: Context, object_name: str, *, namespaced: bool = True, labels: dict[str, str] | None = None) -> Object:
    """Metadata in Go's field order; the namespace only when it was given."""
    found: Object = {"name": object_name} if object_name else {}
    if namespaced and ctx.enforced:
        found["namespace"] = ctx.namespace
    if labels:
        found["labels"] = labels
    return found


def finish(ctx: Context, obj: Object, *, failed: str = "") -> int:
    """Print the object (client dry run) or create it and print what was stored; `failed` is kubectl's "failed to create …" start."""
    printer = printing.select(ctx, "created", ordered=ctx.dry_run == "client")
    dry = ctx.dry_run
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    assert row is not None
    if ctx.flags.get("save-config"):
        obj = writes.noted(obj)
    if dry != "client":
        try:
            obj = ctx.client.create(row, ctx.namespace if row.namespaced else "", obj, writes.options(ctx))
        except errors.StatusError as error:
            if not failed:
                raise
            raise errors.CommandError(f"{failed}{error}") from None
    printer.show(obj, row)
    return 0


def number_or_name(text: str) -> int | str:
    """An int of 32 bits where the text is one, else the text: Kubernetes' IntOrString."""
    return int(text) if text.isascii() and text.isdigit() and int(text) < 2**31 else text
