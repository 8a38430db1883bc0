"""`logs -f` of several containers: how reading ends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.cli import context, flagdefs, flags, streams, table
from pkctl.cli.verbs import following


def test_a_reader_that_fails_unforeseen_ends_the_command() -> None:
    def read(*_: Any) -> Iterator[bytes]:
        yield b"a line\n"
        raise OSError("the folder is gone")

    row = table.row("logs")
    assert row is not None
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags)]
    out = streams.Io(stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO(), env={})
    ctx = context.Context(row, flags.parse(known, ["--settle=never", "--request-timeout=30s"]), out)
    with pytest.raises(OSError, match="the folder is gone"):
        following.run(ctx, read, [following.Target({"metadata": {"uid": "1"}}, "box", "")], {})
