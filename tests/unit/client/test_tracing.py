"""What is told of a client's calls, level by level."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.client import tracing
from tests import clusters

ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
PLACE = "sqlite:///c.db/api/v1/namespaces/default/configmaps"


class Told:
    """A traced client and what it told; `table` and `get` are calls for a ConfigMap."""

    def __init__(self, cluster: clusters.Cluster, level: int, levels: Mapping[str, int] = MappingProxyType({}), **more: Any) -> None:
        self.row, self._said = cluster.row("configmaps"), io.StringIO()
        log = tracing.Log(
            lambda place, text: print(f"{place}] {text}", file=self._said),
            cluster.sources.monotonic,
            lambda file: levels.get(file, level),
            "sqlite:///c.db",
            **more,
        )
        self.client: Any = tracing.Traced(cluster.client, log)

    @property
    def lines(self) -> list[str]:
        return self._said.getvalue().splitlines()

    def seen(self) -> list[str]:
        """The places that told of a look at an object."""
        self.client.get(self.row, "default", "b")
        return [line.partition("]")[0] for line in self.lines if ".go:" in line]

    def create(self, **more: Any) -> Any:
        return self.client.create(self.row, "default", {**MAP, **more}, options.Options(field_manager="m"))


Tell = Callable[..., Told]


@pytest.fixture
def tell() -> Iterator[Tell]:
    with clusters.cluster() as cluster:
        cluster.client.create(cluster.row("configmaps"), "default", {**MAP, "metadata": {"name": "b"}}, options.Options())
        yield lambda level, **more: Told(cluster, level, **more)


def test_level_6_is_a_line_for_each_answer(tell: Tell) -> None:
    told = tell(6)
    told.client.get(told.row, "default", "b")
    assert told.lines == [f'round_trippers.go:632] "Response" verb="GET" url="{PLACE}/b" status="200 OK" milliseconds=0']


def test_level_7_has_the_request_with_what_it_asks_for(tell: Tell) -> None:
    told = tell(7, headers=[("Impersonate-User", "jane")])
    told.client.table(told.row, "default", "b")
    assert told.lines == [
        f'round_trippers.go:527] "Request" verb="GET" url="{PLACE}/b" headers=<',
        f"\tAccept: {ACCEPT}",
        "\tImpersonate-User: jane",
        " >",
        'round_trippers.go:632] "Response" status="200 OK" milliseconds=0',
    ]


def test_level_8_has_the_bodies(tell: Tell) -> None:
    told = tell(8)
    told.create()
    assert told.lines[:3] == [
        'helper.go:246] "Request Body" body=<',
        '\t{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
        " >",
    ]
    assert told.lines[7] == 'round_trippers.go:632] "Response" status="201 Created" headers="" milliseconds=0'
    assert told.lines[9].startswith('\t{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default","uid":')


def test_level_9_has_a_curl_command(tell: Tell) -> None:
    told = tell(9)
    told.client.patch(told.row, "default", "b", "merge", {"data": None}, options.Options(field_manager="m", validation="Warn"))
    assert told.lines[:4] == [
        'helper.go:269] "Request Body" body="{\\"data\\":null}"',
        'round_trippers.go:527] "Request" curlCommand=<',
        f'\tcurl -v -XPATCH  -H "Accept: application/json" -H "Content-Type: application/merge-patch+json" \'{PLACE}/b?fieldManager=m\'',
        " >",
    ]


@pytest.mark.parametrize(("level", "shown"), [(8, 1024), (9, 10240), (10, None)])
def test_bodies_are_cut_up_to_level_9(tell: Tell, level: int, shown: int | None) -> None:
    told = tell(level)
    told.create(data={"k": "x" * 20000})
    said = told.lines[0]
    assert ("[truncated" in said) == (shown is not None)
    if shown:
        size = len('{"apiVersion":"v1","data":{"k":""},"kind":"ConfigMap","metadata":{"name":"a"}}\n') + 20000
        assert said.endswith(f'x [truncated {size - shown} chars]"')


def test_a_refusal_is_told_with_its_code_and_body(tell: Tell) -> None:
    told = tell(8)
    with pytest.raises(errors.NotFound):
        told.client.get(told.row, "default", "nope")
    assert 'round_trippers.go:632] "Response" status="404 Not Found" headers="" milliseconds=0' in told.lines
    assert told.lines[-2].startswith('\t{"kind":"Status",')


def test_every_refusal_has_a_phrase() -> None:
    assert {each.code for each in errors.STATUS_CLASSES} <= tracing.PHRASES.keys()


def test_warnings_are_the_answers_headers_and_still_shown(tell: Tell) -> None:
    told, shown = tell(8), list[str]()
    told.client.warn = shown.append
    told.client.create(told.row, "default", {**MAP, "x": 1}, options.Options(validation="Warn"))
    assert shown == ['unknown field "x"']
    assert '\tWarning: 299 - "unknown field \\"x\\""' in told.lines


def test_a_watch_is_answered_with_its_first_event(tell: Tell) -> None:
    told = tell(6)
    events = told.client.watch(told.row, "default", options.Query(revision="0"), timeout=0)
    assert [told.lines, next(events)["object"]["metadata"]["name"], len(told.lines)] == [[], "b", 1]


def test_all_events_of_a_watch_come_through(tell: Tell) -> None:
    told = tell(6)
    told.create()
    seen = [each["object"]["metadata"].get("name") for each in told.client.watch(told.row, "default", timeout=0) if each["type"] == "ADDED"]
    assert seen == ["a", "b"]


def test_a_request_of_the_users_own_is_told_as_it_was_written(tell: Tell) -> None:
    told = tell(6)
    assert b"".join(told.client.raw("GET", "/healthz?verbose=no")).endswith(b"check passed\n")
    assert told.lines == [
        'round_trippers.go:632] "Response" verb="GET" url="sqlite:///c.db/healthz?verbose=no" status="200 OK" milliseconds=0'
    ]


def test_a_node_that_does_not_answer_gives_no_status(tell: Tell) -> None:
    told = tell(6)

    def stats() -> Any:
        raise errors.NodeError("NodeUnreachable", "gone")

    told.client._client.stats = stats
    with pytest.raises(errors.NodeError):
        told.client.stats()
    assert 'status="" milliseconds=0' in told.lines[0]


def test_settling_and_kinds_are_no_requests(tell: Tell) -> None:
    told = tell(10)
    told.client.settle()
    told.client.kinds()
    assert told.lines == []


def test_what_is_found_the_same_again_and_again_is_told_twice(tell: Tell) -> None:
    told = tell(6)
    for _ in range(5):
        told.client.get(told.row, "default", "b")
    assert len(told.lines) == 2


def test_what_is_found_changed_is_told(tell: Tell) -> None:
    told = tell(6)
    for _ in range(5):
        told.client.get(told.row, "default", "b")
    told.client.patch(told.row, "default", "b", "merge", {"data": {"a": "b"}}, options.Options())
    told.client.get(told.row, "default", "b")
    assert len(told.lines) == 4


def test_a_file_may_tell_more_than_the_others(tell: Tell) -> None:
    assert tell(0, levels={"helper": 8, "request": 8}).seen() == 2 * ["helper.go:105"]


def test_a_body_is_told_when_both_of_its_files_are(tell: Tell) -> None:
    assert tell(0, levels={"helper": 8, "round_trippers": 6}).seen() == ["round_trippers.go:632"]
