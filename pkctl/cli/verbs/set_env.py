"""`set env`: variables of pod templates added, removed, listed, taken from ConfigMaps, Secrets, stdin. Upstream: cmd/set/set_env.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import envs, printing, templates, visiting
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """Change or list."""
    flags = ctx.flags
    templates.judge_all(ctx)
    place = next((number for number, word in enumerate(ctx.args) if _is_change(word)), len(ctx.args))
    words, changes = ctx.args[:place], ctx.args[place:]
    if not all(map(_is_change, changes)):
        raise errors.CommandError(f"all resources must be specified before environment changes: {' '.join(ctx.args)}")
    printing.select(ctx)
    templates.judge_local(ctx)
    if not words and not flags["filename"] and not flags["kustomize"]:
        raise errors.CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    if flags["list"] and flags["output"]:
        raise errors.CommandError("--list and --output may not be specified together")
    if flags["keys"] and not flags["from"]:
        raise errors.CommandError("when specifying --keys, a configmap or secret must be provided with --from")
    add, remove = _changes(ctx, [*flags["env"], *changes])
    if flags["from"]:
        add = [*_from(ctx, str(flags["from"])), *add]
    add = [{**each, "name": f"{flags['prefix']}{each['name']}"} for each in add]
    words = [] if flags["local"] else words
    if flags["list"]:
        return _list(ctx, words, add, remove)
    visits = templates.gather(ctx, words)
    late = "" if add or changes else "at least one environment variable must be provided"
    return templates.change(ctx, visits, "env updated", lambda visit, obj: _edit(ctx, visit, obj, add, remove), late=late)


def _is_change(word: str) -> bool:
    """Whether a word is KEY=VALUE, KEY- or the `-` of stdin."""
    return word.rfind("=") > 0 or word.endswith("-")


def _changes(ctx: Context, words: list[str]) -> tuple[list[Object], list[str]]:
    add: list[Object] = []
    remove: list[str] = []
    given: set[str] = set()
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-":
            add += _lines(ctx.io.stdin.read())
        elif equals:
            if wrong := envs.wrong(name):
                raise errors.CommandError(f"{texts.quoted(name)} is not a valid key name: {wrong}")
            given.add(name)
            add.append({"name": name, "value": value})
        elif word.endswith("-"):
            remove.append(word[:-1])
        else:
            raise errors.CommandError(f"unknown environment variable: {word}")
    if given & set(remove):
        raise errors.CommandError("can not both modify and remove the same environment variable in the same command")
    return add, remove


def _lines(text: str) -> list[Object]:
    """The variables of stdin, one a line; what follows a `#` is left out, and so is a line without `=`."""
    pairs = [line.partition("#")[0].partition("=") for line in text.splitlines()]
    return [{"name": name, "value": value} for name, equals, value in pairs if equals]


def _from(ctx: Context, source: str) -> list[Object]:
    found: list[Object] = []
    for visit in templates.gather(ctx, [] if ctx.flags["local"] else [source]):
        reference = {"configmaps": "configMapKeyRef", "secrets": "secretKeyRef"}.get(visit.row.id)
        if reference is None:
            raise errors.CommandError("unsupported resource specified in --from")
        wanted = set(ctx.flags["keys"])
        keys = [key for key in sorted((visit.obj or {}).get("data") or {}) if not wanted or key in wanted]
        for key in keys:
            if _variable(key) != key:
                ctx.warn(f"key {key} transferred to {_variable(key)}")
        found += [{"name": _variable(key), "valueFrom": {reference: {"key": key, "name": visit.name}}} for key in keys]
    return found


def _variable(key: str) -> str:
    """A key as a variable's name, as a shell would have it."""
    return "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in key).upper()


def _edit(ctx: Context, visit: visiting.Visit, obj: Object, add: list[Object], remove: list[str]) -> None:
    spec = templates.pod_spec(obj)
    if spec is None:
        raise templates.no_template(ctx, visit)
    found = templates.matching(spec, str(ctx.flags["containers"]))
    if not found:
        ctx.warn(f'{visit.row.kind}/{visit.name} does not have any containers matching "{ctx.flags["containers"]}"')
    for container in found:
        old = list(container.get("env") or [])
        if not ctx.flags["overwrite"]:
            _clash(ctx, visit, old, add)
        new = _merged(old, add, remove)
        if new:
            container["env"] = new
        else:
            container.pop("env", None)


def _clash(ctx: Context, visit: visiting.Visit, old: list[Object], add: list[Object]) -> None:
    taken = {each["name"]: each.get("value", "") for each in old}
    for each in add:
        if each["name"] in taken and taken[each["name"]] != each.get("value", ""):
            raise templates.unfit(ctx, visit, f"'{each['name']}' already has a value ({taken[each['name']]}), and --overwrite is false")


def _merged(old: list[Object], add: list[Object], remove: list[str]) -> list[Object]:
    """Changed variables keep their place; new ones come last."""
    fresh = {each["name"]: each for each in add}
    kept = [fresh.pop(each["name"], each) for each in old if each["name"] not in remove or each["name"] in fresh]
    return [*kept, *fresh.values()]


def _list(ctx: Context, words: list[str], add: list[Object], remove: list[str]) -> int:
    """Show the variables of every container; what can't be resolved is told of, and is no failure."""
    from pkctl.objects import meta

    for visit in templates.gather(ctx, words):
        obj = meta.clone(visit.obj or {})
        spec = templates.pod_spec(obj)
        if spec is None:
            continue
        try:
            _edit(ctx, visit, obj, add, remove)
        except templates.Unfit:
            continue
        for container in templates.matching(spec, str(ctx.flags["containers"])):
            ctx.io.out(f"# {visit.row.kind} {visit.name}, container {container['name']}\n")
            _show(ctx, obj, container)
    return 0


def _show(ctx: Context, obj: Object, container: Object) -> None:
    from pkctl.cli.verbs import env_sources

    failed: dict[str, list[str]] = {}
    for each in container.get("env") or []:
        name, source = each["name"], each.get("valueFrom")
        try:
            if not source or ctx.flags["resolve"]:
                ctx.io.out(f"{name}={env_sources.value(ctx, source, obj, container) if source else each.get('value', '')}\n")
                continue
        except errors.PkctlError as error:
            failed.setdefault(str(error), []).append(name)
        ctx.io.out(f"# {name} from {env_sources.shown(source)}\n")
    for line in sorted(f"error retrieving reference for {', '.join(sorted(found))}: {why}\n" for why, found in failed.items()):
        ctx.io.err(line)
