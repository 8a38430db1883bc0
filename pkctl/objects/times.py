"""Times and durations, as Kubernetes writes, reads and abbreviates them.

Follows apimachinery/pkg/util/duration and Go's time.ParseDuration. Epoch seconds in, texts out, and back.
"""

from __future__ import annotations

import time

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class TimeError(ValueError):
    """A text that is no time or duration."""


def stamp(epoch: float) -> str:
    """`2026-01-01T00:00:00Z`, fractions cut off."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch // 1)))


def micro(epoch: float) -> str:
    """`2026-01-01T00:00:00.123456Z`."""
    micros = round(epoch * 1e6)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 1_000_000)) + f".{micros % 1_000_000:06}Z"


def parse(text: str) -> float:
    """An RFC 3339 time as epoch seconds; TimeError."""
    try:
        seconds, rest = _utc(text[:19]), text[19:]
        digits = len(rest) - len(rest.lstrip(".0123456789"))
        fraction, zone = float(rest[:digits] or 0), rest[digits:]
        return seconds + fraction - _offset(zone)
    except (ValueError, IndexError):
        raise TimeError(f"{text!r} is not an RFC 3339 time") from None


def _utc(day: str) -> int:
    """As strptime and calendar.timegm, without their price: this is read for every cell of a table."""
    if day[4] != "-" or day[7] != "-" or day[10] not in "Tt " or day[13] != ":" or day[16] != ":":
        raise ValueError(day)
    year, month = int(day[:4]), int(day[5:7])
    if not (1 <= month <= 12 and 1 <= int(day[8:10]) <= 31 and int(day[11:13]) < 24 and int(day[14:16]) < 60 and int(day[17:19]) <= 60):
        raise ValueError(day)
    return _days(year, month, int(day[8:10])) * DAY + int(day[11:13]) * HOUR + int(day[14:16]) * MINUTE + int(day[17:19])


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar, by counting years from March."""
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def _offset(zone: str) -> int:
    if zone in ("Z", "z"):
        return 0
    if len(zone) != 6 or zone[0] not in "+-" or zone[3] != ":":
        raise ValueError(zone)
    seconds = int(zone[1:3]) * HOUR + int(zone[4:6]) * MINUTE
    return -seconds if zone[0] == "-" else seconds


def human(seconds: float) -> str:
    """As kubectl's AGE column: at most two units, the second only while the first is small."""
    whole = int(seconds)
    if whole < -1:
        return "<invalid>"
    if whole < 0 or seconds < 0:
        return "0s"
    if whole < 2 * MINUTE:
        return f"{whole}s"
    if whole < 10 * MINUTE:
        return _two(whole, MINUTE, "m", 1, "s")
    if whole < 3 * HOUR:
        return f"{whole // MINUTE}m"
    if whole < 8 * HOUR:
        return _two(whole, HOUR, "h", MINUTE, "m")
    if whole < 2 * DAY:
        return f"{whole // HOUR}h"
    if whole < 8 * DAY:
        return _two(whole, DAY, "d", HOUR, "h")
    if whole < 2 * YEAR:
        return f"{whole // DAY}d"
    if whole < 8 * YEAR:
        return _two(whole, YEAR, "y", DAY, "d")
    return f"{whole // YEAR}y"


def _two(whole: int, big: int, big_unit: str, small: int, small_unit: str) -> str:
    rest = whole % big // small
    return f"{whole // big}{big_unit}" + (f"{rest}{small_unit}" if rest else "")


def since(text: str | None, now: float) -> str:
    """An age cell: how long ago a time was, `<unknown>` for none."""
    return human(now - parse(text)) if text else "<unknown>"


def parse_duration(text: str) -> float:
    """Go's durations (`1m30s`, `1.5h`, `-5s`, `0`) as seconds; TimeError with Go's text."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0.0
    total = 0.0
    if not rest:
        raise TimeError(f'time: invalid duration "{text}"')
    while rest:
        digits = len(rest) - len(rest.lstrip("0123456789."))
        number, rest = rest[:digits], rest[digits:]
        letters = next((at for at, char in enumerate(rest) if char in "0123456789."), len(rest))
        unit, rest = rest[:letters], rest[letters:]
        if not number.strip(".") or number.count(".") > 1:
            raise TimeError(f'time: invalid duration "{text}"')
        if not unit:
            raise TimeError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS:
            raise TimeError(f'time: unknown unit "{unit}" in duration "{text}"')
        total += float(number) * _UNITS[unit]
    return -total if text.startswith("-") else total


def format_duration(seconds: float) -> str:
    """As Go prints a Duration: `1h0m0s`, `1m30s`, `1.5s`, `250ms`, `0s`."""
    nanos = round(abs(seconds) * 1e9)
    sign = "-" if seconds < 0 and nanos else ""
    if nanos == 0:
        return "0s"
    if nanos < 1_000_000_000:
        for size, unit in ((1_000_000, "ms"), (1_000, "µs"), (1, "ns")):
            if nanos >= size:
                return f"{sign}{_decimal(nanos, size)}{unit}"
    minutes, rest = divmod(nanos, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, 1_000_000_000)}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else f"{sign}{text}"


def _decimal(nanos: int, size: int) -> str:
    whole, rest = divmod(nanos, size)
    width = len(str(size)) - 1
    return f"{whole}.{rest:0{width}}".rstrip("0").rstrip(".") if rest else str(whole)
