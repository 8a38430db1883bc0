"""The `config` verbs that write: set, unset, set-cluster|context|credentials, use-context, rename-context, delete-*."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import helps
from pkctl.cli.config import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

PLURALS = {"cluster": "clusters", "context": "contexts", "credentials": "users", "user": "users"}
SHOWN = {"cluster": "Cluster", "credentials": "User"}


def run(ctx: Context) -> int:
    """One of them."""
    word = ctx.path.split()[1]
    count = {"rename-context": 2, "set": 2, "set-context": -1}.get(word, 1)
    if count >= 0 and len(ctx.args) != count:
        helps.show(ctx.row, ctx.io)
        raise errors.CommandError(f"Unexpected args: [{' '.join(ctx.args)}]")
    verb, _, noun = word.partition("-")
    if word == "set-context":
        return _set_context(ctx)
    if verb == "delete":
        return _delete(ctx, noun, ctx.args[0])
    if word in ("set-cluster", "set-credentials"):
        return _set_entry(ctx, noun, ctx.args[0])
    return {"use-context": _use, "rename-context": _rename, "set": _set, "unset": _unset}[word](ctx)


def _use(ctx: Context) -> int:
    name = ctx.args[0]
    if files.entry(files.load(ctx), "contexts", name) is None:
        raise errors.CommandError(f'no context exists with the name: "{name}"')
    files.use(ctx, name)
    ctx.io.out(f'Switched to context "{name}".\n')
    return 0


def _rename(ctx: Context) -> int:
    old, new = ctx.args
    config = files.load(ctx)
    found = files.entry(config, "contexts", old)
    if found is None:
        raise errors.CommandError(f'cannot rename the context "{old}", it\'s not in {files.places(ctx)[0]}')
    if files.entry(config, "contexts", new) is not None:
        raise errors.CommandError(f'cannot rename the context "{old}", the context "{new}" already exists in {files.places(ctx)[0]}')
    files.put(ctx, "contexts", new, found)
    files.put(ctx, "contexts", old, None)
    if config["current-context"] == old:
        files.use(ctx, new)
    ctx.io.out(f'Context "{old}" renamed to "{new}".\n')
    return 0


def _delete(ctx: Context, noun: str, name: str) -> int:
    plural = PLURALS[noun]
    config = files.load(ctx)
    place = files.owner(ctx, plural, name)
    if files.entry(config, plural, name) is None:
        raise errors.CommandError(f"cannot delete {noun} {name}, not in {place}")
    if noun == "context" and config["current-context"] == name:
        ctx.io.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n')
    files.put(ctx, plural, name, None)
    ctx.io.out(f"deleted {noun} {name} from {place}\n")
    return 0


def _set_context(ctx: Context) -> int:
    config, flags = files.load(ctx), ctx.flags
    if flags["current"]:
        if ctx.args:
            raise errors.CommandError("you cannot specify both a context name and --current")
        name = config["current-context"]
        if not name:
            raise errors.CommandError("no current context is set")
    elif len(ctx.args) != 1:
        raise errors.CommandError(
            "you must specify a non-empty context name or --current" if not ctx.args else f"Unexpected args: [{' '.join(ctx.args)}]"
        )
    else:
        name = ctx.args[0]
    old = files.entry(config, "contexts", name)
    new = dict(old or {"cluster": "", "user": ""})
    for key in ("cluster", "user", "namespace"):
        if flags.given(key):
            new[key] = str(flags[key])
    files.put(ctx, "contexts", name, new)
    ctx.io.out(f'Context "{name}" {"modified" if old is not None else "created"}.\n')
    return 0


def _set_entry(ctx: Context, noun: str, name: str) -> int:
    plural = PLURALS[noun]
    new = files.entry(files.load(ctx), plural, name) or ({"server": ""} if noun == "cluster" else {})
    _cluster(ctx, new) if noun == "cluster" else _user(ctx, new)
    files.put(ctx, plural, name, new)
    ctx.io.out(f'{SHOWN[noun]} "{name}" set.\n')
    return 0


def _file(ctx: Context, new: Object, key: str) -> None:
    """A file by its place, or its contents with --embed-certs."""
    place = str(ctx.flags[key])
    new.pop(key, None)
    new.pop(f"{key}-data", None)
    if not ctx.flags["embed-certs"]:
        new[key] = os.path.abspath(place)
        return
    import base64

    try:
        with open(place, "rb") as stream:
            new[f"{key}-data"] = base64.b64encode(stream.read()).decode()
    except OSError as error:
        raise errors.CommandError(f"could not stat {key} file {place}: stat {place}: {(error.strerror or '').lower()}") from None


def _cluster(ctx: Context, new: Object) -> None:
    flags = ctx.flags
    for key in ("server", "tls-server-name", "proxy-url"):
        if flags.given(key):
            new[key] = str(flags[key])
    if flags.given("insecure-skip-tls-verify"):
        new["insecure-skip-tls-verify"] = bool(flags["insecure-skip-tls-verify"])
        if new["insecure-skip-tls-verify"]:
            new.pop("certificate-authority", None)
            new.pop("certificate-authority-data", None)
    if flags.given("certificate-authority"):
        _file(ctx, new, "certificate-authority")


def _user(ctx: Context, new: Object) -> None:
    flags = ctx.flags
    if flags["token"] and (flags["username"] or flags["password"]):
        raise errors.CommandError(
            "you cannot specify more than one authentication method at the same time: --token or --username/--password"
        )
    for key in ("client-certificate", "client-key"):
        if flags.given(key):
            _file(ctx, new, key)
    for key in ("token", "username", "password"):
        if flags.given(key):
            new[key] = str(flags[key])
    if flags.given("auth-provider"):
        given = dict(text.partition("=")[::2] for text in flags["auth-provider-arg"])
        new["auth-provider"] = {"name": str(flags["auth-provider"]), "config": given or None}
    if flags.given("exec-command"):
        env = [dict(zip(("name", "value"), text.partition("=")[::2], strict=True)) for text in flags["exec-env"]]
        new["exec"] = {
            "apiVersion": str(flags["exec-api-version"]) or "client.authentication.k8s.io/v1", "args": list(flags["exec-arg"]) or None,
            "command": str(flags["exec-command"]), "env": env or None,
            "interactiveMode": str(flags["exec-interactive-mode"]) or "IfAvailable",
            "provideClusterInfo": bool(flags["exec-provide-cluster-info"]),
        }  # fmt: skip


def _set(ctx: Context) -> int:
    name, value = ctx.args
    plural, entry, keys = _path(name)
    if not plural:
        files.use(ctx, value)
    else:
        new = files.entry(files.load(ctx), plural, entry) or {}
        holder = new
        for key in keys[:-1]:
            holder = holder.setdefault(key, {})
        holder[keys[-1]] = value in ("true", "True") if keys[-1] == "insecure-skip-tls-verify" else value
        files.put(ctx, plural, entry, new)
    ctx.io.out(f'Property "{name}" set.\n')
    return 0


def _unset(ctx: Context) -> int:
    name = ctx.args[0]
    plural, entry, keys = _path(name)
    if not plural:
        files.use(ctx, "")
    elif not keys:
        files.put(ctx, plural, entry, None)
    else:
        new = files.entry(files.load(ctx), plural, entry) or {}
        new.pop(keys[-1], None)
        files.put(ctx, plural, entry, new)
    ctx.io.out(f'Property "{name}" unset.\n')
    return 0


def _path(name: str) -> tuple[str, str, list[str]]:
    """`clusters.NAME.server` as (list, entry, keys); the current context has no list."""
    if name == "current-context":
        return "", "", []
    plural, _, rest = name.partition(".")
    if plural not in dict(files.LISTS) or not rest:
        raise errors.CommandError(
            f"unable to set {name}: use current-context, clusters.NAME.FIELD, contexts.NAME.FIELD or users.NAME.FIELD"
        )
    entry, _, keys = rest.partition(".")
    return plural, entry, keys.split(".") if keys else []
