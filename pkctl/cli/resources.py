"""The resource arguments of the verbs, as kubectl's builder reads them: TYPE NAME, TYPE/NAME, lists, selectors, files.

`gather` gives the visits in order and the errors met on the way, so that a verb can go on with the rest. Not here: what a verb does
with a visit, or reading the files' text (`manifests`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options
from pkctl.cli import paging, report, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]

NOTHING = """You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""

NO_FILES = """you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'"""
ONLY_FILES = "can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set"
NO_NAME = "resource(s) were provided, but no name was specified"
ONE_TYPE = "you may only specify a single resource type"
EVERYTHING = "everything"
BULK = "subresource cannot be used when bulk resources are specified"
ECHOES = ("events", "endpoints", "endpointslices", "componentstatuses", "leases", "controllerrevisions")
"""Kinds that only tell of others: `get everything` leaves them out."""
SLASHED = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. '{program} get resource/<resource_name>' instead of '{program} get resource resource/<resource_name>'"
)


class Ask:
    """What the arguments ask for, before any object is known: (row, names) groups, or files."""

    __slots__ = ("groups", "is_single")

    def __init__(self) -> None:
        self.groups: list[tuple[table.Row, list[str]]] = []
        self.is_single = False


def find(ctx: Context, word: str) -> table.Row:
    """The row a type word names; kubectl's error when the server has no such type."""
    row = known(ctx, word)
    if row is None:
        from pkctl.objects import texts

        raise errors.CommandError(f"the server doesn't have a resource type {texts.quoted(word.partition('.')[0])}")
    return row


def known(ctx: Context, word: str) -> table.Row | None:
    """The row a type word names, if any, with kubectl's warning when it might have been another."""
    for other in ctx.kinds().shadowed(word):
        ctx.warn(f'short name "{word.partition(".")[0]}" could also match lower priority resource {other.id}')
    return ctx.kinds().find(word)


def types(ctx: Context, text: str) -> list[table.Row]:
    """The rows of `a,b`, categories spelled out."""
    found: list[table.Row] = []
    for word in text.split(","):
        members = [] if "." in word else ctx.kinds().category(word)
        if word == EVERYTHING and ctx.path in ("get", "describe"):
            members = [row for row in ctx.kinds() if row.namespaced and "list" in row.verbs and row.plural not in ECHOES]
        for row in members or [find(ctx, word)]:
            if row not in found:
                found.append(row)
    return found


def read(ctx: Context, args: Sequence[str]) -> Ask:
    """What the words ask for; errors as kubectl's builder has them."""
    ask = Ask()
    if not args:
        return ask
    if any("/" in word for word in args):
        return _slashed(ctx, args, ask)
    names = list(args[1:])
    rows = _named(ctx, args[0]) if names else types(ctx, args[0])
    if any(not name for name in names):
        raise errors.CommandError("resource name may not be empty")
    ask.groups = [(row, names) for row in rows]
    ask.is_single = len(rows) == 1 and len(names) == 1
    return ask


def _named(ctx: Context, text: str) -> list[table.Row]:
    """The rows of `a,b` that are looked into by name, one for each word: each must be a type, and a category alone can be of one only."""
    if "," in text:
        return [find(ctx, word) for word in dict.fromkeys(text.split(","))]
    rows = types(ctx, text)
    if len(rows) > 1:
        raise errors.CommandError("you must specify only one resource")
    return rows


def _slashed(ctx: Context, args: Sequence[str], ask: Ask) -> Ask:
    judge(ctx, args)
    for word in args:
        kind, _, name = word.partition("/")
        ask.groups.append((find(ctx, kind), [name]))
    ask.is_single = len(args) == 1
    return ask


def judge(ctx: Context, args: Sequence[str], *, selected: bool = False, everything: bool = False) -> None:
    """What is wrong with the words themselves, before any cluster is asked; `selected` and `everything` tell of selectors and `--all`."""
    if len(args) > 1 and "," in args[0]:
        args = [f"{kind}/{name}" for kind in args[0].split(",") for name in args[1:]]
    slashed = sum("/" in word for word in args)
    if 0 < slashed < len(args):
        raise errors.CommandError(SLASHED.format(program=ctx.io.program))
    for word in args if slashed else ():
        if word.count("/") > 1:
            raise errors.CommandError("arguments in resource/name form may not have more than one slash")
        kind, _, name = word.partition("/")
        if not kind or not name or len(set(kind.split(","))) != 1:
            raise errors.CommandError("arguments in resource/name form must have a single resource and name")
    if not selected and not everything:
        return
    if slashed:
        raise errors.CommandError("selectors and the all flag cannot be used when passing resource/name arguments")
    if len(args) > 1:
        raise errors.CommandError("name cannot be provided when a selector is specified")
    if not args:
        raise errors.CommandError("at least one resource must be specified to use a selector")


ALL_KNOWING = ("delete", "apply view-last-applied")
"""Commands whose `--all` counts as a selector; that of others only allows that no name is given."""


def selector(ctx: Context) -> str:
    """The selector that objects are looked up by; that of `expose` is the new Service's own."""
    return "" if ctx.path == "expose" else str(ctx.flags.get("selector") or "").strip()


def _judge_flags(ctx: Context) -> None:
    if ctx.path in ALL_KNOWING and ctx.flags["all"] and (selector(ctx) or ctx.flags.get("field-selector")):
        if ctx.path == "delete":
            raise errors.CommandError("setting 'all' parameter but found a non empty selector. ")
        selected = ctx.flags["selector"]
        raise errors.CommandError(f"found non-empty label selector \"{selected}\" with previously set 'all' parameter. ")


def gather(
    ctx: Context,
    args: Sequence[str],
    *,
    all_named: bool = False,
    fetch: bool = True,
    local: bool = False,
    validate: bool = False,
    needs_names: bool = True,
    latest: bool = True,
) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    """What a verb is to act on: files, or the objects that words, selectors and `--all` name.

    `fetch` brings named objects up to date (NotFound is collected), those of files only when their `latest` state is asked for;
    a listing always carries its objects.
    """
    files = ctx.flags.get("filename") or []
    if ctx.flags.get("kustomize"):
        _check_kustomize(ctx, files)
        files = [str(ctx.flags["kustomize"])]
    if files:
        if args and local:
            raise errors.CommandError(NO_FILES)
        _judge_files(ctx, files, args)
        return _from_files(ctx, files, latest=fetch and latest and not local, local=local, validate=validate)
    if local:
        raise errors.CommandError(NO_FILES if args else NOTHING)
    _judge_flags(ctx)
    everything = ctx.path in ALL_KNOWING and bool(ctx.flags["all"])
    selected = bool(selector(ctx) or ctx.flags.get("field-selector"))
    judge(ctx, args, selected=selected, everything=everything)
    if not args:
        raise errors.CommandError(NOTHING)
    return _from_args(ctx, args, all_named=all_named, fetch=fetch, needs_names=needs_names)


def _check_kustomize(ctx: Context, files: Sequence[str]) -> None:
    if files:
        raise errors.CommandError("only one of -f or -k can be specified")
    if ctx.flags.get("recursive") and ctx.flags.given("recursive"):
        raise errors.CommandError("the -k flag can't be used with -f or -R")


def _judge_files(ctx: Context, files: Sequence[str], args: Sequence[str]) -> None:
    """All that is wrong with paths, selectors and words at once, as kubectl's builder collects it."""
    from pkctl.cli import manifests

    wrong: list[errors.PkctlError] = []
    sources = () if ctx.flags.get("kustomize") else files
    steps: list[Any] = [lambda name=name: manifests.expand(name, recursive=bool(ctx.flags.get("recursive"))) for name in sources]
    for step in (*steps, lambda: _judge_flags(ctx), lambda: judge(ctx, args)):
        try:
            step()
        except errors.PkctlError as error:
            wrong.append(error)
    report.raise_all(wrong)
    if any("/" in word for word in args):
        raise errors.CommandError("resource/name arguments cannot be provided when a path is specified")
    if args:
        raise errors.CommandError("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well")


def _from_files(
    ctx: Context, files: Sequence[str], *, latest: bool, local: bool, validate: bool
) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    from pkctl.cli import manifests

    visits, failed = manifests.visits(ctx, files, local=local, validate=validate, latest=latest)
    labels = selector(ctx)
    if not labels:
        return visits, failed
    from pkctl.objects import meta, selectors, texts

    try:
        wanted = selectors.parse(labels)
    except selectors.SelectorError as error:
        raise errors.CommandError(f"the provided selector {texts.quoted(labels)} is not valid: {error}") from None
    return [visit for visit in visits if wanted.matches(meta.labels(visit.obj or {}))], failed


def _from_args(
    ctx: Context, args: Sequence[str], *, all_named: bool, fetch: bool, needs_names: bool
) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    labels, fields = selector(ctx), str(ctx.flags.get("field-selector") or "")
    everything = all_named or bool(ctx.flags.get("all"))
    ask = read(ctx, args)
    check(ctx, ask)
    namespace = "" if ctx.flags.get("all-namespaces") else ctx.namespace
    visits: list[visiting.Visit] = []
    failed: list[errors.PkctlError] = []
    for row, names in ask.groups:
        if not names and not (labels or fields or everything) and needs_names:
            raise errors.CommandError(NO_NAME)
        try:
            if names:
                for name in names:
                    _one(ctx, visiting.Visit(row, namespace, name), fetch, visits, failed)
            else:
                visits.extend(listed(ctx, row, namespace, labels, fields))
        except (errors.StatusError, errors.CommandError) as error:
            failed.append(error)
    return visits, failed


def _one(ctx: Context, visit: visiting.Visit, fetch: bool, visits: list[visiting.Visit], failed: list[errors.PkctlError]) -> None:
    try:
        if fetch:
            visit.fetch(ctx, str(ctx.flags.get("subresource") or ""))
        visits.append(visit)
    except (errors.StatusError, errors.CommandError) as error:
        failed.append(error)


def check(ctx: Context, ask: Ask) -> None:
    """kubectl's errors for a name that is looked for in all namespaces, and for a subresource of objects without names."""
    if ctx.flags.get("subresource") and not all(names for _, names in ask.groups):
        raise errors.CommandError(BULK)
    named = any(names for _, names in ask.groups)
    if named and ctx.flags.get("all-namespaces") and any(row.namespaced for row, _ in ask.groups):
        raise errors.CommandError("a resource cannot be retrieved by name across all namespaces")


def listed(ctx: Context, row: table.Row, namespace: str, labels: str = "", fields: str = "") -> list[visiting.Visit]:
    """One visit per object that a query lists."""
    try:
        query, place = options.Query(labels=labels, fields=fields), namespace if row.namespaced else ""
        answer = paging.whole(lambda portion: ctx.client.list(row, place, portion), query, paging.size(ctx))
    except errors.StatusError as error:
        raise unlisted(error, row, labels, fields) from None
    visiting.need_type(ctx, row, "List")
    found = []
    for obj in answer.get("items") or []:
        # Items of a typed list carry no kind of their own on the wire; every printer needs it.
        obj = {"apiVersion": row.api_version, "kind": row.kind, **obj}
        meta = obj.get("metadata") or {}
        found.append(visiting.Visit(row, meta.get("namespace", ""), meta.get("name", ""), obj))
    return found


def unlisted(error: errors.StatusError, row: table.Row, labels: str, fields: str) -> errors.StatusError:
    """A listing's error as kubectl words it: what was looked for comes first."""
    if not isinstance(error, (errors.BadRequest, errors.NotFound)):
        return error
    place = f'"{row.group}/{row.version}, Resource={row.plural}"'
    if not labels and not fields:
        return type(error)(f"Unable to list {place}: {error}", error.details)
    from pkctl.objects import texts

    selected = f"label selector {texts.quoted(labels)}, field selector {texts.quoted(fields)}"
    return type(error)(f"Unable to find {place} that match {selected}: {error}", error.details)


def each(
    ctx: Context,
    args: Sequence[str],
    do: Any,
    *,
    nothing: str = "",
    fetch: bool = True,
    latest: bool = True,
    ignored: tuple[type[errors.PkctlError], ...] = (),
    **how: Any,
) -> int:
    """Do something to every visit, go on after errors, and raise all but the `ignored` at the end; `nothing` is the error for no visit.

    What words name is fetched when its turn comes, so that errors are told in the order of the words; those of files come last.
    """
    is_filed = bool(ctx.flags.get("filename") or ctx.flags.get("kustomize"))
    visits, gathered = gather(ctx, args, fetch=fetch and is_filed, latest=latest, **how)
    failed: list[errors.PkctlError] = []
    for visit in visits:
        try:
            if fetch and visit.obj is None:
                visit.fetch(ctx, str(ctx.flags.get("subresource") or ""))
            do(visit)
        except errors.PkctlError as error:
            failed.append(error)
    failed, gathered = ([error for error in some if not isinstance(error, ignored)] for some in (failed, gathered))
    report.raise_all([*failed, *report.together(gathered)])
    if not visits and nothing:
        raise errors.CommandError(nothing)
    return 0
