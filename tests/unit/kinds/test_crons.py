"""Reading cron schedules, and the next time they name."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pkctl.kinds import crons

ERRORS = {
    "": "empty spec string",
    "foo": "expected exactly 5 fields, found 1: [foo]",
    "* * * *": "expected exactly 5 fields, found 4: [* * * *]",
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "* * 0 * *": "beginning of range (0) below minimum (1): 0",
    "5-3 * * * *": "beginning of range (5) beyond end of range (3): 5-3",
    "1-2-3 * * * *": "too many hyphens: 1-2-3",
    "1/2/3 * * * *": "too many slashes: 1/2/3",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "a * * * *": 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax',
    "* * * * 7": "end of range (7) above maximum (6): 7",
    "@never": "unrecognized descriptor: @never",
}


@pytest.mark.parametrize(("text", "error"), ERRORS.items())
def test_a_wrong_schedule_gets_robfigs_words(text, error):
    with pytest.raises(crons.CronError) as caught:
        crons.parse(text)
    assert str(caught.value) == error


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NEXT = {
    "every minute": ("* * * * *", "2026-01-01T00:00:30", "2026-01-01T00:01:00"),
    "not now but later": ("0 * * * *", "2026-01-01T00:00:00", "2026-01-01T01:00:00"),
    "every fifteen": ("*/15 * * * *", "2026-01-01T00:16:00", "2026-01-01T00:30:00"),
    "from five on": ("5/20 * * * *", "2026-01-01T00:06:00", "2026-01-01T00:25:00"),
    "a list": ("0 6,18 * * *", "2026-01-01T07:00:00", "2026-01-01T18:00:00"),
    "named day": ("0 0 * * mon", "2026-01-01T00:00:00", "2026-01-05T00:00:00"),
    "named month": ("0 0 1 Mar *", "2026-01-01T00:00:00", "2026-03-01T00:00:00"),
    "day of month or of week": ("0 0 13 * 5", "2026-01-03T00:00:00", "2026-01-09T00:00:00"),
    "leap day": ("0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
    "daily": ("@daily", "2026-01-01T10:00:00", "2026-01-02T00:00:00"),
    "every so often": ("@every 90s", "2026-01-01T00:00:00", "2026-01-01T00:01:30"),
}


@pytest.mark.parametrize(("text", "now", "then"), NEXT.values(), ids=NEXT)
def test_the_next_time(text, now, then):
    assert crons.parse(text).after(at(now)) == at(then)


def test_a_day_that_never_comes_is_never_due():
    assert crons.parse("0 0 31 2 *").after(at("2026-01-01T00:00:00")) is None


def test_a_time_zone_moves_the_hour():
    assert crons.parse("0 9 * * *").after(at("2026-01-01T00:00:00"), ZoneInfo("Europe/Berlin")) == at("2026-01-01T08:00:00")


def test_an_hour_that_the_clocks_skip_is_left_out():
    found = crons.parse("30 2 * * *").after(at("2026-03-28T12:00:00"), ZoneInfo("Europe/Berlin"))
    assert found == at("2026-03-30T00:30:00")
