"""Whether a text names an image. Upstream: distribution/reference's grammar, which `kubectl run` and `kubectl debug` ask for.

Not here: which image is run, and from where (`runtime.images`).
"""

from __future__ import annotations

HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
TAG = r"\w[\w.-]{0,127}"
DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
NAME = rf"(?:{HOST}/)?{PART}(?:/{PART})*(?::{TAG})?(?:@{DIGEST})?"


def is_name(text: str) -> bool:
    """Whether an image can be called so."""
    import re

    return re.fullmatch(NAME, text, re.ASCII) is not None
