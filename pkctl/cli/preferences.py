"""kuberc: flags' defaults and aliases of a user's own, put into a command line before it is parsed (kubectl's pkg/kuberc).

The file is --kuberc's, else KUBERC's (`off` for none), else ~/.kube/kuberc where that is. Not here: `kuberc set` and `view`.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import flagdefs, flags, kuberc_fields, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pkctl.cli.streams import Io

    Object = dict[str, Any]
    Find = Callable[[list[str]], tuple[str, list[str]]]
    Tell = Callable[[str, str], None]

GROUP = "kubectl.config.k8s.io"
VERSIONS = (f"{GROUP}/v1beta1", f"{GROUP}/v1alpha1")
POLICIES = ("AllowAll", "DenyAll", "Allowlist")
TOLD = 5
"""The level of `-v` from which it is told what is read."""

APPLYING = "error occurred while applying preferences "


class PreferencesError(errors.BareError):
    """Preferences that can't be honoured."""


def is_off(env: Mapping[str, str]) -> bool:
    """Whether the user switched all of it off."""
    return env.get("KUBECTL_KUBERC", "").lower() == "false"


def place(given: str, env: Mapping[str, str]) -> str:
    """The file, whether it is there or not; "" when KUBERC says that there is none."""
    chosen = env.get("KUBERC", "")
    if chosen == "off":
        if given:
            raise PreferencesError(f"{APPLYING}kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive")
        return ""
    return given or chosen or os.path.join(env.get("HOME", ""), ".kube", "kuberc")


def expanded(argv: list[str], io: Io, find: Find) -> list[str]:
    """The command line with its alias resolved and defaults put in; PreferencesError."""
    if not argv or is_off(io.env):
        return argv
    found = _wanted(_given(argv), io, is_told=_level(argv) >= TOLD)
    if found is None:
        return argv
    _judge(found)
    argv, alias = _alias(argv, found, io)
    path, rest = find(argv)
    if alias is not None:
        io.aliased = (find(str(alias.get("command") or "").split())[0], str(alias["name"]))
    row = table.row(path)
    if row is None or row.use == "own" or (row.is_group and row.path != "create"):
        return argv
    if alias is not None:
        return [*path.split(), *_flags(row, rest, alias.get("options") or [], f"alias flag {{}} in alias {io.program}"), *rest]
    return [*path.split(), *_defaults(row, rest, found, io, find), *rest]


def _wanted(given: str, io: Io, *, is_told: bool) -> Object | None:
    """The preferences that count; only what was asked for by name has to be there and to be right."""
    where = place(given, io.env)
    if not where:
        return None
    try:
        found, wrong = load(where, (lambda place, text: io.log("I", place, text)) if is_told else None)
    except PreferencesError as error:
        if given or io.env.get("KUBERC"):
            raise PreferencesError(f"{APPLYING}kuberc error kuberc: {error}") from None
        if os.path.exists(where):
            io.err(f"kuberc: no preferences loaded from {where}: {error}")
        return None
    if wrong:
        io.err(f"kuberc: ignoring strict decoding error in {where}: {wrong}")
    return found


def _given(argv: list[str]) -> str:
    for at, word in enumerate(argv):
        if word == "--":
            break
        name, _, value = word.partition("=")
        value = argv[at + 1] if word == "--kuberc" and at + 1 < len(argv) else value
        if name == "--kuberc":
            if not value:
                raise PreferencesError(f"{APPLYING}kuberc file is not found")
            return value
    return ""


def _level(argv: list[str]) -> int:
    """What `-v` or `--v` says, wherever it stands; 0 for none."""
    words = argv[: argv.index("--")] if "--" in argv else argv
    for at, word in enumerate(words):
        name, is_set, value = word.partition("=")
        if name in ("-v", "--v"):
            value = value if is_set else words[at + 1] if at + 1 < len(words) else ""
        elif word.startswith("-v"):
            value = word[2:]
        else:
            continue
        return int(value) if value.isdigit() else 0
    return 0


def load(where: str, tell: Tell | None = None) -> tuple[Object | None, str]:
    """A file's preferences in the newest version (None for an empty file), and what strict decoding says; PreferencesError.

    `tell` takes a place in kubectl's source and a text, for every entry."""
    from pkctl.objects import yamls

    try:
        with open(where, encoding="utf-8") as stream:
            documents = [each.removeprefix("\n") for each in stream.read().split("\n---") if each.strip()]
    except OSError as error:
        did = "read" if isinstance(error, IsADirectoryError) else "open"
        raise PreferencesError(f"{did} {where}: {(error.strerror or '').lower()}") from None
    tell = tell or (lambda *_: None)
    for number, text in enumerate(documents, start=1):
        try:
            value = yamls.load(text)
            read = _read(value)
        except ValueError as error:
            reason = str(error).removeprefix(yamls.CONVERTING) or f"Object 'Kind' is missing in '{text}'"
            tell("marshal.go:71", f"kuberc: strict decoding error for entry {number} in {where}: {reason}")
            continue
        tell("marshal.go:94", f"kuberc: using entry {number} ({value['apiVersion']}) in {where}")
        return read
    if documents:
        raise PreferencesError(f"no valid preferences found in {where}, use --v=5 to see details")
    tell("marshal.go:103", f"kuberc: no preferences found in {where}")
    return None, ""


def _read(found: Any) -> tuple[Object, str]:
    """A document's preferences in the newest version, and what strict decoding says; ValueError when it holds none."""
    if not isinstance(found, dict) or not found.get("kind"):
        raise ValueError("")
    version, kind = found.get("apiVersion"), found["kind"]
    if version not in VERSIONS or kind != "Preference":
        raise ValueError(f'no kind "{kind}" is registered for version "{version}" in scheme "pkg/config/scheme/scheme.go:30"')
    fields = kuberc_fields.Fields(found["apiVersion"].rpartition("/")[2])
    read = fields.read(found)
    if any(each.get("name") and each.get("command") for each in read.get("credentialPluginAllowlist") or ()):
        raise ValueError("a program with two names")
    unknown = ", ".join(fields.unknown(found))
    return _newest(read), f"strict decoding error: {unknown}" if unknown else ""


def _newest(found: Object) -> Object:
    """With the fields of v1beta1 and their order, lists never missing."""
    old = found["apiVersion"] == VERSIONS[1]
    options = "flags" if old else "options"
    defaults = [
        {"command": each.get("command", ""), "options": each.get(options)} for each in found.get("overrides" if old else "defaults") or []
    ]
    aliases = [
        {
            key: value
            for key in ("name", "command", "prependArgs", "appendArgs", "options")
            if (value := each.get(options if key == "options" else key))
        }
        for each in found.get("aliases") or []
    ]
    made = {"kind": "Preference", "apiVersion": VERSIONS[0], "defaults": defaults, "aliases": aliases}
    if found.get("credentialPluginPolicy"):
        made["credentialPluginPolicy"] = found["credentialPluginPolicy"]
    if isinstance(found.get("credentialPluginAllowlist"), list):
        made["credentialPluginAllowlist"] = [
            {"command": each.get("command") or each.get("name") or ""} for each in found["credentialPluginAllowlist"]
        ]
    return made


def _judge(found: Object) -> None:
    """PreferencesError for aliases and options that can't be meant."""
    names: list[str] = []
    for each in found["aliases"]:
        name = str(each.get("name") or "")
        if not (name.isascii() and name.isalpha()):
            raise PreferencesError(f"{APPLYING}invalid alias name, can only include alphabetical characters")
        _dashless(each)
        if name in names:
            raise PreferencesError(f"{APPLYING}duplicate alias name {name}")
        names.append(name)
    for each in found["defaults"]:
        _dashless(each)
    wrong = _wrong_policy(str(found.get("credentialPluginPolicy") or ""), found.get("credentialPluginAllowlist"))
    if wrong:
        raise PreferencesError(f"{APPLYING}{wrong}")


def _wrong_policy(policy: str, allowed: list[Object] | None) -> str:
    """What is wrong with which credential programs may run, "" for nothing."""
    misconfigured = "misconfigured credential plugin allowlist: "
    if policy not in ("", *POLICIES):
        return f'unknown plugin policy: "{policy}"'
    if policy != "Allowlist":
        return "" if allowed is None else f'{misconfigured}plugin policy is "{policy}" but allowlist is non-nil'
    if not allowed:
        said = "unspecified" if allowed is None else 'empty; use "DenyAll" policy instead'
        return f'credential plugin policy set to "Allowlist", but allowlist is {said}'
    for number, each in enumerate(allowed, start=1):
        command = str(each["command"])
        if not command:
            return f"{misconfigured}empty allowlist entry #{number}"
        if os.path.normpath(command) != command:
            return f'non-normalized file path: "{command}" vs "{os.path.normpath(command)}"'
    return ""


def _dashless(entry: Object) -> None:
    for each in entry.get("options") or ():
        if str(each.get("name") or "").startswith("-"):
            raise PreferencesError(f"{APPLYING}flag name {each['name']} should be in long form without dashes")


def _alias(argv: list[str], found: Object, io: Io) -> tuple[list[str], Object | None]:
    """The command line with an alias's words in place of its name, and the alias; a built-in command is never an alias."""
    at = next((number for number, word in enumerate(argv) if not word.startswith("-")), None)
    places = flags.skim(flags.rows(flagdefs.GLOBAL), argv)
    if at is None or (places and table.child("", argv[places[0]])):
        return argv, None
    for each in found["aliases"]:
        if each["name"] == argv[at]:
            if table.child("", argv[at]):
                io.err(f'Warning: Setting alias "{argv[at]}" to a built-in command is not supported\n')
                break
            words = str(each.get("command") or "").split()
            if words and table.child("", words[0]) is None:
                raise PreferencesError(
                    f'{APPLYING}command "{each["command"]}" not found to set alias "{each["name"]}": [{" ".join(words)}]'
                )
            return [*argv[:at], *words, *(each.get("prependArgs") or ()), *argv[at + 1 :], *(each.get("appendArgs") or ())], each
    return argv, None


def _defaults(row: table.Row, rest: list[str], found: Object, io: Io, find: Find) -> list[str]:
    """The options of every entry for a command of this name, whatever its group; an entry for no command is warned about."""
    made = []
    for each in found["defaults"]:
        words = str(each.get("command") or "").split()
        if words and table.child("", words[0]) is None:
            io.err(f'Warning: command "{each["command"]}" not found to set kuberc override\n')
        elif words and find(words)[0].split()[-1:] == row.path.split()[-1:]:
            made += _flags(row, rest, each.get("options") or [], f"flag {{}} for command {each['command']}")
    return made


def _flags(row: table.Row, rest: list[str], options: list[Object], wrong: str) -> list[str]:
    """`--name=value` for every option that the command line doesn't give itself; `wrong` says where an option has no flag."""
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags), flags.Flag("help", "bool", "false", "h")]
    try:
        values = flags.parse(known, rest)
    except errors.UsageError:
        return []
    made = []
    for each in options:
        name, text = str(each.get("name") or ""), str(each.get("default") or "")
        if name not in values.flags:
            raise PreferencesError(f"{APPLYING}invalid {wrong.format(name)}")
        if values.given(name):
            continue
        try:
            flags.parse(known, [f"--{name}={text}"])
        except errors.UsageError as error:
            value = "value" if wrong.startswith("alias") else "override value"
            there = wrong.removeprefix("alias ").replace(" for ", " in ").format(name)
            raise PreferencesError(f"{APPLYING}could not apply {value} {text} to {there} err: {error}") from None
        made.append(f"--{name}={text}")
    return made
