"""A screen about one place of the cluster, as actions know it, and what all screens of a monitor share. Not here: what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkctl.tui import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkctl.client import base
    from pkctl.objects import sources
    from pkctl.tui import places


class Shared:
    """What a monitor's screens have in common: whose cluster it is, who leads it, its namespaces, the commands that were typed."""

    def __init__(self, clock: sources.Sources, where: str, env: Mapping[str, str]) -> None:
        self.clock, self.where, self.env = clock, where, env
        self.leads = ""
        self.namespaces: list[str] = ["default"]
        self.commands: list[str] = []


class Placed(pages.Page):
    """Where an action happens: `place` of the cluster that `client` speaks to."""

    def __init__(self, client: base.Client, place: places.Place, shared: Shared) -> None:
        super().__init__()
        self.client, self.place, self.shared = client, place, shared

    def go(self, place: places.Place) -> None:
        """Show another place."""
        raise NotImplementedError

    def deeper(self, place: places.Place) -> None:
        """Show another place on top of this one."""
        raise NotImplementedError
