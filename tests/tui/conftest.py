"""A cluster for the monitor: a real client over a new file, a simulated node, a still clock, and a stage to play the monitor on."""

from __future__ import annotations

import asyncio
import html
import os
import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from pkctl import nodes, setups, wiring
from pkctl.api import options
from pkctl.objects import sources
from pkctl.tui import app, feeds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from textual import pilot

    from pkctl.client import local

PATIENCE = 120.0
"""Seconds after which a stage gives up on something that should appear; nothing is asserted about time."""

CHARACTER = 12.2
"""A character's width in a screenshot."""

CELL = re.compile(r'<text [^>]*?x="([\d.]+)"[^>]*?clip-path="url\(#[^)]*line-(\d+)\)"[^>]*>([^<]*)</text>')

SNAPSHOTS = Path(__file__).parent / "snapshots"


class Stage:
    """A monitor under way, its keys and its screen."""

    def __init__(self, monitor: app.Monitor, keys: pilot.Pilot[None]) -> None:
        self.monitor, self._keys = monitor, keys

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they cause happen."""
        await self._keys.press(*keys)

    async def type(self, text: str) -> None:
        """Press the keys of a text."""
        await self._keys.press(*({" ": "space", "/": "slash", "-": "minus", "=": "equals_sign"}.get(each, each) for each in text))

    def press_at_once(self, **keys: str) -> None:
        """Press keys, each with its character, without waiting for what each causes, as when a terminal was late."""
        for key, character in keys.items():
            self.monitor.post_message(events.Key(key.strip("_"), character))

    async def sees(self, *texts: str) -> str:
        """Wait until all texts are on screen; the screen then."""
        return await self.until(lambda shown: all(text in shown for text in texts), f"{texts} not seen")

    async def misses(self, text: str) -> str:
        """Wait until a text is not on screen; the screen then."""
        return await self.until(lambda shown: text not in shown, f"{text!r} still there")

    async def until(self, is_so: Callable[[str], bool], complaint: str) -> str:
        """Wait for the screen to be so."""
        end = time.monotonic() + PATIENCE
        while not is_so(shown := self.text()):
            assert time.monotonic() < end, f"{complaint} in:\n{shown}"
            await self._keys.pause(0.03)
        return shown

    def text(self) -> str:
        """The screen as lines of text."""
        lines = [""] * self.monitor.size.height
        for x, line, body in CELL.findall(self.monitor.export_screenshot()):
            at = round(float(x) / CHARACTER)
            lines[int(line)] = lines[int(line)].ljust(at) + html.unescape(body).replace("\xa0", " ")
        return "".join(f"{line.rstrip()}\n" for line in lines)


class Cluster:
    """A client over a cluster of its own."""

    def __init__(self, client: local.Local, setup: setups.Setup) -> None:
        self.client, self.setup = client, setup

    def create(self, kind: str, namespace: str, obj: dict[str, Any]) -> None:
        """A new object, and what follows from it."""
        row = self.client.kinds().find(kind)
        assert row is not None
        self.client.create(row, namespace, {"apiVersion": row.api_version, "kind": row.kind, **obj}, options.Options())
        self.client.settle()

    def pod(self, name: str, namespace: str = "default", *, containers: tuple[str, ...] = ("app",), **annotations: str) -> None:
        """A simulated pod, which `annotations` direct."""
        said = {f"sim.pkctl.dev/{key.replace('_', '-')}": value for key, value in annotations.items()}
        metadata = {"name": name, "annotations": said, "labels": {"app": name[:20]}}
        self.create(
            "pods", namespace, {"metadata": metadata, "spec": {"containers": [{"name": each, "image": "web:1"} for each in containers]}}
        )

    def deployment(self, name: str, replicas: int) -> None:
        """A deployment of simulated pods."""
        labels = {"app": name}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "web:1"}]}}
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
        self.create("deployments", "default", {"metadata": {"name": name}, "spec": spec})

    def get(self, kind: str, namespace: str, name: str) -> dict[str, Any]:
        """An object as it is now."""
        row = self.client.kinds().find(kind)
        assert row is not None
        return self.client.get(row, namespace, name)

    def names(self, kind: str, namespace: str = "default") -> list[str]:
        """The names that there are."""
        row = self.client.kinds().find(kind)
        assert row is not None
        return [obj["metadata"]["name"] for obj in self.client.list(row, namespace)["items"]]

    def play(
        self,
        script: Callable[[Stage], Awaitable[None]],
        *,
        kind: str = "pods",
        namespace: str = "default",
        size: tuple[int, int] = (80, 24),
        env: dict[str, str] | None = None,
    ) -> None:
        """Run the monitor while a script presses keys and looks."""

        async def run() -> None:
            monitor = app.Monitor(
                self.client, namespace, kind, clock=self.setup.sources, where="~/cluster.db", leader=lambda: "nobody", env=env or {}
            )
            async with monitor.run_test(size=size) as keys:
                await script(Stage(monitor, keys))

        asyncio.run(run())
        for thread in threading.enumerate():
            if thread.name == feeds.NAME:
                thread.join(PATIENCE)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """An empty cluster with one simulated node."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    env = {"HOME": str(tmp_path), "PKCTL_NODES": "none", "XDG_RUNTIME_DIR": str(tmp_path)}
    setup = setups.Setup(env, str(tmp_path / "cluster.db"), sources=sources.Frozen())
    nodes.add(setup, "n1", "sim")
    client = wiring.client_of(setup)
    yield Cluster(client, setup)
    client.close()


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Holds a screen against tests/tui/snapshots/NAME.txt; PKCTL_UPDATE_SNAPSHOTS=1 writes it instead."""

    def check(name: str, shown: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        if os.environ.get("PKCTL_UPDATE_SNAPSHOTS"):
            path.write_text(shown)
        assert shown == path.read_text()

    return check
