"""The monitor itself: a Textual application over one client."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

from textual import app, binding

from pkctl.tui import browser, feeds, pages, placed, places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pkctl.client import base
    from pkctl.objects import sources

LEADER = 2.0
"""Seconds between two looks at who leads."""


class Monitor(app.App[None]):
    """Opens on a kind in a namespace; everything else is reached from there.

    `where` names the cluster, `leader()` who runs its controllers: neither is something that a client knows.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = [binding.Binding("ctrl+c", "quit", "Quit", show=False, priority=True)]

    def __init__(
        self,
        client: base.Client,
        namespace: str,
        kind: str = "pods",
        *,
        clock: sources.Sources,
        where: str = "",
        leader: Callable[[], str] = lambda: "",
        env: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__()
        self.client, self.shared = client, placed.Shared(clock, where, env)
        self._start = (kind, namespace)
        self._leader = leader
        self._feeds: list[feeds.TableFeed | feeds.Repeated] = []
        client.warn = lambda text: pages.tell(self, lambda: self._warn(text))

    def on_mount(self) -> None:
        kinds = self.client.kinds()
        row, spaces = kinds.find(self._start[0]), kinds.by_id("namespaces")
        assert row is not None
        assert spaces is not None
        self.push_screen(browser.Browser(self.client, places.Place(row, self._start[1]), self.shared))
        known = feeds.TableFeed(self.client, spaces, "", browser.EVERYTHING, self.tell, lambda: self._took(known), lambda _: None)
        self._feeds = [known, feeds.Repeated(self._leader, LEADER, self.tell, self._led)]
        for feed in self._feeds:
            feed.start()

    def on_unmount(self) -> None:
        for feed in self._feeds:
            feed.stop()

    def tell(self, do: Callable[[], object]) -> None:
        """From any thread: do something in the application's own."""
        pages.tell(self, do)

    def on_told(self, event: pages.Told) -> None:
        # What comes while the screens are taken down would look for parts that are gone.
        if self.is_running:
            event.do()

    def _took(self, known: feeds.TableFeed) -> None:
        names = [row["object"]["metadata"]["name"] for row in known.table()["rows"]]
        self.shared.namespaces = sorted(names, key=lambda name: (name != "default", name.startswith("kube-"), name))
        self._draw_titles()

    def _led(self, leads: str) -> None:
        self.shared.leads = leads
        self._draw_titles()

    def _draw_titles(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, browser.Browser):
                screen.draw_title()

    def _warn(self, text: str) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, pages.Page):
                screen.fail(f"Warning: {text}")
                return

    async def action_quit(self) -> None:
        self.exit()
