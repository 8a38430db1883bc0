"""`--help`: what a command is for, its examples, its subcommands and flags, laid out as kubectl's (kubectl's util/templates).

The words are in `helptexts`. Not here: which flags and commands there are (`table`), or what click knows of pkctl's own groups.
"""

from __future__ import annotations

from pkctl.cli import flagdefs, flags, helptexts, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

    from pkctl.cli.streams import Io

ROOT = """pkctl is Kubernetes in one command: kubectl's verbs over a cluster that lives in one file.

 Nothing has to run between two commands; pods run in Podman on this machine or on others over SSH."""

HELP = """Tells what a command is for, how it is used, and which flags it has.
The words after it are the command's."""

NO_ALPHA = "No alpha commands are available in this version of {program}\n"


def show(row: table.Row, io: Io, put: Callable[[str], None] | None = None) -> None:
    """Print a command's help, or the root's for the row without a path; to stdout unless `put` says otherwise."""
    page = helptexts.page(row.path)
    listed = flags.rows(row.flags)
    parts = [
        *_about(row, page, io.program),
        *_commands(row.path, io),
        *([f"Options:\n{_options(listed, page)}"] if listed else []),
        _usage([io.program, *row.path.split()], row.usage, has_more=bool(table.children(row.path))),
    ]
    (put or io.out)("\n\n".join(parts) + "\n")


def own(path: str, command: click.Command, io: Io, put: Callable[[str], None]) -> None:
    """The help of a command of pkctl's own, whose flags and subcommands click knows."""
    import click

    page = helptexts.page(path)
    children = getattr(command, "commands", {})
    parts = _about(table.Row(path, "", "own", "", "", _short(command)), page, io.program)
    if children:
        rows = {name: table.Row(name, "", "own", "", "", _short(children[name])) for name in sorted(children)}
        parts.append("Available Commands:\n" + _lines(rows, rows, max(11, *map(len, rows))))
    options = [_own_option(each) for each in command.params if isinstance(each, click.Option)]
    if options:
        parts.append("Options:\n" + "\n\n".join(sorted(options)))
    words = "SUBCOMMAND" if children else " ".join(each.make_metavar(click.Context(command)) for each in _arguments(command))
    parts.append(_usage([io.program, *path.split()], words, has_more=bool(children)))
    put("\n\n".join(parts) + "\n")


def topic(words: list[str], io: Io) -> int:
    """`help [COMMAND…]`."""
    path = ""
    for word in words:
        deeper = table.child(path, word)
        if deeper is None and not path and word == "help":
            io.out(f"{HELP}\n\n{_usage([io.program], 'help [command] [flags]', has_more=False)}\n")
            return 0
        if deeper is None and not path:
            return _unknown(words, io)
        if deeper is None:
            break
        path = deeper
    show(table.row(path) or table.ROOT, io)
    return 0


def _unknown(words: list[str], io: Io) -> int:
    parts = [*_commands("", io), _usage([io.program], table.ROOT.usage, has_more=True)]
    io.err(f"Unknown help topic [{' '.join(f'`{each}`' for each in words)}]\n\n\n" + "\n\n".join(parts) + "\n")
    return 0


def options(io: Io) -> None:
    """The flags of every command."""
    io.out(f"The following options can be passed to any command:\n\n{_options(flags.rows(flagdefs.GLOBAL), helptexts.Page())}\n\n")


def sentence(name: str, page: helptexts.Page, common: dict[str, str]) -> str:
    """What a flag is for: the command's own words, or those for all commands."""
    return page.flags.get(name) or common.get(name, "")


def _about(row: table.Row, page: helptexts.Page, program: str) -> list[str]:
    first = f"{row.short}." if row.path else ROOT
    parts = [_named("\n\n ".join((first, *page.paragraphs)), program)]
    names = table.aliases(row.path)
    if names:
        parts.append(f"Aliases:\n{', '.join((row.path.split()[-1], *names))}")
    if page.examples:
        shown = ("\n".join((f"  # {what}", *(f"  {line}" for line in lines))) for what, lines in page.examples)
        parts.append(_named("Examples:\n" + "\n  \n".join(shown), program))
    return parts


def _named(text: str, program: str) -> str:
    """A text that calls us by the name under which we run."""
    return text if program == "pkctl" else text.replace("pkctl ", f"{program} ").replace("__start_pkctl", f"__start_{program}")


def _commands(path: str, io: Io) -> list[str]:
    rows = {each.path.rpartition(" ")[2]: each for each in table.children(path)}
    if not rows:
        return []
    if path:
        return ["Available Commands:\n" + _lines(rows, rows, max(11, *map(len, rows)))]
    from pkctl.cli import plugins

    plugged = {name: table.Row(name, "", "", "", "", f"The command {name} is a plugin installed by the user") for name in plugins.names(io)}
    groups = [f"{title}:\n" + _lines(rows, names.split(), 13) for title, names in table.SECTIONS]
    return [*groups, *(["Subcommands provided by plugins:\n" + _lines(plugged, plugged, 11)] if plugged else [])]


def _lines(rows: dict[str, table.Row], names: Iterable[str], width: int) -> str:
    return "\n".join(f"  {name:<{width}}   {rows[name].short}" for name in names)


def _options(listed: list[flags.Flag], page: helptexts.Page) -> str:
    common = helptexts.common()
    return "\n\n".join(
        f"    {f'-{each.short}, ' if each.short and each.short != each.name else ''}--{each.name}={_default(each)}:\n"
        f"\t{sentence(each.name, page, common)}"
        for each in sorted(listed, key=lambda each: each.name)
        if each.name not in flags.HIDDEN
    )


def _default(each: flags.Flag) -> str:
    if each.kind in (*flags.LISTS, "map"):
        return f"[{each.default}]"
    return f"'{each.default}'" if each.kind == "string" else each.default


def _short(command: click.Command) -> str:
    return command.get_short_help_str(200).rstrip(".")


def _own_option(each: click.Option) -> str:
    long = next(name for name in each.opts if name.startswith("--"))
    shorts = [name for name in each.opts if not name.startswith("--")]
    default = str(each.default is True).lower() if each.is_flag else f"'{each.default if isinstance(each.default, str) else ''}'"
    return f"    {''.join(f'{name}, ' for name in shorts)}{long}={default}:\n\t{each.help}"


def _arguments(command: click.Command) -> list[click.Argument]:
    import click

    return [each for each in command.params if isinstance(each, click.Argument)]


def _usage(words: list[str], usage: str, *, has_more: bool) -> str:
    more = f'Use "{" ".join((*words, "<command>"))} --help" for more information about a given command.\n' if has_more else ""
    last = f'Use "{words[0]} options" for a list of global command-line options (applies to all commands).'
    return f"Usage:\n  {' '.join((*words, usage)).rstrip()} [options]\n\n{more}{last}"
