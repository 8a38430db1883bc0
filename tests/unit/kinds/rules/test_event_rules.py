"""What events.k8s.io/v1 refuses of events that the core group takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
Options = options.Options
CORE, NEW = "v1", "events.k8s.io/v1"
TIME = "2024-01-01T00:00:00.000000Z"
ABOUT = {"kind": "Pod", "namespace": "default", "name": "p"}
WHOLE: Object = {
    "apiVersion": NEW,
    "kind": "Event",
    "metadata": {"name": "x"},
    "regarding": ABOUT,
    "eventTime": TIME,
    "type": "Normal",
    "reason": "Why",
    "action": "Act",
    "reportingController": "example.com/me",
    "reportingInstance": "i",
}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def create(cluster: clusters.Cluster, event: Object) -> str:
    row = cluster.client.kinds().by_gvk(event["apiVersion"], "Event")
    assert row is not None
    try:
        cluster.client.create(row, "default", event, Options())
    except errors.Invalid as error:
        return error.message.removeprefix('Event "x" is invalid: ')
    return ""


def patch(cluster: clusters.Cluster, api_version: str, change: Object) -> str:
    row = cluster.client.kinds().by_gvk(api_version, "Event")
    assert row is not None
    try:
        cluster.client.patch(row, "default", "x", "merge", change, Options())
    except errors.Invalid as error:
        return error.message.removeprefix('Event "x" is invalid: ')
    return ""


OLD_FORM = {
    "deprecatedFirstTimestamp": "2024-01-01T00:00:00Z",
    "deprecatedLastTimestamp": "2024-01-01T00:00:00Z",
    "deprecatedCount": 1,
    "deprecatedSource": {"host": "h"},
}
UNSET = 'Invalid value: "": needs to be unset'
CREATED = {
    "a whole one": ({}, ""),
    "one without a time": ({"eventTime": None}, "eventTime: Required value"),
    "one of a third type": ({"type": "Odd"}, 'type: Invalid value: "": has invalid value: Odd'),
    "one without a type": ({"type": None}, 'type: Invalid value: "": has invalid value: '),
    "one with the old form's fields": (OLD_FORM, f"[firstTimestamp: {UNSET}, lastTimestamp: {UNSET}, count: {UNSET}, source: {UNSET}]"),
    "a series of one": (
        {"series": {"count": 1, "lastObservedTime": None}},
        '[series.count: Invalid value: "": should be at least 2, series.lastObservedTime: Required value]',
    ),
}


@pytest.mark.parametrize("name", CREATED)
def test_an_event_is_created_through_events_k8s_io(cluster: clusters.Cluster, name: str) -> None:
    change, wanted = CREATED[name]
    assert create(cluster, {**WHOLE, **change}) == wanted


def test_the_core_group_takes_what_events_k8s_io_refuses(cluster: clusters.Cluster) -> None:
    assert create(cluster, {"apiVersion": CORE, "kind": "Event", "metadata": {"name": "x"}, "involvedObject": ABOUT, "type": "Odd"}) == ""


FIXED = "field is immutable"
UPDATED = {
    "its series": ({"series": {"count": 2, "lastObservedTime": TIME}}, ""),
    "a series that is none": ({"series": {"count": 0, "lastObservedTime": TIME}}, 'series.count: Invalid value: "": should be at least 2'),
    "its note": ({"note": "n"}, f'message: Invalid value: "n": {FIXED}'),
    "its reporter": ({"reportingController": "b"}, f'reportingController: Invalid value: "b": {FIXED}'),
    "its time": ({"eventTime": "2024-01-02T00:00:00.000000Z"}, f'eventTime: Invalid value: "2024-01-02T00:00:00.000000Z": {FIXED}'),
    "its old time": (
        {"deprecatedLastTimestamp": "2024-01-02T00:00:00Z"},
        f'lastTimestamp: Invalid value: "2024-01-02T00:00:00Z": {FIXED}',
    ),
    "what it is related to": (
        {"related": {"name": "z"}},
        'related: Invalid value: {"Kind":"","Namespace":"","Name":"z","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}: '
        + FIXED,
    ),
}


@pytest.mark.parametrize("name", UPDATED)
def test_an_event_is_changed_through_events_k8s_io(cluster: clusters.Cluster, name: str) -> None:
    change, wanted = UPDATED[name]
    create(cluster, WHOLE)
    assert patch(cluster, NEW, change) == wanted


def test_the_core_group_changes_what_events_k8s_io_keeps(cluster: clusters.Cluster) -> None:
    create(cluster, WHOLE)
    assert patch(cluster, CORE, {"message": "n"}) == ""
