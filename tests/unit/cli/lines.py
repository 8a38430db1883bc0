"""Command lines run in this process over one cluster in memory."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from pkctl.cli import run, streams
from tests import clusters


class Kept:
    """A cluster's client that many commands may use: closing it is left to the test."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def close(self) -> None:
        return


class Said:
    """What a command line came to."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Sh = Callable[..., Said]


class Shell:
    """Runs command lines against a cluster; `env` is their environment."""

    def __init__(self, cluster: clusters.Cluster, **env: str) -> None:
        self.cluster, self.env = cluster, env

    def __call__(self, *argv: str, text: str = "") -> Said:
        out, err = io.StringIO(), io.StringIO()
        wiring = SimpleNamespace(client=lambda settings: Kept(self.cluster.client))
        made = streams.Io(
            stdin=io.StringIO(text),
            stdout=out,
            stderr=err,
            env={"HOME": os.devnull + "/home", **self.env},
            clock=self.cluster.sources,
            wiring=wiring,
        )
        code = run.main(argv, made)
        return Said(code, out.getvalue(), err.getvalue())
