"""The monitor itself: a Textual application over one client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import app

from pkctl.tui import browser

if TYPE_CHECKING:
    from pkctl.client import base


class Monitor(app.App[None]):
    """Opens on the pods of a namespace; everything else is reached from there."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = []
    CSS = "Screen { background: $background; }"

    def __init__(self, client: base.Client, namespace: str, kind: str = "pods") -> None:
        super().__init__()
        self._client, self._namespace, self._kind = client, namespace, kind

    def on_mount(self) -> None:
        row = self._client.kinds().find(self._kind)
        assert row is not None
        self.push_screen(browser.Browser(self._client, browser.Place(row, self._namespace)))
