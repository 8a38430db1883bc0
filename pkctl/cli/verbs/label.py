"""`label` and `annotate`: `KEY=VALUE` adds, `KEY-` removes. Upstream: kubectl's cmd/label and cmd/annotate."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, templates, visiting, writes
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


class Changes:
    """What the words ask for: `kind` is "labels" or "annotations"."""

    __slots__ = ("add", "kind", "remove", "resources", "word")

    def __init__(self, ctx: Context) -> None:
        self.word = ctx.path
        self.kind = f"{ctx.path.removesuffix('ate')}ations" if ctx.path == "annotate" else "labels"
        noun = self.kind.removesuffix("s")
        self.resources, words = templates.split_args(ctx.args, noun)
        for word in words if noun == "label" else ():
            _judge_label(word)
        self.add, self.remove = templates.pairs(words, noun, removals=True)
        if noun == "label" and self.both():
            raise errors.CommandError("can not both modify and remove a label in the same command")
        if noun == "label" and ctx.flags["list"] and ctx.flags["output"]:
            raise errors.CommandError("--list and --output may not be specified together")

    def both(self) -> list[str]:
        """The keys that are to be added and to be removed."""
        return [key for key in self.remove if key in self.add]


def _judge_label(word: str) -> None:
    from pkctl.objects import names

    value = word.partition("=")[2]
    if "=" in value:
        raise errors.CommandError(f"invalid label spec: {word}")
    wrong = names.label_value(value)
    if wrong:
        raise errors.CommandError(f"invalid label value: {texts.quoted(word)}: {'; '.join(wrong)}")


def run(ctx: Context) -> int:
    """Change or list labels or annotations of what the arguments name."""
    flags = ctx.flags
    if ctx.path == "annotate":
        printing.select(ctx)
    changes = Changes(ctx)
    _judge(ctx, changes)
    printer = printing.select(ctx)
    named = not (flags["all"] or flags["selector"] or flags["field-selector"] or flags["filename"])
    if flags["resource-version"] and not _is_single(ctx, changes.resources):
        raise errors.CommandError("--resource-version may only be used with a single resource")
    return resources.each(
        ctx, changes.resources, lambda visit: _change(ctx, printer, changes, visit), local=bool(flags["local"]),
        nothing="one or more resources must be specified as <resource> <name> or <resource>/<name>" if named else "",
    )  # fmt: skip


def _is_single(ctx: Context, words: list[str]) -> bool:
    """Whether what is asked for can only be one object, or what one file holds."""
    files = ctx.flags["filename"]
    if files:
        from pkctl.cli import manifests

        recursive = bool(ctx.flags["recursive"])
        return files[0] != "-" and len([place for name in files for place in manifests.expand(name, recursive=recursive)]) == 1
    if ctx.flags["kustomize"]:
        return True
    if ctx.flags["all"] or ctx.flags["selector"] or ctx.flags["field-selector"]:
        return False
    return len(words) == 1 if "/" in words[0] else len(words) == 2 and "," not in words[0]


def _judge(ctx: Context, changes: Changes) -> None:
    flags = ctx.flags
    noun = changes.kind.removesuffix("s")
    templates.judge_all(ctx)
    if flags["all"] and flags["field-selector"]:
        raise errors.CommandError("cannot set --all and --field-selector at the same time")
    templates.judge_local(ctx)
    if flags["local"] and changes.resources:
        raise errors.CommandError(resources.ONLY_FILES if noun == "label" else resources.ONLY_FILES.replace("pod", "rsrc"))
    if flags["local"] and not flags["filename"] and not flags["kustomize"]:
        name = "pod" if noun == "label" else "rsrc"
        raise errors.CommandError(f"one or more files must be specified as -f {name}.yaml or --filename={name}.json")
    if not changes.resources and not flags["filename"] and not flags["kustomize"]:
        raise errors.CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    if not changes.add and not changes.remove and not flags["list"]:
        raise errors.CommandError(f"at least one {noun} update is required")
    if both := changes.both():
        listed = ", ".join(both)
        raise errors.CommandError(f"can not both modify and remove the following annotation(s) in the same command: {listed}")


def _change(ctx: Context, printer: printing.Printer, changes: Changes, visit: visiting.Visit) -> None:
    obj = visit.obj or {}
    old = dict((obj.get("metadata") or {}).get(changes.kind) or {})
    if not ctx.flags["overwrite"]:
        _clash(changes, old)
    local = bool(ctx.flags["local"] or ctx.flags["list"]) or ctx.dry_run == "client"
    if changes.word == "label" and not local:
        for key in changes.remove:
            if key not in old:
                ctx.io.out(f"label {texts.quoted(key)} not found.\n")
    new = {**{key: value for key, value in old.items() if key not in changes.remove}, **changes.add}
    meta = {**(obj.get("metadata") or {}), changes.kind: new}
    if not new and not local:
        del meta[changes.kind]
    if ctx.flags["resource-version"]:
        meta["resourceVersion"] = str(ctx.flags["resource-version"])
    result = {**obj, "metadata": meta}
    if not local:
        result = _send(ctx, changes, visit, old, new) if new != old or changes.word == "annotate" or ctx.flags["record"] else obj
    if ctx.flags["list"]:
        _list(ctx, changes, visit, new)
        return
    printer.show(result, visit.row, printing.said(ctx, _said(changes, old, new)))
    if changes.word == "label":
        printer.restart()


def _clash(changes: Changes, old: dict[str, str]) -> None:
    taken = [f"'{key}' already has a value ({old[key]})" for key in changes.add if key in old and old[key] != changes.add[key]]
    if taken and changes.word == "label":
        raise errors.CommandError(f"{taken[0]}, and --overwrite is false")
    if taken:
        raise errors.CommandError(f"--overwrite is false but found the following declared annotation(s): {'; '.join(taken)}")


def _said(changes: Changes, old: dict[str, str], new: dict[str, str]) -> str:
    if changes.word == "annotate":
        return "annotated"
    if new == old:
        return "not labeled"
    if not old.keys() - new.keys():
        return "labeled"
    return "modified" if changes.add.items() - old.items() else "unlabeled"


def _send(ctx: Context, changes: Changes, visit: visiting.Visit, old: dict[str, str], new: dict[str, str]) -> Object:
    visit.need_path("patch")
    changed: dict[str, Any] = {key: value for key, value in new.items() if old.get(key) != value}
    changed.update(dict.fromkeys(set(old) - set(new)))
    patch: Object = {"metadata": {changes.kind: changed}}
    if ctx.flags["resource-version"]:
        patch["metadata"]["resourceVersion"] = str(ctx.flags["resource-version"])
    return ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", writes.recorded(ctx, patch), writes.options(ctx))


def _list(ctx: Context, changes: Changes, visit: visiting.Visit, found: dict[str, str]) -> None:
    several = len(changes.resources) > 2 or ctx.flags["all"] or ctx.flags["selector"] or ctx.flags["field-selector"]
    if several:
        ctx.io.out(f"Listing {'labels' if ctx.path == 'label' else 'annotations'} for {visit.row.kind}.{visit.row.group}/{visit.name}:\n")
    for key in sorted(found):
        ctx.io.out(f"{' ' if several else ''}{key}={found[key]}\n")
