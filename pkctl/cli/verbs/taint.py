"""`taint`: `KEY=VALUE:EFFECT` adds, `KEY[:EFFECT]-` removes. Upstream: kubectl's cmd/taint."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, writes
from pkctl.objects import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def run(ctx: Context) -> int:
    """Change the taints of the nodes named."""
    writes.validation(ctx)
    words, changes = _split(ctx.args)
    for word in changes:
        if not _is_change(word):
            raise errors.CommandError(f"all resources must be specified before taint changes: {word}")
    if not words:
        raise errors.CommandError("one or more resources must be specified as <resource> <name>")
    if not changes:
        raise errors.CommandError("at least one taint update is required")
    add, remove = _parse(ctx, changes)
    _judge_kind(ctx, words[0].lower())
    if ctx.flags["all"] and ctx.flags["selector"]:
        raise errors.CommandError("setting 'all' parameter with a non empty selector is prohibited")
    printer = printing.select(ctx)
    selected = ctx.flags["all"] or ctx.flags["selector"]
    if len(words) == 1 and not selected:
        raise errors.CommandError("at least one resource name must be specified since 'all' parameter is not set")
    return resources.each(ctx, words[:1] if selected else words, lambda visit: _taint(ctx, printer, visit, add, remove))


def _judge_kind(ctx: Context, word: str) -> None:
    """Raise for any word but one for nodes; a name that is joined to it makes it another."""
    if "/" in word or (row := resources.known(ctx, word)) is None:
        raise report.Many([errors.CommandError(f'the server doesn\'t have a resource type "{word}"')])
    if row.id != "nodes":
        raise errors.CommandError(f"invalid resource type {word}, only node types are supported")


def _is_change(word: str) -> bool:
    return "=" in word or word.endswith("-") or ":" in word


def _split(args: list[str]) -> tuple[list[str], list[str]]:
    place = next((n for n, word in enumerate(args) if "=" in word or word.endswith("-") or (":" in word and n)), len(args))
    return args[:place], args[place:]


def _parse(ctx: Context, changes: list[str]) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    add: list[dict[str, str]] = []
    remove: list[tuple[str, str]] = []
    for word in changes:
        taint = _taint_of(ctx, word.removesuffix("-"))
        if word.endswith("-"):
            remove.append((taint["key"], taint.get("effect", "")))
        elif "effect" not in taint:
            raise ctx.usage(f"invalid taint spec: {word}")
        else:
            add.append(taint)
    both = sorted({f"{each['key']}={gone}" for each in add for key, gone in remove if key == each["key"] and gone in ("", each["effect"])})
    if both:
        raise errors.CommandError(f"can not both modify and remove the following taint(s) in the same command: {', '.join(both)}")
    for number, each in enumerate(add):
        if any((other["key"], other["effect"]) == (each["key"], each["effect"]) for other in add[:number]):
            same = f"{each['key']} {each.get('value', '')} {each['effect']} <nil>"
            raise ctx.usage(f"duplicated taints with the same key and effect: {{{same}}}")
    return add, remove


def _taint_of(ctx: Context, text: str) -> dict[str, str]:
    """`KEY[=VALUE]:EFFECT`, or a KEY alone; a usage error for anything else."""
    pair, colon, effect = text.partition(":")
    key, _, value = pair.partition("=") if colon else (text, "", "")
    if ":" in effect or "=" in value:
        raise ctx.usage(f"invalid taint spec: {text}")
    if colon and effect not in EFFECTS:
        raise ctx.usage(f"invalid taint effect: {effect}, unsupported taint effect")
    wrong = names.label_value(value) or names.qualified_name(key)
    if wrong:
        raise ctx.usage(f"invalid taint spec: {text}, {'; '.join(wrong)}")
    found = {"effect": effect, "key": key, "value": value}
    return {name: said for name, said in found.items() if said}


def _taint(
    ctx: Context, printer: printing.Printer, visit: visiting.Visit, add: list[dict[str, str]], remove: list[tuple[str, str]]
) -> None:
    old = list(((visit.obj or {}).get("spec") or {}).get("taints") or [])
    new = [each for each in old if not any(_removes(gone, each) for gone in remove)]
    for key, effect in remove:
        if not any(_removes((key, effect), each) for each in old):
            raise errors.CommandError(f'taint "{key}{":" if effect else ""}{effect}" not found')
    for each in add:
        same = next((other for other in new if other["key"] == each["key"] and other["effect"] == each["effect"]), None)
        if same is not None and not ctx.flags["overwrite"]:
            raise errors.CommandError(f"node {visit.name} already has {each['key']} taint(s) with same effect(s) and --overwrite is false")
        if same is not None:
            new.remove(same)
        new.append(each)
    did = "untainted" if not add else "modified" if (len(new) == len(old) and remove) or ctx.flags["overwrite"] else "tainted"
    result = {**(visit.obj or {}), "spec": {**((visit.obj or {}).get("spec") or {}), "taints": new}}
    if ctx.dry_run != "client":
        patch = {"spec": {"taints": new or None}}
        result = ctx.client.patch(visit.row, "", visit.name, "merge", patch, writes.options(ctx))
    printer.show(result, visit.row, did)


def _removes(gone: tuple[str, str], taint: dict[str, str]) -> bool:
    return taint["key"] == gone[0] and gone[1] in ("", taint["effect"])
