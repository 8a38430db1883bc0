"""`config view`, `current-context`, `get-contexts`, `get-clusters`, `get-users`. Upstream: kubectl's cmd/config."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import printing
from pkctl.cli.kubeconfigs import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

SECRET = {
    "certificate-authority-data": "DATA+OMITTED", "client-certificate-data": "DATA+OMITTED", "client-key-data": "DATA+OMITTED",
    "token": "REDACTED", "password": "REDACTED",
}  # fmt: skip


def run(ctx: Context) -> int:
    """One of the five."""
    word = ctx.path.split()[1]
    if word == "view":
        return _view(ctx)
    config = files.of(ctx.settings)
    if word == "current-context":
        if not config["current-context"]:
            raise errors.CommandError("current-context is not set")
        ctx.io.out(f"{config['current-context']}\n")
        return 0
    if word == "get-contexts":
        return _contexts(ctx, config)
    plural = word.removeprefix("get-")
    ctx.io.out("NAME\n")
    for each in config[plural]:
        ctx.io.out(f"{each['name']}\n")
    return 0


def _contexts(ctx: Context, config: Object) -> int:
    form = str(ctx.flags["output"])
    if form not in ("", "name"):
        raise errors.CommandError(
            f"--output {form} is not available in {ctx.io.program} config get-contexts; resetting to default output format"
        )
    names = [each["name"] for each in config["contexts"]]
    failed = [errors.CommandError(f"context {name} not found") for name in ctx.args if name not in names]
    wanted = [name for name in names if not ctx.args or name in ctx.args]
    if form == "name":
        for name in wanted:
            ctx.io.out(f"{name}\n")
    else:
        _table(ctx, config, wanted)
    if failed:
        from pkctl.cli import report

        report.raise_all(failed)
    return 0


def _table(ctx: Context, config: Object, names: list[str]) -> None:
    from pkctl.printers import tabwriter

    lines = [] if ctx.flags["no-headers"] else ["CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE"]
    for name in names:
        found = files.entry(config, "contexts", name) or {}
        mark = "*" if name == config["current-context"] else ""
        lines.append("\t".join((mark, name, found.get("cluster", ""), found.get("user", ""), found.get("namespace", ""))))
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))


def _view(ctx: Context) -> int:
    if ctx.args:
        raise ctx.usage(f"unexpected arguments: [{' '.join(ctx.args)}]")
    printer = printing.select(ctx, ordered=True)
    if not ctx.flags["merge"] and not ctx.settings.kubeconfig:
        raise errors.CommandError("if merge==false a precise file must be specified")
    config = files.of(ctx.settings) if ctx.flags["merge"] else files.parse(files.listed(ctx.settings)[0])
    if ctx.flags["minify"]:
        config = _minified({**config, "current-context": ctx.settings.context or config["current-context"]})
    if ctx.flags["flatten"]:
        config = _flattened(ctx, config)
    if not ctx.flags["raw"] and not ctx.flags["flatten"]:
        config = _redacted(config)
    printer.show(files.shown(config))
    return 0


def _minified(config: Object) -> Object:
    name = config["current-context"]
    if not name:
        raise errors.CommandError("current-context must exist in order to minify")
    context = files.entry(config, "contexts", name)
    if context is None:
        raise errors.CommandError(f"cannot locate context {name}")
    keep = {"contexts": name, "clusters": context.get("cluster"), "users": context.get("user")}
    return {**config, **{plural: [each for each in config[plural] if each["name"] == wanted] for plural, wanted in keep.items()}}


def _flattened(ctx: Context, config: Object) -> Object:
    import base64

    found = dict(config)
    for plural, word in reversed(files.LISTS):
        entries = []
        for each in config[plural]:
            value = dict(each.get(word) or {})
            for key in ("certificate-authority", "client-certificate", "client-key"):
                place = value.pop(key, None)
                if place:
                    value[f"{key}-data"] = base64.b64encode(_read(ctx, place)).decode()
            entries.append({**each, word: value})
        found[plural] = entries
    return found


def _read(ctx: Context, place: str) -> bytes:
    """A file that a kubeconfig names, told from its own folder."""
    every = files.listed(ctx.settings)
    full = place if len(every) > 1 else os.path.join(os.path.dirname(os.path.abspath(every[0])), place)
    try:
        with open(full, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise errors.CommandError(f"open {os.path.abspath(full)}: {(error.strerror or '').lower()}") from None


def _redacted(config: Object) -> Object:
    return {
        **config,
        **{
            plural: [{**each, word: _without_secrets(each.get(word) or {})} for each in config[plural]]
            for plural, word in (("users", "user"), ("clusters", "cluster"))
        },
    }


def _without_secrets(value: Object) -> Object:
    return {key: SECRET.get(key, each) if each else each for key, each in value.items()}
