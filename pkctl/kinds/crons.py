"""Cron schedules: reading the five fields, and the next time they name.

The syntax, the error texts and the stepping of github.com/robfig/cron v3, `ParseStandard`, which Kubernetes uses.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
DAYS = {name: number for number, name in enumerate(DAY_NAMES)}
NO_NAMES: Mapping[str, int] = {}
BOUNDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, NO_NAMES),
    (0, 23, NO_NAMES),
    (1, 31, NO_NAMES),
    (1, 12, MONTHS),
    (0, 6, DAYS),
)
DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MOST_YEARS = 5


class CronError(ValueError):
    """A schedule that can't be read; `str()` is robfig/cron's text."""


class Schedule:
    """A read schedule: the numbers allowed in each field, or a fixed period in seconds."""

    __slots__ = ("any_day", "days", "hours", "minutes", "months", "period", "weekdays")

    def __init__(self, sets: list[frozenset[int]], any_day: bool, period: float = 0) -> None:
        self.minutes, self.hours, self.days, self.months, self.weekdays = sets
        self.any_day, self.period = any_day, period

    def after(self, epoch: float, zone: tzinfo | None = None) -> float | None:
        """The first moment later than `epoch` that the schedule names in `zone` (UTC), None when there is none in five years."""
        from datetime import UTC, datetime, timedelta

        if self.period:
            return float(int(epoch) + self.period)
        zone = zone or UTC
        start = datetime.fromtimestamp(int(epoch), zone)
        day = start.replace(hour=0, minute=0, second=0, tzinfo=None)
        for _ in range(366 * MOST_YEARS):
            if day.month in self.months and self._has_day(day):
                found = self._within(day, epoch, zone)
                if found is not None:
                    return found
            day += timedelta(days=1)
        return None

    def _has_day(self, day: datetime) -> bool:
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return in_month and in_week if self.any_day else in_month or in_week

    def _within(self, day: datetime, epoch: float, zone: tzinfo) -> float | None:
        """The first good moment of a local day; one that a clock change skips does not exist."""
        from datetime import datetime

        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                moment = day.replace(hour=hour, minute=minute, tzinfo=zone).timestamp()
                back = datetime.fromtimestamp(moment, zone)
                if moment > epoch and (back.hour, back.minute) == (hour, minute):
                    return moment
        return None


def parse(text: str) -> Schedule:
    """A schedule from its text; CronError with robfig's words."""
    if not text:
        raise CronError("empty spec string")
    if text.startswith("@"):
        return _described(text)
    parts = text.split()
    if len(parts) != 5:
        raise CronError(f"expected exactly 5 fields, found {len(parts)}: [{' '.join(parts)}]")
    sets = [_field(part, *bounds) for part, bounds in zip(parts, BOUNDS, strict=True)]
    return Schedule(sets, _is_star(parts[2]) or _is_star(parts[4]))


def _described(text: str) -> Schedule:
    if text in DESCRIPTORS:
        return parse(DESCRIPTORS[text])
    every = "@every "
    if not text.startswith(every):
        raise CronError(f"unrecognized descriptor: {text}")
    from pkctl.objects import times

    try:
        seconds = times.parse_duration(text[len(every) :])
    except ValueError as error:
        raise CronError(f"failed to parse duration {text}: {error}") from None
    return Schedule([frozenset()] * 5, True, max(1, int(seconds)))


def _is_star(part: str) -> bool:
    return any(piece.partition("/")[0] in ("*", "?") for piece in part.split(","))


def _field(text: str, low: int, high: int, names: Mapping[str, int]) -> frozenset[int]:
    allowed: set[int] = set()
    for piece in text.split(","):
        if piece:
            allowed.update(_range(piece, low, high, names))
    return frozenset(allowed)


def _range(text: str, low: int, high: int, names: Mapping[str, int]) -> range:
    span, *steps = text.split("/")
    ends = span.split("-")
    if ends[0] in ("*", "?"):
        start, end = low, high
    else:
        if len(ends) > 2:
            raise CronError(f"too many hyphens: {text}")
        start = _number(ends[0], names)
        end = _number(ends[1], names) if len(ends) == 2 else start
    if len(steps) > 1:
        raise CronError(f"too many slashes: {text}")
    step = _number(steps[0], NO_NAMES) if steps else 1
    if steps and len(ends) == 1:
        end = high
    _check(text, start, end, step, (low, high))
    return range(start, end + 1, step)


def _check(text: str, start: int, end: int, step: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if start < low:
        raise CronError(f"beginning of range ({start}) below minimum ({low}): {text}")
    if end > high:
        raise CronError(f"end of range ({end}) above maximum ({high}): {text}")
    if start > end:
        raise CronError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise CronError(f"step of range should be a positive number: {text}")


def _number(text: str, names: Mapping[str, int]) -> int:
    named = names.get(text.lower())
    if named is not None:
        return named
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise CronError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    if int(text) < 0:
        raise CronError(f"negative number ({int(text)}) not allowed: {text}")
    return int(text)
