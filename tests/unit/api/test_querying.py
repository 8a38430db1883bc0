"""Which options of lists and watches go together, and how a watch begins that asks for what is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pkctl import errors
from pkctl.api import querying
from pkctl.api.options import Options, Query
from tests import clusters

MATCH = "resourceVersionMatch"
LISTS = {
    f"{MATCH}: Forbidden: {MATCH} is forbidden unless resourceVersion is provided": {"match": "Exact"},
    f"{MATCH}: Forbidden: {MATCH} is forbidden with continue": {"match": "Exact", "revision": "3", "continue_": "x"},
    f'{MATCH}: Unsupported value: "New": supported values: "Exact", "NotOlderThan", ""': {"match": "New", "revision": "3"},
    f'{MATCH}: Forbidden: {MATCH} "exact" is forbidden for resourceVersion "0"': {"match": "Exact", "revision": "0"},
    "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list": {"initial": True},
}
WATCHES = {
    f"{MATCH}: Forbidden: sendInitialEvents requires setting {MATCH} to NotOlderThan": {"initial": False},
    f"{MATCH}: Forbidden: {MATCH} is forbidden for watch unless sendInitialEvents is provided": {"match": "NotOlderThan"},
}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


@pytest.mark.parametrize("wanted", LISTS)
def test_a_list_refuses_options_that_do_not_go_together(wanted: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        querying.check_list(Query(**LISTS[wanted]))  # type: ignore[arg-type]
    assert str(refusal.value) == f'ListOptions.meta.k8s.io "" is invalid: {wanted}'


@pytest.mark.parametrize("wanted", WATCHES)
def test_a_watch_refuses_options_that_do_not_go_together(wanted: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        querying.check_watch(Query(**WATCHES[wanted]))  # type: ignore[arg-type]
    assert str(refusal.value) == f'ListOptions.meta.k8s.io "" is invalid: {wanted}'


def test_several_problems_are_told_at_once() -> None:
    with pytest.raises(errors.Invalid) as refusal:
        querying.check_watch(Query(match="Exact", initial=True))
    assert [cause["field"] for cause in refusal.value.details["causes"]] == ["resourceVersionMatch", "resourceVersionMatch"]


def test_a_revision_that_is_no_number_is_refused() -> None:
    with pytest.raises(errors.Invalid, match='parsing "x1": invalid syntax'):
        querying.number("x1")


def _watched(cluster: clusters.Cluster, **query: object) -> list[tuple[str, str]]:
    row = cluster.row("cm")
    cluster.client.create(row, "default", {"metadata": {"name": "a"}}, Options())
    events = cluster.client.watch(row, "default", Query(fields="metadata.name=a", **query), timeout=0)  # type: ignore[arg-type]
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in events]


def test_a_watch_that_asks_for_what_is_there_gets_it_and_a_mark(cluster: clusters.Cluster) -> None:
    assert _watched(cluster, match="NotOlderThan", initial=True) == [("ADDED", "a"), ("BOOKMARK", "")]


def test_the_mark_tells_that_the_state_is_whole(cluster: clusters.Cluster) -> None:
    events = list(cluster.client.watch(cluster.row("cm"), "none", Query(match="NotOlderThan", initial=True), timeout=0))
    assert events[-1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_watch_that_wants_no_initial_events_begins_with_what_comes(cluster: clusters.Cluster) -> None:
    assert _watched(cluster, match="NotOlderThan", initial=False) == []


def test_a_watch_without_a_revision_begins_with_what_is_there(cluster: clusters.Cluster) -> None:
    assert _watched(cluster) == [("ADDED", "a")]
