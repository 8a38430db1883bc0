"""Colour tells how a row fares, and only on a terminal."""

from __future__ import annotations

import io

import pytest

from pkctl.cli import colours, streams

PODS = "NAME   READY   STATUS             RESTARTS      AGE\na      1/1     Running            0             5s\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_running_pod_is_green() -> None:
    assert "\x1b[32mRunning\x1b[0m            0" in colours.paint(PODS)


def test_a_pod_that_is_not_ready_is_yellow() -> None:
    assert "\x1b[33mRunning\x1b[0m" in colours.paint(PODS.replace("1/1", "0/1"))


def test_a_failing_pod_is_red() -> None:
    assert "\x1b[31mCrashLoopBackOff\x1b[0m" in colours.paint(PODS.replace("Running         ", "CrashLoopBackOff"))


def test_a_warning_event_is_red() -> None:
    events = "LAST SEEN   TYPE      REASON   OBJECT   MESSAGE\n5s          Warning   Failed   pod/a    no\n"
    assert "\x1b[31mWarning\x1b[0m" in colours.paint(events)


def test_a_table_that_tells_nothing_stays_as_it_is() -> None:
    table = "NAME   DATA   AGE\na      1      5s\n"
    assert colours.paint(table) == table


def test_the_text_without_colour_is_unchanged() -> None:
    painted = colours.paint(PODS)
    assert painted.replace("\x1b[32m", "").replace("\x1b[0m", "") == PODS


@pytest.mark.parametrize(
    ("out", "env", "wanted"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
    ],
    ids=["terminal", "pipe", "NO_COLOR", "dumb", "no TERM"],
)
def test_only_a_terminal_that_wants_colour_gets_it(out: io.StringIO, env: dict[str, str], wanted: bool) -> None:
    assert colours.wanted(streams.Io(stdout=out, env=env)) is wanted


def test_rows_that_come_later_are_coloured_by_the_first_header() -> None:
    rows = colours.Rows()
    rows.paint(PODS)
    assert (
        rows.paint("b      0/1     CrashLoopBackOff   3             9s\n")
        == "b      0/1     \x1b[31mCrashLoopBackOff\x1b[0m   3             9s\n"
    )


def test_a_later_row_whose_columns_stand_elsewhere_stays_as_it_is() -> None:
    rows, wider = colours.Rows(), "a-long-name   0/1     Running   3   9s\n"
    rows.paint(PODS)
    assert rows.paint(wider) == wider


@pytest.mark.parametrize(
    ("line", "painted"),
    [
        ("Status:           Running\n", "Status:           \x1b[32mRunning\x1b[0m\n"),
        ("      Reason:       CrashLoopBackOff\n", "      Reason:       \x1b[31mCrashLoopBackOff\x1b[0m\n"),
        ("      Reason:       Completed\n", "      Reason:       Completed\n"),
        ("  Warning  BackOff  5s  kubelet  no\n", "  \x1b[31mWarning\x1b[0m  BackOff  5s  kubelet  no\n"),
        ("Name:             Running\n", "Name:             Running\n"),
    ],
)
def test_a_description_shows_its_states(line: str, painted: str) -> None:
    assert colours.paint_description(line) == painted
