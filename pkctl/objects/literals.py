"""Go's literals in quotes, read as strconv.UnquoteChar reads them. Not here: writing them (`texts.quoted`)."""

from __future__ import annotations

ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
SIZES = {"x": 2, "u": 4, "U": 8}
"""How many hexadecimal digits stand behind the letter of an escape."""

DIGITS = frozenset("0123456789abcdefABCDEF")


def unquoted(inner: str, quote: str) -> str:
    """What stands between two quotes; ValueError for an escape that means nothing, or a third quote."""
    if "\\" not in inner and quote not in inner:
        return inner
    out, at = bytearray(), 0
    while at < len(inner):
        char = inner[at]
        if char == quote:
            raise ValueError(inner)
        raw, at = _escape(inner, at + 1, quote) if char == "\\" else (char.encode(), at + 1)
        out += raw
    return out.decode(errors="replace")


def _escape(text: str, at: int, quote: str) -> tuple[bytes, int]:
    """The bytes of the escape whose letter is at `at`, and where it ends."""
    letter = text[at : at + 1]
    if letter in ESCAPES:
        return ESCAPES[letter].encode(), at + 1
    if letter == quote:
        return letter.encode(), at + 1
    size = SIZES.get(letter, 0)
    start, end = (at + 1, at + 1 + size) if size else (at, at + 3)
    digits = text[start:end]
    if len(digits) < end - start or not DIGITS.issuperset(digits):
        raise ValueError(text)
    code = int(digits, 16 if size else 8)
    return (chr(code).encode() if size > 2 else bytes([code])), end
