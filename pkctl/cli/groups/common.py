"""What pkctl's own groups share: click run under our streams, errors as every command's."""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.cli.streams import Io

SETTINGS = {"help_option_names": ["-h", "--help"]}


def run(command: click.Command, name: str, argv: list[str], io: Io) -> int:
    """One command line of a group; its exit code."""
    try:
        found = command.main(args=argv, prog_name=f"{io.program} {name}", standalone_mode=False, obj=io)
    except click.exceptions.NoArgsIsHelpError as error:
        io.out(f"{error.format_message()}\n")
        return 1
    except click.ClickException as error:
        io.err(f"error: {error.format_message()}\nSee '{io.program} {name} --help' for usage.\n")
        return 1
    except click.Abort:
        return 130
    except click.exceptions.Exit as error:
        return error.exit_code
    return found if isinstance(found, int) else 0


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
