"""A shell over a cluster in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkctl.cli import run, streams
from tests import clusters
from tests.unit.cli import lines


@pytest.fixture
def sh() -> Iterator[lines.Shell]:
    """A shell over an empty cluster."""
    with clusters.cluster() as cluster:
        yield lines.Shell(cluster)


@pytest.fixture
def file_sh(tmp_path: Path) -> lines.Sh:
    """Runs a command line as a user would over a cluster file, without a node of this machine."""
    env = {"HOME": str(tmp_path), "PKCTL_CLUSTER": str(tmp_path / "cluster.db"), "PKCTL_NODES": "none"}

    def call(*argv: str, text: str = "", **more: str) -> lines.Said:
        out, err = io.StringIO(), io.StringIO()
        code = run.main(argv, streams.Io(stdin=io.StringIO(text), stdout=out, stderr=err, env={**env, **more}))
        return lines.Said(code, out.getvalue(), err.getvalue())

    return call
