"""What a plain YAML scalar means: a number, a boolean, nothing, or itself.

Follows goyaml.v2's resolve.go, with whole numbers as kubectl's JSON holds them: within int64, else floats.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
NULL = frozenset(("", "~", "null", "Null", "NULL"))
INFINITE = frozenset((".inf", "+.inf", "-.inf", ".nan"))
NUMERIC = frozenset("0123456789+-.")
BASES = {"0b": (2, frozenset("01")), "0o": (8, frozenset("01234567")), "0x": (16, frozenset("0123456789abcdef"))}
DIGITS = frozenset("0123456789")
LARGEST = 2**63
PREFIX = "tag:yaml.org,2002:"
STRING = f"{PREFIX}str"


def plain(text: str) -> Any:
    """What an unquoted scalar reads as; an infinity or a NaN as a float, for the caller to refuse."""
    if not text or text[0] not in NUMERIC:
        return word(text)
    value = number(text)
    return text if value is None else value


def word(text: str) -> Any:
    """True, False, None or the text itself."""
    if text in NULL:
        return None
    if text in TRUE:
        return True
    return False if text in FALSE else text


CORE = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def core(text: str) -> Any:
    """What goyaml.v3 reads an unquoted scalar as, in JSON's terms: only true and false are booleans, a date is a time of day zero."""
    if text in NULL:
        return None
    if text in CORE:
        return CORE[text]
    if text[0] not in NUMERIC:
        return text
    if _is_date(text):
        return _time(text)
    value = number(text)
    if isinstance(value, float) and DIGITS.issuperset(text) and int(text) < 2 * LARGEST:
        return int(text)
    return text if value is None else value


def _time(text: str) -> str:
    """A timestamp as RFC 3339 shows it; the text itself when it is none."""
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(text.replace(" ", "T", 1))
    except ValueError:
        return text
    if len(text) < 8 or text[4] != "-" or not text[:4].isdecimal():
        return text
    shown = (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
    return shown.removesuffix("+00:00") + "Z" if shown.endswith("+00:00") else shown


def whole(value: float) -> int | float:
    """A number as JSON in Go keeps it: an int where it is whole and fits into 64 bits, else a float."""
    if -LARGEST <= value < LARGEST and value == int(value):
        return int(value)
    return float(value)


def number(text: str) -> int | float | None:
    """A number in any of goyaml's forms, None when it is a string: underscores anywhere, 0b 0o 0x and bare octals."""
    if text.lower() in INFINITE:
        return float(text.lower().replace(".", ""))
    bare = text.replace("_", "")
    sign = -1 if bare[:1] == "-" else 1
    digits = bare[1:] if bare[:1] in ("+", "-") else bare
    if digits[:2].lower() in BASES:
        return _based(digits, sign)
    if digits and DIGITS.issuperset(digits):
        octal = len(digits) > 1 and digits[0] == "0" and not {"8", "9"} & set(digits)
        value = int(digits, 8 if octal else 10)
        return whole(sign * value) if value < 2 * LARGEST else whole(sign * float(digits))
    return _float(digits, sign)


def unsigned(text: str) -> int | None:
    """The whole number that is too large for int64 and fits into uint64; None for any other text."""
    digits = text.replace("_", "").removeprefix("+").lower()
    base, allowed = BASES.get(digits[:2], (8 if digits[:1] == "0" else 10, DIGITS))
    rest = digits[2:] if digits[:2] in BASES else digits
    if not rest or not allowed.issuperset(rest) or (base == 8 and {"8", "9"} & set(rest)):
        return None
    found = int(rest, base)
    return found if LARGEST <= found < 2 * LARGEST else None


def _based(digits: str, sign: int) -> int | float | None:
    base, allowed = BASES[digits[:2].lower()]
    rest = digits[2:].lower()
    if digits.startswith("0b") and rest[:1] in ("+", "-"):
        sign, rest = (-sign if rest[0] == "-" else sign), rest[1:]
    if not rest or not allowed.issuperset(rest) or int(rest, base) >= 2 * LARGEST:
        return None
    return whole(sign * int(rest, base))


def _float(digits: str, sign: int) -> int | float | None:
    mantissa, mark, exponent = digits.partition("e" if "e" in digits else "E")
    before, _, after = mantissa.partition(".")
    power = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    if not (before or after) or not DIGITS.issuperset(before + after + power) or (mark and not power):
        return None
    value = sign * float(digits)
    return whole(value) if value - value == 0 else None


def tagged(tag: str, text: str) -> Any:
    """A scalar with a tag, quoted or not; ValueError with goyaml's text when it isn't what the tag says."""
    short = tag.removeprefix(PREFIX)
    if short == "binary":
        return _binary(text)
    if short not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = plain(text)
    found = kind(text, value)
    if found != short and (found, short) != ("int", "float"):
        raise ValueError(f"cannot decode !!{found} `{text}` as a !!{short}")
    return value


def kind(text: str, value: Any) -> str:
    """The tag that a plain scalar resolves to."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "timestamp" if _is_date(text) else "str"
    return "float" if isinstance(value, float) or (any(char in text for char in ".eE") and text[:2] not in ("0x", "0X")) else "int"


def _is_date(text: str) -> bool:
    return len(text) > 4 and DIGITS.issuperset(text[:4]) and text[4] == "-"


def _binary(text: str) -> str:
    from base64 import b64decode

    try:
        return b64decode("".join(text.split()), validate=True).decode(errors="replace")
    except ValueError:
        raise ValueError("!!binary value contains invalid base64 data") from None
