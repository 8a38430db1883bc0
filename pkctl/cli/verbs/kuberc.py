"""`kuberc view` and `kuberc set`: preferences shown and changed. Not here: what they do to a command line (`preferences`)."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import kuberc_fields, preferences
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

OFFER = "Would you like to generate a default kuberc file with recommended options? (y/N): "
HEAD = {"apiVersion": preferences.VERSIONS[0], "kind": "Preference"}
RECOMMENDED = {
    **HEAD,
    "defaults": [
        {"command": "apply", "options": [{"name": "server-side", "default": "true"}]},
        {"command": "delete", "options": [{"name": "interactive", "default": "true"}]},
    ],
    "aliases": None,
}
"""What `view` offers to begin with."""
DECODING = "error unmarshaling JSON: while decoding JSON: "


def run(ctx: Context) -> int:
    """One of the two; neither is there for who switched kuberc off."""
    if preferences.is_off(ctx.io.env):
        raise errors.CommandError(f'unknown command "kuberc" for "{ctx.io.program}"')
    where = preferences.place(str(ctx.flags["kuberc"]), ctx.io.env)
    found = _found(where)
    if not where:
        raise errors.CommandError("KUBERC is disabled via KUBERC=off environment variable")
    return _view(ctx, where, found) if ctx.path == "kuberc view" else _set(ctx, where, found)


def _found(where: str) -> Object | None:
    """The first document's known fields, whatever its version; None without a file."""
    from pkctl.objects import yamls

    try:
        with open(where, encoding="utf-8") as stream:
            text = stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise errors.CommandError(f"error reading kuberc file: open {where}: {(error.strerror or '').lower()}") from None
    try:
        document = next(yamls.documents(text), None)
        return kuberc_fields.Fields(is_lenient=True).read({} if document is None else document)
    except yamls.YamlError as error:
        raise errors.CommandError(f"error parsing kuberc file: {error}") from None
    except kuberc_fields.Misfit as error:
        raise errors.CommandError(f"error parsing kuberc file: {DECODING}{error}") from None


def _view(ctx: Context, where: str, found: Object | None) -> int:
    from pkctl.cli import printing

    if found is not None:
        printing.select(ctx, ordered=True).show({**found, **{name: found[name] or [] for name in ("defaults", "aliases")}})
        return 0
    ctx.io.out(f"kuberc file not found at {where}\n{OFFER}")
    ctx.io.stdout.flush()
    if ctx.io.stdin.readline().strip().lower() == "y":
        _write(ctx, where, RECOMMENDED)
    return 0


def _set(ctx: Context, where: str, found: Object | None) -> int:
    section = str(ctx.flags["section"])
    if not ctx.flags.given("section"):
        raise errors.CommandError('required flag(s) "section" not set')
    _judge(ctx, section)
    found = found if os.path.exists(where) and os.path.getsize(where) and found else {**HEAD, "defaults": None, "aliases": None}
    options = _options(ctx)
    if section == "defaults":
        _defaults(ctx, found, options)
    elif section == "aliases":
        _aliases(ctx, found, options)
    else:
        _policy(ctx, found)
    _write(ctx, where, found)
    return 0


def _judge(ctx: Context, section: str) -> None:
    flags = ctx.flags
    if section not in ("defaults", "aliases", "credentialplugin"):
        raise errors.CommandError(f'--section must be "defaults", "aliases", or "credentialplugin", got: {section}')
    if section == "aliases" and not flags["name"]:
        raise errors.CommandError("--name is required when --section=aliases")
    if section == "defaults" and flags["name"]:
        raise errors.CommandError("--name should not be specified when --section=defaults")
    if section == "defaults" and (flags["prependarg"] or flags["appendarg"]):
        raise errors.CommandError("--prependarg and --appendarg are only valid for --section=aliases")
    if section != "credentialplugin" and not flags["command"]:
        raise errors.CommandError("--command is required when --section=aliases or --section=defaults")
    if section == "credentialplugin":
        _judge_policy(str(flags["policy"]), bool(flags["allowlist-entry"]))


def _judge_policy(policy: str, has_entries: bool) -> None:
    if not policy:
        raise errors.CommandError("--policy is required when --section=credentialplugin")
    if policy not in preferences.POLICIES:
        raise errors.CommandError(f' --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: {policy}')
    if has_entries != (policy == "Allowlist"):
        said = "may only be used" if has_entries else "is required"
        raise errors.CommandError(f"--allowlist-entry {said} when --section=credentialplugin and --policy=Allowlist")


def _defaults(ctx: Context, found: Object, options: list[Object]) -> None:
    command = str(ctx.flags["command"])
    entries = found["defaults"] = found["defaults"] or []
    old = _taken(ctx, entries, "command", command, f'defaults for command "{command}" already exist')
    if old is None:
        entries.append({"command": command, "options": options or None})
    elif options:
        old["options"] = options


def _aliases(ctx: Context, found: Object, options: list[Object]) -> None:
    name = str(ctx.flags["name"])
    new = {"name": name, "command": str(ctx.flags["command"]), "prependArgs": list(ctx.flags["prependarg"]),
           "appendArgs": list(ctx.flags["appendarg"]), "options": options}  # fmt: skip
    entries = found["aliases"] = found["aliases"] or []
    old = _taken(ctx, entries, "name", name, f'alias "{name}" already exists')
    if old is None:
        entries.append(old := {})
    old.update({key: value for key, value in new.items() if value})


def _taken(ctx: Context, entries: list[Object], key: str, name: str, taken: str) -> Object | None:
    old = next((each for each in entries if each.get(key) == name), None)
    if old is not None and not ctx.flags["overwrite"]:
        raise errors.CommandError(f"{taken}, use --overwrite to replace")
    return old


def _options(ctx: Context) -> list[Object]:
    made = []
    for text in ctx.flags["option"]:
        name, equals, value = text.partition("=")
        if not equals:
            raise errors.CommandError(f"invalid option format {texts.quoted(text)}, expected flag=value")
        made.append({"name": name.lstrip("-"), "default": value})
    return made


def _policy(ctx: Context, found: Object) -> None:
    found["credentialPluginPolicy"] = str(ctx.flags["policy"])
    entries, wrong = [], []
    for pair in (pair for entry in ctx.flags["allowlist-entry"] for pair in entry.split(",")):
        name, equals, value = pair.partition("=")
        if not equals:
            wrong.append(f"improperly formatted allowlist entry: {texts.quoted(pair)}")
        elif name == "name":
            wrong.append('allowlist entry field "name" is deprecated, use "command" instead')
        elif name != "command":
            wrong.append(f"unrecognized allowlist entry field: {texts.quoted(name)}")
        elif not value.strip():
            wrong.append('empty value in allowlist entry for field "command"')
        else:
            entries.append({"command": value})
    if len(wrong) > 1:
        raise preferences.PreferencesError("\n".join(wrong))
    if wrong:
        raise errors.CommandError(wrong[0])
    if entries:
        found["credentialPluginAllowlist"] = entries


def _write(ctx: Context, where: str, found: Object) -> None:
    from pkctl.printers import yamls

    try:
        os.makedirs(os.path.dirname(os.path.abspath(where)), exist_ok=True)
        with open(where, "w", encoding="utf-8") as stream:
            stream.write(yamls.dump(found))
    except OSError as error:
        raise errors.CommandError(f"open {where}: {(error.strerror or '').lower()}") from None
    ctx.io.out(f"Updated {where}\n")
