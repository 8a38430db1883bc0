"""`tui`: the cluster full screen."""

from __future__ import annotations

import click

from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io


def main(argv: list[str], io: Io) -> int:
    """Run the command line."""
    return common.run(command, "tui", argv, io)


@click.command(context_settings=common.SETTINGS)
@click.pass_obj
def command(io: Io) -> int:
    """Look at the cluster full screen."""
    return common.tell(io, io.wiring.tui(io))
