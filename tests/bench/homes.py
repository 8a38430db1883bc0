"""A cluster of its own for a benchmark: an empty home, no node unless wanted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

PKCTL = os.path.join(os.path.dirname(sys.executable), "pkctl")
KUBECTL = os.path.join(os.path.dirname(sys.executable), "kubectl")


@contextmanager
def home(**env: str) -> Iterator[dict[str, str]]:
    """An environment with an empty HOME that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="pkctl-bench-")
    kept = {key: os.environ[key] for key in ("PATH", "CONTAINERS_CONF", "LANG") if key in os.environ}
    try:
        yield {**kept, "HOME": folder, **env}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pkctl(env: dict[str, str], *argv: str, text: str | None = None) -> str:
    """Run pkctl and return what it printed; raises when it fails."""
    return subprocess.run([PKCTL, *argv], env=env, input=text, check=True, capture_output=True, text=True).stdout
