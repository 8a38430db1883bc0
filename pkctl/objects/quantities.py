"""Quantities (`500m`, `1Gi`, `1e3`): exact amounts, and the one canonical text for each.

Follows apimachinery/pkg/api/resource/quantity.go: no fraction below nano, the greatest suffix that leaves a whole number.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

SYNTAX = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
SUFFIX = "unable to parse quantity's suffix"

BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
DECIMAL_TEXT = {power: suffix for suffix, power in DECIMAL.items()}
BINARY_TEXT = {power: suffix for suffix, power in BINARY.items()}
NANOS = 10**9
LARGEST = 2**63 - 1
"""Binary amounts stop here."""

LONGEST_EXPONENT = 3
"""Digits; Go takes more, at a price that nobody's memory needs."""


class QuantityError(ValueError):
    """A text that is no quantity; the text is the API server's."""


def _parts(text: str) -> tuple[str, str, str, str]:
    """Sign, digits before and after the point, and suffix; QuantityError."""
    at = 1 if text[:1] in ("+", "-") else 0
    digits = len(text) - at - len(text[at:].lstrip("0123456789."))
    number, suffix = text[at : at + digits], text[at + digits :]
    before, _, after = number.partition(".")
    rest = suffix.lstrip("eEinumkKMGTP")
    rest = rest[1:] if rest[:1] in ("+", "-") else rest
    if not text or "." in after or rest.strip("0123456789"):
        raise QuantityError(SYNTAX)
    return text[:at], before, after, suffix


def _power(suffix: str) -> tuple[int, str]:
    """What a suffix multiplies by, as a power of 1024 or of ten, and the form it belongs to; QuantityError."""
    if suffix in BINARY:
        return BINARY[suffix], "binary"
    if suffix in DECIMAL:
        return DECIMAL[suffix], "decimal"
    exponent = suffix[2:] if suffix[1:2] in ("+", "-") else suffix[1:]
    if suffix[0] in "eE" and exponent.isdecimal() and len(exponent) <= LONGEST_EXPONENT:
        return int(suffix[1:]), "exponent"
    raise QuantityError(SUFFIX)


@lru_cache(maxsize=1024)
def split(text: str | float) -> tuple[Fraction, str]:
    """The amount and how it is written: "binary", "decimal" or "exponent". QuantityError."""
    sign, before, after, suffix = _parts(str(text))
    power, form = _power(suffix)
    base = 1024 if form == "binary" else 10
    if not after and power >= 0:
        amount = _fraction(int(f"{sign}{before or 0}") * base**power)
    else:
        amount = _rounded(_fraction(f"{sign}{before or 0}.{after or 0}") * _fraction(base) ** power)
    return (max(min(amount, _fraction(LARGEST)), _fraction(-LARGEST)) if form == "binary" else amount), form


def _fraction(value: str | int) -> Fraction:
    """An exact number; the module is dear to import, and a table of objects without quantities needs none."""
    from fractions import Fraction

    return Fraction(value)


def _rounded(amount: Fraction) -> Fraction:
    """What is finer than nano goes up, away from zero."""
    scaled = amount * NANOS
    if scaled.denominator == 1:
        return amount
    whole = abs(scaled).__ceil__()
    return _fraction(whole if amount > 0 else -whole) / NANOS


def parse(text: str | float) -> Fraction:
    """The exact amount; QuantityError."""
    return split(text)[0]


def canonical(text: str | float) -> str:
    """The text the API server stores: `0.5` is `500m`, `1024Mi` is `1Gi`, but `1.408` stays, as it does there."""
    amount, form = split(text)
    return str(text) if form != "binary" and _is_kept(str(text)) else render(amount, form)


def _is_kept(text: str) -> bool:
    """Whether Go takes a text for canonical without looking closely: a whole number of a power that has a suffix."""
    _, before, after, suffix = _parts(text)
    digits = (before.lstrip("0") or "0") + after
    power = _power(suffix)[0] - len(after)
    is_short = len(digits) <= 18 and digits[0] != "0"
    return is_short and power >= -9 and power % 3 == 0 and not digits.endswith("000")


def render(amount: Fraction, form: str = "decimal") -> str:
    """An amount in one of the three forms; a binary one below 1024 or with a fraction is written decimally."""
    if amount == 0:
        return "0"
    if form == "binary" and abs(amount) >= 1024 and amount.denominator == 1:
        power = 0
        number = int(amount)
        while number % 1024 == 0 and power < 6:
            number, power = number // 1024, power + 1
        return f"{number}{BINARY_TEXT.get(power, '')}"
    return _decimal(amount, form)


def _decimal(amount: Fraction, form: str) -> str:
    power = -9
    number = int(amount * NANOS)
    while number % 1000 == 0 and power < 18:
        number, power = number // 1000, power + 3
    if form == "exponent":
        return f"{number}e{power}" if power else str(number)
    return f"{number}{DECIMAL_TEXT[power]}"


def value(quantity: str | float) -> int:
    """The amount as a whole number, rounded up."""
    return parse(quantity).__ceil__()


def milli(quantity: str | float) -> int:
    """The amount in thousandths, rounded up."""
    return (parse(quantity) * 1000).__ceil__()


def compare(one: str | float, other: str | float) -> int:
    """-1, 0 or 1."""
    first, second = parse(one), parse(other)
    return (first > second) - (first < second)


def add(one: str | float, other: str | float) -> str:
    """The sum, in the form of the first (of the second, where the first is nothing)."""
    first, form = split(one)
    second, other_form = split(other)
    return render(first + second, form if first else other_form)


def sub(one: str | float, other: str | float) -> str:
    """The difference, in the form of the first."""
    first, form = split(one)
    second, other_form = split(other)
    return render(first - second, form if first else other_form)
