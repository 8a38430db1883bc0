"""JSON text to values and back. Reading needs only the C scanner: a command that reads shouldn't pay for importing `json` and `re`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

try:
    import _json
except ImportError:  # an interpreter without the C accelerator
    _json = None  # type: ignore[assignment]


SHORT = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"'}
"""Characters that Go quotes with one letter."""


ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Characters that Go's JSON never shows as they are."""


class _Settings:
    """What the scanner asks of the decoder it works for."""

    strict = False
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int
    memo: dict[str, str] = {}

    @staticmethod
    def parse_constant(name: str) -> float:
        return float(name.replace("Infinity", "inf"))


_scan: Any = _json.make_scanner(_Settings()) if _json is not None else None  # type: ignore[arg-type]


def loads(text: str) -> Any:
    """The value of a JSON text as `dumps` writes it; ValueError for anything else."""
    if _scan is None or text[:1] not in ("{", "["):
        import json

        return json.loads(text)
    try:
        value, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError(f"no JSON value at {error.value}") from None
    if end != len(text):
        raise ValueError(f"something follows the JSON value at {end}")
    return value


def dumps(value: Any, *, sort: bool = False) -> str:
    """Compact JSON."""
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort)


def escaped(text: str) -> str:
    """JSON text with the characters escaped that Go escapes."""
    for character, escape in ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    return text


def quoted(text: str) -> str:
    """A string as Go's `%q` writes it."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_quoted, text)) + '"'


def _quoted(char: str) -> str:
    if char in SHORT:
        return SHORT[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
