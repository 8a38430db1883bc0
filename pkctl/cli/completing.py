"""`__complete WORDS…`: what may stand at the last word; `value<TAB>description` lines and cobra's `:DIRECTIVE`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import flagdefs, flags, table
from pkctl.cli.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io

NO_FILES, DEFAULT = 4, 0
TYPED = (
    "annotate", "apply", "autoscale", "delete", "describe", "edit", "explain", "expose", "get", "label", "patch", "rollout", "scale", "set",
    "taint", "wait",
)  # fmt: skip
PODS = ("logs", "exec", "attach", "port-forward", "debug", "cp")
NODES = ("cordon", "uncordon", "drain")


def main(words: list[str], io: Io, *, describe: bool) -> int:
    """Print the candidates; a cluster that can't be asked gives none."""
    last = words[-1] if words else ""
    try:
        found, directive = candidates(words[:-1], last, io)
    except errors.PkctlError:
        found, directive = [], DEFAULT
    for value, text in found:
        if value.startswith(last):
            io.out(f"{value}\t{text}\n" if describe and text else f"{value}\n")
    io.out(f":{directive}\n")
    return 0


def candidates(before: list[str], last: str, io: Io) -> tuple[list[tuple[str, str]], int]:
    """(value, description) pairs that fit after the words before."""
    from pkctl.cli import run

    path, rest = run.find(before)
    row = table.row(path) or table.Row("", "", "", "", "", "")
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags)]
    if last.startswith("-"):
        return [(f"--{each.name}", "") for each in known], NO_FILES
    if row.is_group:
        return [(each.path.split()[-1], each.short) for each in table.children(path)], NO_FILES
    values = flags.Values(known)
    try:
        values = flags.parse(known, rest)
    except errors.UsageError as error:
        if "needs an argument" in str(error):
            return _flag_values(row, known, rest, io)
    return _arguments(Context(row, values, io), last)


def _flag_values(row: table.Row, known: list[flags.Flag], rest: list[str], io: Io) -> tuple[list[tuple[str, str]], int]:
    name = rest[-1].lstrip("-")
    values = flags.Values(known)
    ctx = Context(row, values, io)
    if name in ("n", "namespace"):
        return _names(ctx, "namespaces"), NO_FILES
    if name in ("o", "output"):
        from pkctl.cli import printing

        return [(form, "") for form in (printing.GET_FORMATS if row.path == "get" else printing.FORMATS)], NO_FILES
    return [], DEFAULT


def _arguments(ctx: Context, last: str) -> tuple[list[tuple[str, str]], int]:
    head, args = ctx.path.split()[0], ctx.args
    if head in NODES:
        return _names(ctx, "nodes"), NO_FILES
    if head in PODS:
        if not args and "/" not in last:
            return _names(ctx, "pods"), NO_FILES
        return (_slashed(ctx, last), NO_FILES) if not args else ([], DEFAULT)
    if head not in TYPED:
        return [], NO_FILES if head == "config" else DEFAULT
    if "/" in last:
        return _slashed(ctx, last), NO_FILES
    if not args:
        return [(row.plural if not row.group else f"{row.plural}.{row.group}", "") for row in ctx.kinds() if "get" in row.verbs], NO_FILES
    return ([], NO_FILES) if "/" in args[0] else (_names(ctx, args[0]), NO_FILES)


def _slashed(ctx: Context, last: str) -> list[tuple[str, str]]:
    kind = last.partition("/")[0]
    return [(f"{kind}/{name}", text) for name, text in _names(ctx, kind)]


def _names(ctx: Context, kind: str) -> list[tuple[str, str]]:
    row = ctx.kinds().find(kind)
    if row is None:
        return []
    listed = ctx.client.list(row, ctx.namespace if row.namespaced else "")
    return [(str(obj["metadata"]["name"]), "") for obj in listed.get("items") or []]
