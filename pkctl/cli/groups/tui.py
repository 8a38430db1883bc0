"""`tui`: the cluster full screen."""

from __future__ import annotations

import os

import click

from pkctl import errors, wiring
from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io
    from pkctl.client import local


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
    row = client.kinds().find(kind)
    if row is None or "list" not in row.verbs:
        raise errors.CommandError(f'the server doesn\'t have a resource type "{kind}"')
    if not (own.io.is_terminal("stdout") and own.io.is_terminal("stdin")):
        raise errors.CommandError("the monitor needs a terminal; try: pkctl get all")
    from pkctl.tui import app

    with wiring.background(own.setup, client.api):
        app.Monitor(
            client,
            "" if all_namespaces else namespace,
            kind,
            clock=own.setup.sources,
            where=_shown(client.api.store.place()),
            leader=lambda: _leader(client),
            env=own.setup.env,
        ).run()
    return 0


def _shown(place: str) -> str:
    """The cluster's place, short where it is in the user's home."""
    home = os.path.expanduser("~")
    return f"~{place.removeprefix(home)}" if place.startswith(f"{home}/") else place


def _leader(client: local.Local) -> str:
    """Who runs the controllers: this monitor, the daemon, another process, or nobody just now."""
    pid = client.api.store.lead_holder().partition("@")[0]
    if not pid:
        return "nobody"
    if pid == str(os.getpid()):
        return "this monitor"
    return "the daemon" if wiring.has_daemon(client.api.store) else f"process {pid}"
