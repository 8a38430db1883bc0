"""Ages, times and durations are written as Kubernetes and Go write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pkctl.objects import times

M, H, D, Y = 60, 3600, 86400, 365 * 86400


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-2, "<invalid>"),
        (-1, "0s"),
        (-0.5, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (121, "2m1s"),
        (599, "9m59s"),
        (10 * M, "10m"),
        (179 * M + 59, "179m"),
        (3 * H, "3h"),
        (3 * H + 5 * M, "3h5m"),
        (8 * H - 1, "7h59m"),
        (8 * H, "8h"),
        (48 * H - 1, "47h"),
        (2 * D, "2d"),
        (2 * D + 3 * H, "2d3h"),
        (8 * D - 1, "7d23h"),
        (8 * D, "8d"),
        (2 * Y - 1, "729d"),
        (2 * Y, "2y"),
        (2 * Y + 40 * D, "2y40d"),
        (8 * Y, "8y"),
    ],
)
def test_an_age_has_at_most_two_units(seconds: float, shown: str) -> None:
    assert times.human(seconds) == shown


@pytest.mark.parametrize("unset", [None, ""], ids=["none", "empty"])
def test_an_unset_time_has_an_unknown_age(unset: str | None) -> None:
    assert times.since(unset, 0) == "<unknown>"


def test_an_age_is_counted_from_now() -> None:
    assert times.since("2026-01-01T00:00:00Z", times.parse("2026-01-01T00:05:00Z")) == "5m"


@given(some.integers(0, 4_000_000_000))
def test_a_stamp_reads_back(epoch: int) -> None:
    assert times.parse(times.stamp(epoch)) == epoch


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-01T01:00:00+01:00", 1767225600),
        ("2025-12-31T19:00:00-05:00", 1767225600),
        ("2026-01-01T00:00:00.5Z", 1767225600.5),
        ("2024-02-29T12:00:00Z", 1709208000),
    ],
)
def test_a_time_is_read_in_any_zone(text: str, epoch: float) -> None:
    assert times.parse(text) == epoch


@pytest.mark.parametrize("text", ["", "now", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T25:00:00Z"])
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(times.TimeError):
        times.parse(text)


def test_a_micro_time_has_six_digits() -> None:
    assert times.micro(1767225600.000123) == "2026-01-01T00:00:00.000123Z"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h0m0s", 3600), ("1m30s", 90), ("1.5h", 5400), ("-5s", -5), ("0", 0), ("250ms", 0.25), ("1us", 1e-6), (".5s", 0.5), ("+1m", 60)],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert times.parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", 'time: invalid duration ""'),
        ("x", 'time: invalid duration "x"'),
        ("5", 'time: missing unit in duration "5"'),
        ("5d", 'time: unknown unit "d" in duration "5d"'),
        ("-", 'time: invalid duration "-"'),
        ("1.2.3s", 'time: invalid duration "1.2.3s"'),
    ],
)
def test_a_bad_duration_is_refused_in_gos_words(text: str, told: str) -> None:
    with pytest.raises(times.TimeError) as caught:
        times.parse_duration(text)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (3600, "1h0m0s"),
        (90, "1m30s"),
        (1.5, "1.5s"),
        (0.25, "250ms"),
        (0, "0s"),
        (-5, "-5s"),
        (1e-6, "1µs"),
        (1e-9, "1ns"),
        (61.25, "1m1.25s"),
    ],
)
def test_a_duration_is_written(seconds: float, shown: str) -> None:
    assert times.format_duration(seconds) == shown
