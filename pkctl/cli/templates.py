"""Changing pod templates: what the `set` verbs share. An object goes in, its pod spec is changed in a copy, a patch goes out.

Upstream: kubectl's cmd/set/helper.go.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, typed, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

FAILED = {
    "env": "env update to pod template: ",
    "image": "image update to pod template: ",
    "resource": "resources update to pod template ",
    "serviceaccount": "ServiceAccountName ",
    "subjects": "subjects to rolebinding: ",
}
"""What could not be patched, by the first word of what would have been done."""


class Unfit(errors.CommandError):
    """An object of a kind that a change does not fit: nothing is done to it."""


def pod_spec(obj: Object) -> Object | None:
    """The pod spec inside an object, None for a kind without one."""
    kind = obj.get("kind")
    spec = obj.get("spec") or {}
    if kind == "Pod":
        return obj.setdefault("spec", {})  # type: ignore[no-any-return]
    if kind == "CronJob":
        spec = ((spec.get("jobTemplate") or {}).get("spec")) or {}
    found = (spec.get("template") or {}).get("spec")
    return found if isinstance(found, dict) else None


def no_template(ctx: Context, visit: visiting.Visit) -> Unfit:
    """kubectl's error for an object without a pod template."""
    return unfit(ctx, visit, f"the object is not a pod or does not have a pod template: *{visit.row.version}.{visit.row.kind}")


def unfit(ctx: Context, visit: visiting.Visit, reason: str) -> Unfit:
    """kubectl's error for an object that a change does not fit; a local file's kind has no plural."""
    word = f"{visit.row.plural}/{visit.name}"
    if ctx.flags["local"]:
        word = f"{visiting.shown_kind(visit.row)}/{visit.name}" + ("\n" if visit.row.group else "")
    return Unfit(f"error: {word} {reason}\n")


def containers(spec: Object) -> list[Object]:
    """Every container, init containers too."""
    return [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]


def matching(spec: Object, pattern: str) -> list[Object]:
    """The containers whose names match a `*` pattern."""
    from fnmatch import fnmatchcase

    return [each for each in containers(spec) if fnmatchcase(each["name"], pattern)]


def judge_local(ctx: Context) -> None:
    """Refuse to ask a server what is to stay here."""
    if ctx.flags["local"] and ctx.dry_run == "server":
        raise errors.CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")


def judge_all(ctx: Context) -> None:
    """Refuse everything together with a selection."""
    if ctx.flags["all"] and ctx.flags["selector"]:
        raise errors.CommandError("cannot set --all and --selector at the same time")


def gather(ctx: Context, words: list[str]) -> list[visiting.Visit]:
    """What is to be changed, each of a kind that kubectl has a type of."""
    visits, failed = resources.gather(ctx, words, local=bool(ctx.flags["local"]))
    if len(failed) == 1:
        raise failed[0]
    report.raise_all(failed)
    return visits


def change(
    ctx: Context,
    visits: list[visiting.Visit],
    operation: str,
    edit: Callable[[visiting.Visit, Object], None],
    *,
    always: bool = False,
    late: str = "",
) -> int:
    """Apply `edit` to a copy of each object and send what changed; `edit` raises CommandError for an object that can't take it.

    `late` is what kubectl has against the command line, but says only of what was sent, in place of its name.
    """
    printer = printing.select(ctx, operation, ordered=bool(ctx.flags["local"]))
    failed: list[errors.PkctlError] = []
    for visit in visits:
        try:
            one(ctx, printer, visit, edit, always=always, late=late)
        except errors.PkctlError as error:
            failed.append(error)
    report.raise_all(failed)
    return 0


def one(
    ctx: Context,
    printer: printing.Printer,
    visit: visiting.Visit,
    edit: Callable[[visiting.Visit, Object], None],
    *,
    always: bool = False,
    late: str = "",
) -> None:
    """Change one object; of one that stays as it was nothing is printed, but for `always` when nothing is sent.

    What `edit` could not do is raised when the rest has been done.
    """
    from pkctl.objects import meta

    local = bool(ctx.flags.get("local"))
    old = typed.filled(visit.obj or {}) if local else visit.obj or {}
    new, failed = meta.clone(old), None
    try:
        edit(visit, new)
    except Unfit:
        raise
    except errors.PkctlError as error:
        failed = error
    new = writes.recorded(ctx, new)
    if local:
        new = typed.filled(new)
        if wrong := typed.unkeyed(new):
            raise errors.CommandError(f"error: {visit.shown()} {wrong}")
    form, patch = difference(visit, old, new)
    if local or ctx.dry_run == "client":
        if patch or (always and not failed):
            printer.show(new, visit.row)
    elif patch or (always and not failed and visit.row.id == "services"):
        sent = _sent(ctx, printer, visit, form, patch)
        if late:
            raise errors.CommandError(late)
        printer.show(sent, visit.row)
    if failed:
        raise failed


def _sent(ctx: Context, printer: printing.Printer, visit: visiting.Visit, form: str, patch: Object) -> Object:
    try:
        return ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, writes.options(ctx))
    except errors.StatusError as error:
        what = FAILED.get(printer.operation.split()[0])
        if what is None:
            raise
        raise errors.CommandError(f"failed to patch {what}{error}") from None


def difference(visit: visiting.Visit, old: Object, new: Object) -> tuple[str, Object]:
    """The patch from one object to the other, strategic where the kind has merge keys."""
    from pkctl.client import editing

    return editing.difference(visit.row, old, new)


def split_args(args: list[str], noun: str) -> tuple[list[str], list[str]]:
    """(resources, KEY=VALUE and KEY- words); a resource among these is refused."""
    place = next((number for number, word in enumerate(args) if is_change(word)), len(args))
    stray = next((word for word in args[place:] if not is_change(word)), None)
    if stray is not None:
        raise errors.CommandError(f"all resources must be specified before {noun} changes: {stray}")
    return args[:place], args[place:]


def pairs(words: list[str], noun: str, *, removals: bool = False) -> tuple[dict[str, str], list[str]]:
    """What KEY=VALUE words give and, where there may be `removals`, what KEY- words take."""
    wrong = [word for word in words if word.find("=") <= 0 and not (removals and word.endswith("-"))]
    if wrong:
        raise errors.CommandError(f"invalid {noun} format: {', '.join(wrong)}")
    given = [word.partition("=") for word in words if word.find("=") > 0]
    return {key: value for key, _, value in given}, [word[:-1] for word in words if word.find("=") <= 0]


def is_change(word: str) -> bool:
    """Whether a word is KEY=VALUE or KEY-, and no name of a resource."""
    return word.find("=") > 0 or (word.endswith("-") and len(word) > 1)
