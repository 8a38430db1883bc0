"""JSON as Go's encoding/json writes it: `<`, `>` and `&` escaped, numbers in Go's form; with or without lines.

Not here: reading JSON (`texts`), canonical forms for hashing.
"""

from __future__ import annotations

from json import encoder

from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUOTE = encoder.encode_basestring


def compact(value: Any, *, sort_keys: bool = True) -> str:
    """The text without any blanks and without a newline."""
    return text(value, "", "", sort_keys)


def number(value: float) -> str:
    """A float as Go's JSON shows it: an exponent only below 1e-6 and from 1e21, no `.0`."""
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return _plain(repr(value))
    mantissa, _, exponent = f"{value!r}".partition("e")
    if not exponent:
        return mantissa.removesuffix(".0")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa.removesuffix('.0')}e{sign}{exponent.lstrip('+-').lstrip('0')}"


def string(value: str) -> str:
    """A quoted string; half of a surrogate pair becomes U+FFFD."""
    quoted = QUOTE(value)
    if not quoted.isascii():
        quoted = quoted.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return texts.escaped(quoted)


def text(value: Any, newline: str, indent: str, sort_keys: bool) -> str:
    """The text whose lines begin with `newline` (a line end and the outer indent), "" for all on one line."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, dict):
        keys = sorted(value) if sort_keys else value
        colon = ": " if newline else ":"
        inner = newline + indent
        return _join("{}", [f"{string(key)}{colon}{text(value[key], inner, indent, sort_keys)}" for key in keys], newline, indent)
    if isinstance(value, (list, tuple)):
        return _join("[]", [text(item, newline + indent, indent, sort_keys) for item in value], newline, indent)
    return _scalar(value)


def _join(brackets: str, parts: list[str], newline: str, indent: str) -> str:
    if not parts:
        return brackets
    inner = newline + indent
    return f"{brackets[0]}{inner}{f',{inner}'.join(parts)}{newline}{brackets[1]}"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return number(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _plain(shown: str) -> str:
    """`repr` of a float without an exponent."""
    if "e" not in shown:
        return shown.removesuffix(".0")
    mantissa, _, exponent = shown.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    point = len(whole) + int(exponent)
    digits = whole + fraction
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + digits.ljust(point, "0")
