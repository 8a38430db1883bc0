"""The real kubectl that the `record-*` scripts ask: the one of the PATH, or PKCTL_KUBECTL; only of the version that pkctl follows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

VERSION = "1.36"


def kubectl() -> str:
    """The program's path; ends the script in one line when there is none, or one of another version."""
    named = os.environ.get("PKCTL_KUBECTL") or "kubectl"
    path = shutil.which(named)
    if path is None:
        sys.exit(f"no {named}: set PKCTL_KUBECTL to a kubectl {VERSION}")
    found = _version(path)
    if found != VERSION:
        sys.exit(f"{path} is kubectl {found}: recordings are made with {VERSION}")
    return os.path.abspath(path)


def _version(path: str) -> str:
    done = subprocess.run([path, "version", "--client", "-o", "json"], capture_output=True, text=True, check=True)
    version = json.loads(done.stdout)["clientVersion"]
    return f"{version['major']}.{version['minor'].rstrip('+')}"
