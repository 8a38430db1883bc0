"""What `set-cluster` and `set-credentials` make of an entry (kubectl's cmd/config/create_cluster.go, create_authinfo.go)."""

from __future__ import annotations

import os

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

MODES = ("IfAvailable", "Never", "Always")


def judge(ctx: Context, name: str, noun: str) -> None:
    """Refuse flags that don't go together, before any file is read."""
    if not name:
        raise errors.CommandError(f"you must specify a non-empty {'cluster' if noun == 'cluster' else 'user'} name")
    if noun == "cluster":
        _judge_cluster(ctx)
    else:
        _pairs(ctx, "exec-env"), _pairs(ctx, "auth-provider-arg")
        _judge_user(ctx)


def _judge_cluster(ctx: Context) -> None:
    flags = ctx.flags
    if flags["insecure-skip-tls-verify"] and flags["certificate-authority"]:
        raise errors.CommandError("you cannot specify a certificate authority and insecure mode at the same time")
    if flags["embed-certs"] and not flags["certificate-authority"]:
        raise errors.CommandError("you must specify a --certificate-authority to embed")
    _judge_files(ctx, "certificate-authority")


def cluster(ctx: Context, new: Object) -> None:
    """Change a cluster's entry by the flags; CommandError."""
    flags = ctx.flags
    authority = str(flags["certificate-authority"])
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
        if authority:
            new["insecure-skip-tls-verify"] = False


def user(ctx: Context, new: Object) -> None:
    """Change a user's entry by the flags; CommandError."""
    flags = ctx.flags
    for key in ("client-certificate", "client-key"):
        if flags.given(key):
            _file(ctx, new, key)
    given = {key for key in ("token", "username", "password") if flags.given(key) and flags[key]}
    for key in ("token", "username", "password"):
        if flags.given(key):
            new[key] = str(flags[key])
    if given:
        for key in ("token",) if given - {"token"} else ("username", "password"):
            new.pop(key, None)
    _provider(ctx, new)
    _exec(ctx, new)


def _judge_user(ctx: Context) -> None:
    flags = ctx.flags
    if flags["token"] and (flags["username"] or flags["password"]):
        raise errors.CommandError("you cannot specify more than one authentication method at the same time: --token, --username/--password")
    if flags["embed-certs"] and not (flags["client-certificate"] or flags["client-key"]):
        raise errors.CommandError("you must specify a --client-certificate or --client-key to embed")
    mode = str(flags["exec-interactive-mode"])
    if mode and mode not in MODES:
        raise errors.CommandError(f"invalid interactive mode type, can be only {', '.join(MODES)}")
    _judge_files(ctx, "client-certificate", "client-key")


def _judge_files(ctx: Context, *names: str) -> None:
    """Refuse files to embed that are not there."""
    for key in names:
        place = str(ctx.flags[key])
        if place and ctx.flags["embed-certs"] and not os.path.exists(place):
            raise errors.CommandError(f"could not stat {key} file {place}: stat {place}: no such file or directory")


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


def _pairs(ctx: Context, name: str) -> tuple[dict[str, str], list[str]]:
    """A flag's `K=V` words, and the keys of its `K-` words."""
    made: dict[str, str] = {}
    gone = []
    for word in ctx.flags[name]:
        key, equals, value = word.partition("=")
        if equals:
            made[key] = value
        elif word.endswith("-"):
            gone.append(word[:-1])
        else:
            from pkctl.cli import helps

            helps.show(ctx.row, ctx.io)
            raise errors.CommandError(f"invalid {name} format: {word}")
    return made, gone


def _provider(ctx: Context, new: Object) -> None:
    name = str(ctx.flags["auth-provider"])
    old = new.get("auth-provider")
    if ctx.flags.given("auth-provider") and (not old or old["name"] != name):
        old = {"name": name}
    added, gone = _pairs(ctx, "auth-provider-arg")
    if old:
        config = {key: value for key, value in (old.get("config") or {}).items() if key not in gone}
        new["auth-provider"] = {**old, "config": {**config, **added}}


def _exec(ctx: Context, new: Object) -> None:
    """An exec plugin: naming a command makes one, or starts its arguments afresh; the rest changes the one there is."""
    flags = ctx.flags
    if flags.given("exec-command"):
        new["exec"] = {**(new.get("exec") or {}), "command": str(flags["exec-command"]), "args": None}
    if not new.get("exec"):
        return
    plugin: Object = dict(new["exec"])
    for key, field in (("exec-api-version", "apiVersion"), ("exec-interactive-mode", "interactiveMode")):
        if flags.given(key):
            plugin[field] = str(flags[key])
    if flags["exec-arg"]:
        plugin["args"] = list(flags["exec-arg"])
    if flags.given("exec-provide-cluster-info"):
        plugin["provideClusterInfo"] = bool(flags["exec-provide-cluster-info"])
    added, gone = _pairs(ctx, "exec-env")
    kept = {each["name"]: each["value"] for each in plugin.get("env") or () if each["name"] not in gone}
    plugin["env"] = [{"name": key, "value": value} for key, value in {**kept, **added}.items()]
    new["exec"] = plugin
