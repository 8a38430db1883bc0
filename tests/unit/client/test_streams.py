"""client/streams: what is said of a node that a stream can't reach."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.client import streams

POD = {"metadata": {"name": "web"}, "spec": {"nodeName": "far"}}


@pytest.mark.parametrize("said", ["no connection", "node far: no connection"])
def test_an_unreachable_node_is_named_once(said: str) -> None:
    with pytest.raises(errors.NodeError, match=r"^node far: no connection$"), streams.reaching(POD):
        raise errors.NodeError("NodeUnreachable", said)


def test_a_node_that_is_lost_while_lines_come_is_named() -> None:
    def lines():  # type: ignore[no-untyped-def]
        yield b"one\n"
        raise errors.NodeError("NodeUnreachable", "gone")

    found = streams.reached(POD, lines())
    assert next(found) == b"one\n"
    with pytest.raises(errors.NodeError, match=r"^node far: gone$"):
        next(found)
