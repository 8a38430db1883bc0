"""Floats as Go prints them, in the fewest digits that read back as the same number."""

from __future__ import annotations

KEYS = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}
"""How goyaml writes as keys what Go shows otherwise."""


def decimal(value: float, threshold: int = 6) -> str:
    """As `%v` and strconv's 'g': with an exponent below 1e-4 and from 10^threshold on."""
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    mantissa, _, exponent = repr(value).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    before, _, after = mantissa.lstrip("-").partition(".")
    point = len(before) + int(exponent or 0)
    digits = before + after
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    if not digits:
        return f"{sign}0"
    if point - 1 < -4 or point - 1 >= threshold:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{'-' if point < 1 else '+'}{abs(point - 1):02}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + digits[:point].ljust(point, "0") + (f".{digits[point:]}" if len(digits) > point else "")


def single(value: float) -> str:
    """A float as its nearest of 32 bits, as goyaml writes a number that is a key."""
    from struct import pack, unpack

    try:
        nearest = unpack("<f", pack("<f", value))[0]
    except OverflowError:
        return "-.inf" if value < 0 else ".inf"
    for digits in range(1, 10):
        short = float(f"{nearest:.{digits}g}")
        if unpack("<f", pack("<f", short))[0] == nearest:
            break
    text = decimal(short)
    return KEYS.get(text, text)


def parts(value: float) -> tuple[int, int]:
    """A positive float as a whole mantissa of 53 bits and the power of two it is multiplied by, as strconv's 'b' has them."""
    from math import frexp

    if value == 0:
        return 0, -1074
    fraction, power = frexp(value)
    return int(fraction * 2**53), power - 53


def hexadecimal(value: float, precision: int | None = None) -> str:
    """A positive float as strconv's 'x': `0x1.8p+00`, with as many digits as it takes or as are asked for."""
    mantissa, power = parts(value)
    exponent = power + 52 if mantissa else 0
    if precision is not None and precision < 13:
        mantissa, exponent = _rounded(mantissa, exponent, precision)
        digits = f"{mantissa % 16**precision:0{precision}x}" if precision else ""
        first = mantissa >> 4 * precision
    else:
        digits, first = f"{mantissa % 2**52:013x}", mantissa >> 52
        digits = digits.rstrip("0") if precision is None else digits.ljust(precision, "0")
    return f"0x{first}{'.' if digits else ''}{digits}p{exponent:+03d}"


def _rounded(mantissa: int, exponent: int, digits: int) -> tuple[int, int]:
    """A mantissa of 53 bits cut to so many hexadecimal digits after the point, halves to the even one."""
    cut = 52 - 4 * digits
    kept, rest, half = mantissa >> cut, mantissa % 2**cut, 2**cut >> 1
    kept += rest > half or (rest == half and kept % 2 == 1)
    return (kept >> 1, exponent + 1) if kept >> (4 * digits + 1) else (kept, exponent)
