"""Where a text stops being base64, as Go's decoder finds it. Follows encoding/base64."""

from __future__ import annotations

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def fault(text: str) -> int:
    """Where Go's base64 decoder stops, -1 when the text is good; line breaks are skipped as Go skips them."""
    phase = 0
    for index, letter in enumerate(text):
        if letter in LETTERS:
            phase = (phase + 1) % 4
        elif letter == "=":
            return _bad_padding(text, index, phase)
        elif letter not in "\r\n":
            return index
    return len(text) - phase if phase else -1


def _bad_padding(text: str, index: int, phase: int) -> int:
    if phase < 2:
        return index
    rest = text[index + 1 :].replace("\r", "").replace("\n", "")
    wanted = "=" if phase == 2 else ""
    if rest == wanted:
        return -1
    return len(text) if not rest else index + 1 + (1 if phase == 2 and rest[0] == "=" else 0)
