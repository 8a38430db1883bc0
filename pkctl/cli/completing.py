"""`__complete WORDS…`: what may stand at the last word, as `value<TAB>description` lines and cobra's `:DIRECTIVE`.

Here: commands and flags, which need no cluster. What flags and arguments may say is `completing_words`.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import completing_words, finding, flagdefs, flags, helps, helptexts, table
from pkctl.cli.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from pkctl.cli.completing_words import Offer
    from pkctl.cli.streams import Io

NAMES = {1: "Error", 2: "NoSpace", 4: "NoFileComp", 8: "FilterFileExt", 16: "FilterDirs", 32: "KeepOrder"}
"""cobra's directives, each a bit."""

DEFAULT, NO_FILES = completing_words.DEFAULT, completing_words.NO_FILES
REQUIRED = {**finding.REQUIRED, "kuberc set": ("section",)}


def main(words: list[str], io: Io, *, describe: bool) -> int:
    """Print what is offered; a cluster that can't be asked offers nothing."""
    before, last = words[:-1], words[-1] if words else ""
    try:
        found, directive = offered(before, last, io)
    except errors.PkctlError as error:
        io.err(f"[Debug] {error}\n")
        found, directive = [], NO_FILES
    start = last.partition("=")[2] if last.startswith("--") and "=" in last else last
    for value, text in found:
        if value.startswith(start) or directive == completing_words.EXTENSIONS:
            io.out(f"{value}\t{text}\n" if describe and text else f"{value}\n")
    io.out(f":{directive}\n")
    io.err(f"Completion ended with directive: {_named(directive)}\n")
    return 0


def _named(directive: int) -> str:
    return ", ".join(f"ShellCompDirective{name}" for bit, name in NAMES.items() if directive & bit) or "ShellCompDirectiveDefault"


def offered(before: list[str], last: str, io: Io) -> Offer:
    """(value, description) pairs for the word after the words before, and the directive."""
    path, rest = finding.command(before)
    row = table.row(path) or table.ROOT
    if row.use == "own":
        return _own(row, rest, last)
    if not path and rest[:1] == ["help"]:
        return _topics(rest[1:], io)
    if not path and flags.skim(flags.rows(flagdefs.GLOBAL), rest):
        return [], DEFAULT
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags), flags.Flag("help", "bool", "false", "h")]
    try:
        values = flags.parse(known, rest)
    except errors.UsageError as error:
        each = _waiting(known, rest) if "needs an argument" in str(error) else None
        return completing_words.of_flag(_context(row, _parsed(known, rest[:-1]), io), each.name) if each else ([], DEFAULT)
    if last.startswith("-") and values.dash < 0:
        return _flags(row, known, values, last, io)
    return _words(row, values, last, io)


def _parsed(known: list[flags.Flag], rest: list[str]) -> flags.Values:
    """What was given before the flag whose value is asked for."""
    try:
        return flags.parse(known, rest)
    except errors.UsageError:
        return flags.Values(known)


def _context(row: table.Row, values: flags.Values, io: Io) -> Context:
    """A context that only looks: nothing is settled for a completion's sake."""
    values.values["settle"] = "never"
    return Context(row, values, io)


def _waiting(known: list[flags.Flag], rest: list[str]) -> flags.Flag | None:
    """The flag that stands last and has no value yet: `--name` or the last letter of a cluster."""
    word = rest[-1]
    if word.startswith("--"):
        return next((each for each in known if each.name == word[2:]), None)
    return next((each for each in known if each.short and each.short == word[-1]), None)


def _flags(row: table.Row, known: list[flags.Flag], values: flags.Values, last: str, io: Io) -> Offer:
    name, equals, _ = last[2:].partition("=")
    if last.startswith("--") and equals:
        each = values.flags.get(name)
        return completing_words.of_flag(_context(row, values, io), name) if each and not each.no_opt else ([], DEFAULT)
    missing = [values.flags[name] for name in REQUIRED.get(row.path, ()) if not values.given(name)]
    found = _named_flags(row, missing, last)
    if found:
        return found, NO_FILES
    own = {each.name for each in flags.rows(row.flags)} | {"help", *(["kubeconfig"] if row.path == "config" else [])}
    inherited = sorted((each for each in known if each.name not in own), key=lambda each: each.name)
    local = sorted((each for each in values.flags.values() if each.name in own), key=lambda each: each.name)
    every = inherited + local if row.path else sorted(values.flags.values(), key=lambda each: each.name)
    free = [each for each in every if each.name not in flags.HIDDEN and (not values.given(each.name) or _repeats(each))]
    return _named_flags(row, free, last), NO_FILES


def _repeats(each: flags.Flag) -> bool:
    return each.kind in (*flags.LISTS, *flags.MAPS)


def _named_flags(row: table.Row, listed: list[flags.Flag], last: str) -> list[tuple[str, str]]:
    """`--name`, and `-n` where one dash alone was typed, each with its sentence."""
    page, common = helptexts.page(row.path), helptexts.common()
    found = []
    for each in listed:
        text = helps.sentence(each.name, page, common) or f"help for {(row.path or 'pkctl').split()[-1]}"
        found += [(name, text) for name in (f"--{each.name}", f"-{each.short}" if each.short else "") if name and name.startswith(last)]
    return found


def _words(row: table.Row, values: flags.Values, last: str, io: Io) -> Offer:
    missing = [values.flags[name] for name in REQUIRED.get(row.path, ()) if not values.given(name)]
    required = _named_flags(row, missing, "")
    children = table.children(row.path)
    if children and not values.args:
        return _below(row.path, io), NO_FILES
    if not row.module:
        return [], DEFAULT
    found, directive = completing_words.of_arguments(_context(row, values, io), last)
    return [*required, *found], directive


def _below(path: str, io: Io) -> list[tuple[str, str]]:
    """A command's subcommands in order; at the root `help` and the plugins among them."""
    found = {each.path.split()[-1]: each.short for each in table.children(path)}
    if not path:
        from pkctl.cli import plugins

        found["help"] = "Tell about a command"
        found.update((name, f"The command {name} is a plugin installed by the user") for name in plugins.names(io))
    return sorted(found.items())


def _topics(words: list[str], io: Io) -> Offer:
    path = ""
    for word in words:
        path = table.child(path, word) or path
    return _below(path, io), NO_FILES


def _own(row: table.Row, rest: list[str], last: str) -> Offer:
    """pkctl's own groups: click knows what follows."""
    import importlib

    import click

    module = importlib.import_module(f"pkctl.cli.{row.module}")
    command: click.Command = getattr(module, "group", None) or module.command
    for word in rest:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
    if last.startswith("-"):
        return [(name, str(getattr(each, "help", "") or "")) for each in command.params for name in each.opts if name[0] == "-"], NO_FILES
    if isinstance(command, click.Group):
        return [(name, each.get_short_help_str(200)) for name, each in sorted(command.commands.items())], NO_FILES
    return [], NO_FILES
