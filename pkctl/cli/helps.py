"""`--help`: what a command is for, its examples, its subcommands and flags, laid out as kubectl's."""

from __future__ import annotations

from pkctl.cli import flagdefs, flags, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.cli.streams import Io


def show(row: table.Row, io: Io) -> None:
    """Print a command's help, or the root's for the row without a path."""
    parts = [ROOT if not row.path else f"{row.short}."]
    example = _examples(row.path, io.program)
    if example:
        parts.append(f"Examples:\n{example}")
    parts.extend(_commands(row.path))
    listed = _options(flags.rows(row.flags))
    if listed:
        parts.append(f"Options:\n{listed}")
    words = [io.program, *row.path.split()]
    parts.append(f"Usage:\n  {' '.join((*words, row.usage)).rstrip()} [options]")
    last = []
    if table.children(row.path):
        named = " ".join((*words, "<command>"))
        last.append(f'Use "{named} --help" for more information about a given command.')
    last.append(f'Use "{io.program} options" for a list of global command-line options (applies to all commands).')
    io.out("\n\n".join((*parts, "\n".join(last))) + "\n\n")


ROOT = """pkctl is Kubernetes in one command: kubectl's verbs over a cluster that lives in one file.

 Nothing has to run between two commands; pods run in Podman on this machine or on others over SSH."""


def topic(words: list[str], io: Io) -> int:
    """`help [COMMAND…]`."""
    path = ""
    for word in words:
        deeper = table.child(path, word)
        if deeper is None:
            io.out(f"Unknown help topic {words}\n".replace("['", "[`").replace("']", "`]").replace("', '", " "))
            break
        path = deeper
    show(table.row(path) or table.Row("", "", "", "", "[flags]", ""), io)
    return 0


def _commands(path: str) -> list[str]:
    rows = {each.path.rpartition(" ")[2]: each for each in table.children(path)}
    if not rows:
        return []
    if path:
        width = max(11, *(len(name) for name in rows))
        return ["Available Commands:\n" + _lines(rows, rows, width)]
    return [f"{title}:\n" + _lines(rows, names.split(), 13) for title, names in table.SECTIONS]


def _lines(rows: dict[str, table.Row], names: Iterable[str], width: int) -> str:
    return "\n".join(f"  {name:<{width}}   {rows[name].short}" for name in names)


def _options(listed: list[flags.Flag]) -> str:
    from pkctl.cli import helptexts

    return "\n\n".join(
        f"    {f'-{each.short}, ' if each.short and each.short != each.name else ''}--{each.name}={_default(each)}:\n"
        f"\t{helptexts.of(each.name, each.kind)}"
        for each in sorted(listed, key=lambda each: each.name)
        if each.name not in flags.HIDDEN
    )


def _default(each: flags.Flag) -> str:
    if each.kind in flags.LISTS or (each.kind == "map" and not each.default):
        return f"[{each.default}]"
    return f"'{each.default}'" if each.kind == "string" else each.default


def options(io: Io) -> None:
    """The flags of every command."""
    io.out(f"The following options can be passed to any command:\n\n{_options(flags.rows(flagdefs.GLOBAL))}\n")


def _examples(path: str, program: str) -> str:
    from pkctl.cli import helptexts

    lines = helptexts.EXAMPLES.get(path, ())
    return "\n  \n".join(f"  # {what}\n  {program} {line}" for what, line in lines)
