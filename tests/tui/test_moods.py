"""Colours by status, and the pure functions behind the rows."""

from __future__ import annotations

import pytest

from pkctl.tui import moods, sheets

STATUSES = {
    "Running": moods.GOOD,
    "Active": moods.GOOD,
    "Ready": moods.GOOD,
    "Bound": moods.GOOD,
    "Pending": moods.PENDING,
    "ContainerCreating": moods.PENDING,
    "Init:0/1": moods.PENDING,
    "Ready,SchedulingDisabled": moods.PENDING,
    "Error": moods.BAD,
    "CrashLoopBackOff": moods.BAD,
    "ImagePullBackOff": moods.BAD,
    "Init:Error": moods.BAD,
    "OOMKilled": moods.BAD,
    "Evicted": moods.BAD,
    "NotReady": moods.BAD,
    "Completed": moods.DONE,
    "Terminating": moods.DONE,
    "Succeeded": moods.DONE,
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_has_its_mood(status):
    assert moods.of(["STATUS"], [status]) == STATUSES[status]


def test_a_running_pod_that_is_not_ready_is_pending():
    assert moods.of(["NAME", "READY", "STATUS"], ["web", "1/2", "Running"]) == moods.PENDING


def test_a_workload_is_judged_by_its_ready_column():
    assert moods.of(["NAME", "READY"], ["web", "3/3"]) == moods.GOOD


def test_a_workload_without_replicas_is_plain():
    assert moods.of(["NAME", "READY"], ["web", "0/0"]) == moods.PLAIN


def test_a_warning_event_is_bad():
    assert moods.of(["TYPE", "REASON"], ["Warning", "BackOff"]) == moods.BAD


def _line(name, **labels):
    return sheets.Line(("default", name), [name, "x"], moods.PLAIN, "", labels)


def test_a_filter_that_is_no_pattern_is_a_text():
    assert [line.texts[0] for line in sheets.matching([_line("a[b"), _line("ab")], "a[")] == ["a[b"]


def test_half_a_selector_filters_nothing():
    assert len(sheets.matching([_line("a"), _line("b")], "-l app in (")) == 2


def test_a_cell_cannot_steer_the_terminal():
    assert sheets.safe("a\x1b[31mb\nc") == "a[31mb"


def test_name_gives_way_for_the_other_columns():
    found = [sheets.Line(("", ""), ["n" * 60, "s" * 20], moods.PLAIN, "", {})]
    assert sheets.fit(["NAME", "STATUS"], found, 60, wide=False) == [38, 20]


def test_name_keeps_its_least():
    found = [sheets.Line(("", ""), ["n" * 60, "s" * 70], moods.PLAIN, "", {})]
    assert sheets.fit(["NAME", "STATUS"], found, 60, wide=False) == [sheets.LEAST_NAME, 70]


def test_wide_columns_are_not_cut():
    found = [sheets.Line(("", ""), ["n" * 60, "s" * 20], moods.PLAIN, "", {})]
    assert sheets.fit(["NAME", "STATUS"], found, 60, wide=True) == [60, 20]
