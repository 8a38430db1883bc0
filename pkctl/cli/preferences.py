"""kuberc: flags' defaults and aliases of a user's own, put into a command line before it is parsed (kubectl's pkg/kuberc).

The file is --kuberc's, else KUBERC's (`off` for none), else ~/.kube/kuberc where that is. Not here: `kuberc set` and `view`.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import flagdefs, flags, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pkctl.cli.streams import Io

    Object = dict[str, Any]

VERSIONS = ("kubectl.config.k8s.io/v1beta1", "kubectl.config.k8s.io/v1alpha1")
APPLYING = "error occurred while applying preferences "
FIELDS = ("kind", "apiVersion", "defaults", "overrides", "aliases", "credentialPluginPolicy", "credentialPluginAllowlist")


class PreferencesError(errors.CommandError):
    """Preferences that can't be honoured; printed as it stands."""

    bare = True


def place(given: str, env: Mapping[str, str]) -> str:
    """The file, whether it is there or not; "" when KUBERC says that there is none."""
    chosen = env.get("KUBERC", "")
    if chosen == "off":
        if given:
            raise PreferencesError(f"{APPLYING}kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive")
        return ""
    return given or chosen or os.path.join(env.get("HOME", ""), ".kube", "kuberc")


def expanded(argv: list[str], io: Io, find: Callable[[list[str]], tuple[str, list[str]]]) -> list[str]:
    """The command line with its alias resolved and defaults put in; PreferencesError."""
    given = _given(argv)
    where = place(given, io.env)
    if not where or not (given or io.env.get("KUBERC") or os.path.exists(where)):
        return argv
    found = load(where, io)
    argv, options = _alias(argv, found)
    path, rest = find(argv)
    row = table.row(path)
    if row is None or row.is_group or row.use == "own":
        return argv
    if options is None:
        options = next((each.get("options") or [] for each in found["defaults"] if each.get("command") == path), [])
    return [*path.split(), *_flags(row, rest, options), *rest]


def _given(argv: list[str]) -> str:
    for at, word in enumerate(argv):
        if word == "--":
            break
        if word.startswith("--kuberc="):
            return word.partition("=")[2]
        if word == "--kuberc" and at + 1 < len(argv):
            return argv[at + 1]
    return ""


def load(where: str, io: Io) -> Object:
    """A file's preferences, lists never missing; PreferencesError."""
    from pkctl.objects import yamls

    try:
        with open(where, encoding="utf-8") as stream:
            found = yamls.load(stream.read())
    except OSError as error:
        raise PreferencesError(f"{APPLYING}kuberc error kuberc: open {where}: {(error.strerror or '').lower()}") from None
    except yamls.YamlError as error:
        raise PreferencesError(f"{APPLYING}kuberc error kuberc: {error}") from None
    if not isinstance(found, dict) or found.get("apiVersion") not in VERSIONS or found.get("kind") != "Preference":
        raise PreferencesError(f"{APPLYING}kuberc error kuberc: no valid preferences found in {where}, use --v=5 to see details")
    unknown = ", ".join(f'unknown field "{name}"' for name in found if name not in FIELDS)
    if unknown:
        io.err(f"kuberc: ignoring strict decoding error in {where}: strict decoding error: {unknown}")
    made = {**found, "defaults": found.get("defaults") or found.get("overrides") or [], "aliases": found.get("aliases") or []}
    names = [each.get("name") for each in made["aliases"]]
    for name in names:
        if names.count(name) > 1:
            raise PreferencesError(f"{APPLYING}duplicate alias name {name}")
    policy = found.get("credentialPluginPolicy") or ""
    if found.get("credentialPluginAllowlist") and policy != "Allowlist":
        raise PreferencesError(f'{APPLYING}misconfigured credential plugin allowlist: plugin policy is "{policy}" but allowlist is non-nil')
    return made


def _alias(argv: list[str], found: Object) -> tuple[list[str], list[Object] | None]:
    """The command line with an alias's words in place of its name, and the alias's options; a built-in command is never an alias."""
    places = flags.skim(flags.rows(flagdefs.GLOBAL), argv)
    if not places or table.child("", argv[places[0]]):
        return argv, None
    at = places[0]
    for each in found["aliases"]:
        if each.get("name") == argv[at]:
            words = [*str(each.get("command") or "").split(), *(each.get("prependArgs") or ())]
            return [*argv[:at], *words, *argv[at + 1 :], *(each.get("appendArgs") or ())], each.get("options") or []
    return argv, None


def _flags(row: table.Row, rest: list[str], options: list[Object]) -> list[str]:
    """`--name=value` for every option that the command line doesn't give itself."""
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags), flags.Flag("help", "bool", "false", "h")]
    try:
        values = flags.parse(known, rest)
    except errors.UsageError:
        return []
    made = []
    for each in options:
        name, text = str(each.get("name") or ""), str(each.get("default") or "")
        if name not in values.flags:
            raise PreferencesError(f"{APPLYING}invalid flag {name} for command {row.path}")
        if values.given(name):
            continue
        try:
            flags.parse(known, [f"--{name}={text}"])
        except errors.UsageError as error:
            raise PreferencesError(
                f"{APPLYING}could not apply override value {text} to flag {name} in command {row.path} err: {error}"
            ) from None
        made.append(f"--{name}={text}")
    return made
