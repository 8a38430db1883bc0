"""`secrets rotate-key`: the key that seals Secrets at rest."""

from __future__ import annotations

import click

from pkctl import wiring
from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io


def main(argv: list[str], io: Io) -> int:
    """Run one command line of the group."""
    return common.run(group, "secrets", argv, io)


@click.group(context_settings=common.SETTINGS)
def group() -> None:
    """Look after the key that seals Secrets."""


@group.command("rotate-key")
@click.pass_obj
def rotate_key(own: common.Own) -> int:
    """Make a new key and seal every Secret with it."""
    return common.tell(own.io, wiring.rotate_key(own.setup))
