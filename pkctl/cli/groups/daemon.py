"""`daemon start|status|stop|run|install`: pkctl in the background, which only makes things happen sooner."""

from __future__ import annotations

import click

from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io


def main(argv: list[str], io: Io) -> int:
    """Run one command line of the group."""
    return common.run(group, "daemon", argv, io)


@click.group(context_settings=common.SETTINGS)
def group() -> None:
    """Run pkctl in the background."""


@group.command()
@click.pass_obj
def start(io: Io) -> int:
    """Start it, unless it runs."""
    return common.tell(io, io.wiring.daemon_start(io))


@group.command()
@click.pass_obj
def status(io: Io) -> int:
    """Say whether it runs, and since when."""
    return common.tell(io, io.wiring.daemon_status(io))


@group.command()
@click.pass_obj
def stop(io: Io) -> int:
    """Stop it; pods run on."""
    return common.tell(io, io.wiring.daemon_stop(io))


@group.command()
@click.pass_obj
def run(io: Io) -> int:
    """Run it in the foreground, as a service manager would."""
    return common.tell(io, io.wiring.daemon_run(io))


@group.command()
@click.pass_obj
def install(io: Io) -> int:
    """Write a systemd user unit that starts it at login."""
    return common.tell(io, io.wiring.daemon_install(io))
