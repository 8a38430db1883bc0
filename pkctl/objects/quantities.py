"""Quantities (`500m`, `1Gi`, `1e3`): exact amounts, and the one canonical text for each.

Follows apimachinery/pkg/api/resource/quantity.go: no fraction below nano, the greatest suffix that leaves a whole number.
"""

from __future__ import annotations

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


class QuantityError(ValueError):
    """A text that is no quantity; the text is the API server's."""


def split(text: str | float) -> tuple[Fraction, str]:
    """The amount and how it is written: "binary", "decimal" or "exponent". QuantityError."""
    text = str(text)
    at = len(text) - len(text.lstrip("+-")) if text[:1] in ("+", "-") else 0
    end = at
    while end < len(text) and text[end] in "0123456789.":
        end += 1
    number, suffix = text[:end], text[end:]
    digits = number.lstrip("+-")
    if not digits.strip(".") or digits.count(".") > 1 or len(number) - len(digits) > 1:
        raise QuantityError(SYNTAX)
    amount = _fraction(number if not number.endswith(".") else number[:-1])
    if suffix in BINARY:
        return _rounded(amount * 1024 ** BINARY[suffix]), "binary"
    if suffix in DECIMAL:
        return _rounded(amount * _fraction(10) ** DECIMAL[suffix]), "decimal"
    if suffix[:1] in ("e", "E") and suffix[1:].lstrip("+-").isdecimal():
        return _rounded(amount * _fraction(10) ** int(suffix[1:])), "exponent"
    raise QuantityError(SUFFIX if all(char in "eEinumkKMGTP+-0123456789" for char in suffix) else SYNTAX)


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
    """The text the API server stores: `0.5` is `500m`, `1024Mi` is `1Gi`."""
    amount, form = split(text)
    return render(amount, form)


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
