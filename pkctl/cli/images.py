"""Whether a text names an image. Upstream: distribution/reference's grammar, as `kubectl run` and `kubectl debug` ask for it.

Not here: which image is run, and from where (`runtime.images`).
"""

from __future__ import annotations

from pkctl import errors

HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
TAG = r"\w[\w.-]{0,127}"
DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
NAME = rf"(?:{HOST}/)?{PART}(?:/{PART})*(?::{TAG})?(?:@{DIGEST})?"


def judge(text: str) -> None:
    """Refuse what is no image's name, and none at all."""
    import re

    if not text:
        raise errors.CommandError("--image is required")
    if not re.fullmatch(NAME, text, re.ASCII):
        from pkctl.objects import fields

        raise errors.CommandError(f"Invalid image name {fields.quoted(text)}: invalid reference format")
