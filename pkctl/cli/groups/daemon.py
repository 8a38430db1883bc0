"""`daemon start|status|stop|run|settle|install`: pkctl in the background, which only makes things happen sooner."""

from __future__ import annotations

import click

from pkctl import daemon
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
def start(own: common.Own) -> int:
    """Start it, unless it runs."""
    return common.tell(own.io, daemon.start(own.setup))


@group.command()
@click.pass_obj
def status(own: common.Own) -> int:
    """Say whether it runs, and since when."""
    text, code = daemon.status(own.setup)
    own.io.out(f"{text}\n")
    return code


@group.command()
@click.pass_obj
def stop(own: common.Own) -> int:
    """Stop it; pods run on."""
    return common.tell(own.io, daemon.stop(own.setup))


@group.command()
@click.pass_obj
def run(own: common.Own) -> int:
    """Run it in the foreground, as a service manager would."""
    return common.tell(own.io, daemon.run(own.setup))


@group.command()
@click.pass_obj
def settle(own: common.Own) -> int:
    """Do what is due, wait until it is done, and end."""
    return common.tell(own.io, daemon.settle(own.setup))


@group.command()
@click.pass_obj
def install(own: common.Own) -> int:
    """Write a systemd user unit that starts it at login."""
    return common.tell(own.io, daemon.install(own.setup))
