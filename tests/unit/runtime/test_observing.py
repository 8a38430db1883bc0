"""Podman's words as PodStates."""

from __future__ import annotations

import pytest

from pkctl.runtime import observing

LABELS = {"pkctl.container": "c", "pkctl.attempt": "1", "pkctl.uid": "u", "pkctl.namespace": "n", "pkctl.pod": "p", "pkctl.boot": "b1"}
NEVER = "0001-01-01T00:00:00Z"


def inspected(status="running", policy=None, **state):
    made = {"Status": status, "Pid": 7, "StartedAt": "2026-01-01T02:00:00.123456789+02:00", "FinishedAt": NEVER, "ExitCode": 0, **state}
    return {
        "Id": "id",
        "ImageName": "web:1",
        "Image": "abc",
        "RestartCount": 1,
        "State": made,
        "Config": {"Labels": LABELS},
        "HostConfig": {"RestartPolicy": policy or {}},
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("created", "created"),
        ("configured", "created"),
        ("running", "running"),
        ("paused", "running"),
        ("exited", "exited"),
        ("stopped", "exited"),
    ],
)
def test_states_are_three(status, expected):
    assert observing.container(inspected(status), "b1")["state"] == expected


def test_times_are_in_utc_and_whole_seconds():
    assert observing.container(inspected(), "b1")["startedAt"] == "2026-01-01T00:00:00Z"


def test_a_time_that_never_was_is_empty():
    assert observing.container(inspected(StartedAt=NEVER), "b1")["startedAt"] == ""


def test_a_container_of_an_earlier_boot_has_died():
    row = observing.container(inspected("created"), "b2")
    assert (row["state"], row["exitCode"], row["pid"]) == ("exited", 255, 0)


def test_a_container_that_podman_will_restart_is_hot_for_a_while():
    found = inspected("exited", {"Name": "on-failure", "MaximumRetryCount": 3}, ExitCode=1)
    kept = {**observing.keep(found, "x", "b1"), "at": 100.0}
    assert observing.hot_until([kept]) == 110.0


def test_a_container_out_of_restarts_is_not_hot():
    found = inspected("exited", {"Name": "on-failure", "MaximumRetryCount": 1}, ExitCode=1)
    assert observing.hot_until([{**observing.keep(found, "x", "b1"), "at": 100.0}]) == 0


def test_a_pod_without_sandbox_is_gone():
    kept = observing.keep(inspected(), "x", "b1")
    assert [(one["uid"], one["sandbox"], len(one["containers"])) for one in observing.pods([kept], [], {})] == [("u", "gone", 1)]


def test_attempts_stand_newest_first():
    box = {"u": {"uid": "u", "namespace": "n", "name": "p", "ip": "", "ready": True}}
    rows = [observing.failure("u", "c", attempt, image="i", message="m", now="", id=str(attempt)) for attempt in (0, 2, 1)]
    assert [row["attempt"] for row in observing.pods([], rows, box)[0]["containers"]] == [2, 1, 0]


def test_a_logs_end_has_no_marks_of_the_log():
    assert observing.last_lines(b"2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:00Z stderr F two\n") == "one\ntwo"
