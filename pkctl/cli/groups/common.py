"""What pkctl's own groups share: click run under our streams, errors as every command's."""

from __future__ import annotations

import click

from pkctl import errors, setups
from pkctl.cli import context, helps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.cli.streams import Io

SETTINGS = {"help_option_names": ["-h", "--help"]}


class Own:
    """What a command of ours works with: the streams, and the cluster that `--cluster` or the environment names."""

    def __init__(self, io: Io, place: str) -> None:
        self.io, hollow = io, io.settings is not None and io.settings.hollow
        if io.settings is not None and io.settings.actor:
            flag = "--as" if "user" in io.settings.actor else "--token"
            raise errors.CommandError(f"{flag}: pkctl's own commands are for the owner of the cluster alone")
        if not place and io.settings is not None:
            context.locate(io.settings)
            io.settings.judge()
            place = io.settings.place
        self.setup = setups.Setup(io.env, place, sources=io.sources, warn=lambda text: io.err(f"Warning: {text}\n"), hollow=hollow)


def run(command: click.Command, name: str, argv: list[str], io: Io) -> int:
    """One command line of a group; its exit code."""
    argv, place = _without_cluster(argv)
    path, asked, is_asked = _asked(command, [name], argv)
    if is_asked or (isinstance(asked, click.Group) and not argv):
        helps.own(path, asked, io, io.out if is_asked else io.err)
        return 0 if is_asked else 1
    try:
        found = command.main(args=argv, prog_name=f"{io.program} {name}", standalone_mode=False, obj=Own(io, place))
    except click.ClickException as error:
        io.err(f"error: {error.format_message()}\nSee '{io.program} {name} --help' for usage.\n")
        return 1
    except click.Abort:
        return 130
    except click.exceptions.Exit as error:
        return error.exit_code
    return found if isinstance(found, int) else 0


def _asked(command: click.Command, path: list[str], argv: list[str]) -> tuple[str, click.Command, bool]:
    """The command that the words lead to, and whether they ask for its help."""
    for word in argv:
        if word in ("-h", "--help", "--"):
            return " ".join(path), command, word != "--"
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            path = [*path, word]
    return " ".join(path), command, False


def _without_cluster(argv: list[str]) -> tuple[list[str], str]:
    """`--cluster` may stand anywhere, as with kubectl's commands."""
    rest, place, words = [], "", iter(argv)
    for word in words:
        if word == "--cluster":
            place = next(words, "")
        elif word.startswith("--cluster="):
            place = word.partition("=")[2]
        else:
            rest.append(word)
    return rest, place


def tell(io: Io, answer: object) -> int:
    """Print what a doing answered: lines, or nothing; an int is the exit code."""
    if isinstance(answer, bool) or answer is None:
        return 0
    if isinstance(answer, int):
        return answer
    lines: Iterable[object] = [answer] if isinstance(answer, str) else answer  # type: ignore[assignment]
    for line in lines:
        io.out(f"{line}\n")
    return 0
