"""`tui`: the cluster full screen."""

from __future__ import annotations

import click

from pkctl import errors, wiring
from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io


def main(argv: list[str], io: Io) -> int:
    """Run the command line."""
    return common.run(command, "tui", argv, io)


@click.command(context_settings=common.SETTINGS)
@click.argument("kind", default="pods")
@click.option("-n", "--namespace", default="default", show_default=True, help="Where to look first.")
@click.option("-A", "--all-namespaces", is_flag=True, help="Look in every namespace.")
@click.pass_obj
def command(own: common.Own, kind: str, namespace: str, all_namespaces: bool) -> int:
    """Look at the cluster full screen, starting with KIND (pods); ? shows the keys."""
    client = wiring.client_of(own.setup)
    if client.kinds().find(kind) is None:
        raise errors.CommandError(f'the server doesn\'t have a resource type "{kind}"')
    if not own.io.is_terminal("stdout"):
        raise errors.CommandError("the monitor needs a terminal; try: pkctl get all")
    from pkctl.tui import app

    with wiring.background(own.setup, client.api):
        app.Monitor(client, "" if all_namespaces else namespace, kind).run()
    return 0
