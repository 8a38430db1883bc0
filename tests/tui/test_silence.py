"""A node that does not answer: the screen goes on, and can be left."""

from __future__ import annotations

import threading

import pytest

from pkctl import errors
from pkctl.client import local
from pkctl.runtime import sim


class Silent(sim.Sim):
    """A node that answers nothing until it is let go, and then with an error."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.over = threading.Event()

    def logs(self, *_: object, **__: object):
        self.over.wait()
        raise errors.NodeError("NodeUnreachable", "node n1 does not answer")

    exec = logs


@pytest.fixture
def silent(cluster):
    node = Silent("n1", cluster.setup.sources)
    real = cluster.client
    cluster.client = local.Local(real.api, settle=lambda *_, **__: real.settle(), glance=lambda: None, runtime_of=lambda _: node)
    yield node
    node.over.set()


def test_rows_stay_current_while_a_node_is_silent(cluster, silent):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("s")
        await stage.sees("opening a shell in web:app")
        cluster.pod("late")
        await stage.sees("late", "Pods(default)[2]")
        silent.over.set()

    cluster.play(script)


def test_the_log_of_a_silent_node_can_be_left(cluster, silent):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("l")
        await stage.sees("logs default/web:app")
        await stage.press("escape")
        await stage.sees("Pods(default)[1]")
        silent.over.set()

    cluster.play(script)


def test_what_the_node_says_in_the_end_is_at_the_foot(cluster, silent):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("s")
        await stage.sees("opening a shell")
        silent.over.set()
        await stage.sees("node n1 does not answer")

    cluster.play(script)


def test_a_long_error_takes_more_than_one_line(cluster):
    cluster.pod("no-image", pull_error="ErrImagePull: not found")

    async def script(stage):
        await stage.sees("no-image")
        await stage.press("l")
        await stage.sees('container "app" in pod "no-image" is waiting to start', "\npull image\n")

    cluster.play(script)
