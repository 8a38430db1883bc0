"""`kuberc view` and `kuberc set`: preferences shown and changed. Not here: what they do to a command line (`preferences`)."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import preferences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

POLICIES = ("AllowAll", "DenyAll", "Allowlist")
ORDER = ("kind", "apiVersion", "defaults", "aliases", "credentialPluginPolicy", "credentialPluginAllowlist")


def run(ctx: Context) -> int:
    """One of the two."""
    where = preferences.place(str(ctx.flags["kuberc"]), ctx.io.env)
    if not where:
        raise errors.CommandError("KUBERC is disabled via KUBERC=off environment variable")
    return _view(ctx, where) if ctx.path == "kuberc view" else _set(ctx, where)


def _view(ctx: Context, where: str) -> int:
    from pkctl.cli import printing

    printer = printing.select(ctx, ordered=True)
    if not os.path.exists(where):
        raise errors.CommandError(f"kuberc file not found at {where}")
    found = preferences.load(where, ctx.io)
    printer.show({name: found[name] for name in ORDER if name in found})
    return 0


def _set(ctx: Context, where: str) -> int:
    flags = ctx.flags
    section, command = str(flags["section"]), str(flags["command"])
    if not flags.given("section"):
        raise errors.CommandError('required flag(s) "section" not set')
    if section not in ("defaults", "aliases", "credentialplugin"):
        raise errors.CommandError(f'--section must be "defaults", "aliases", or "credentialplugin", got: {section}')
    if section != "credentialplugin" and not command:
        raise errors.CommandError("--command is required when --section=aliases or --section=defaults")
    if section == "aliases" and not flags["name"]:
        raise errors.CommandError("--name is required when --section=aliases")
    found = preferences.load(where, ctx.io) if os.path.exists(where) else {}
    found = {"apiVersion": preferences.VERSIONS[0], "kind": "Preference", **found}
    {"defaults": _defaults, "aliases": _aliases, "credentialplugin": _policy}[section](ctx, found)
    _write(where, found)
    ctx.io.out(f"Updated {where}\n")
    return 0


def _defaults(ctx: Context, found: Object) -> None:
    command = str(ctx.flags["command"])
    new = {"command": command, "options": _options(ctx)}
    found["defaults"] = _replaced(ctx, found.get("defaults") or [], "command", new, f'defaults for command "{command}" already exist')


def _aliases(ctx: Context, found: Object) -> None:
    name = str(ctx.flags["name"])
    new = {"name": name, "command": str(ctx.flags["command"]), "prependArgs": list(ctx.flags["prependarg"]),
           "appendArgs": list(ctx.flags["appendarg"]), "options": _options(ctx)}  # fmt: skip
    kept = {key: value for key, value in new.items() if value}
    found["aliases"] = _replaced(ctx, found.get("aliases") or [], "name", kept, f'alias "{name}" already exists')


def _replaced(ctx: Context, entries: list[Object], key: str, new: Object, taken: str) -> list[Object]:
    at = next((at for at, each in enumerate(entries) if each.get(key) == new[key]), None)
    if at is None:
        return [*entries, new]
    if not ctx.flags["overwrite"]:
        raise errors.CommandError(f"{taken}, use --overwrite to replace")
    return [*entries[:at], new, *entries[at + 1 :]]


def _options(ctx: Context) -> list[Object]:
    made = []
    for text in ctx.flags["option"]:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise errors.CommandError(f'invalid option format "{text}", expected flag=value')
        made.append({"name": name, "default": value})
    return made


def _policy(ctx: Context, found: Object) -> None:
    policy = str(ctx.flags["policy"])
    if policy not in POLICIES:
        raise errors.CommandError(f' --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: {policy}')
    found["credentialPluginPolicy"] = policy
    entries = [dict([text.partition("=")[::2]]) for text in ctx.flags["allowlist-entry"]]
    if entries:
        found["credentialPluginAllowlist"] = entries


def _write(where: str, found: Object) -> None:
    from pkctl.printers import yamls

    shown = {**found, "defaults": found.get("defaults") or None, "aliases": found.get("aliases") or None}
    try:
        os.makedirs(os.path.dirname(os.path.abspath(where)), exist_ok=True)
        with open(where, "w", encoding="utf-8") as stream:
            stream.write(yamls.dump(shown))
    except OSError as error:
        raise errors.CommandError(f"open {where}: {(error.strerror or '').lower()}") from None
