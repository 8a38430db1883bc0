"""`node add|list|check|remove|clean`: the machines that pods run on."""

from __future__ import annotations

import click

from pkctl import nodes
from pkctl.cli.groups import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io


def main(argv: list[str], io: Io) -> int:
    """Run one command line of the group."""
    return common.run(group, "node", argv, io)


@click.group(context_settings=common.SETTINGS)
def group() -> None:
    """Add, list, check, remove and clean nodes."""


@group.command()
@click.argument("name")
@click.option("--ssh", metavar="[USER@]HOST[:PORT]", default="", help="Reach the node over SSH; without it, the node is this machine.")
@click.pass_obj
def add(own: common.Own, name: str, ssh: str) -> int:
    """Add a node; nothing of ours is installed on it."""
    return common.tell(own.io, nodes.add(own.setup, name, ssh))


@group.command("list")
@click.pass_obj
def list_nodes(own: common.Own) -> int:
    """List the nodes and how they are reached."""
    return common.tell(own.io, nodes.rows(own.setup))


@group.command()
@click.argument("name", required=False)
@click.pass_obj
def check(own: common.Own, name: str | None) -> int:
    """Say what a node lacks, and what of ours on it belongs to no cluster."""
    lines, code = nodes.check(own.setup, name)
    common.tell(own.io, lines)
    return code


@group.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="Forget the node even if it does not answer or still runs pods.")
@click.pass_obj
def remove(own: common.Own, name: str, force: bool) -> int:
    """Remove a node and everything of ours on it."""
    return common.tell(own.io, nodes.remove(own.setup, name, force=force))


@group.command()
@click.argument("name", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def clean(own: common.Own, name: str | None, yes: bool) -> int:
    """Remove containers and networks that vanished clusters left behind."""
    return common.tell(own.io, nodes.clean(own.setup, name, lambda question: yes or click.confirm(question)))
