"""A shell over a cluster in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import clusters
from tests.unit.cli import lines


@pytest.fixture
def sh() -> Iterator[lines.Shell]:
    """A shell over an empty cluster."""
    with clusters.cluster() as cluster:
        yield lines.Shell(cluster)
