"""The REST requests that a client's calls stand for."""

from __future__ import annotations

import pytest

from pkctl.api import options, parameters, paths
from pkctl.client import rest
from pkctl.kinds import table


def row(id: str) -> table.Row:
    found = table.BUILTIN.by_id(id)
    assert found is not None
    return found


PODS, NODES, DEPLOYMENTS = row("pods"), row("nodes"), row("deployments.apps")
QUERY = options.Query(labels="a in (b,c)", fields="metadata.name=x", limit=500, continue_="on", revision="7", match="Exact")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        pytest.param(rest.get(PODS, "n", "p"), "GET /api/v1/namespaces/n/pods/p", id="an object"),
        pytest.param(rest.get(NODES, "", "a:b?"), "GET /api/v1/nodes/a:b%3F", id="a cluster's object"),
        pytest.param(rest.get(DEPLOYMENTS, "n", "d", "scale"), "GET /apis/apps/v1/namespaces/n/deployments/d/scale", id="a subresource"),
        pytest.param(rest.list_(PODS, "", None), "GET /api/v1/pods", id="every namespace"),
        pytest.param(
            rest.watch(PODS, "n", options.Query(revision="7", initial=False)),
            "GET /api/v1/namespaces/n/pods?resourceVersion=7&sendInitialEvents=false&watch=true",
            id="a watch",
        ),
        pytest.param(
            rest.create(PODS, "n", {"metadata": {"name": "p"}}, options.Options(field_manager="m", dry_run=True)),
            "POST /api/v1/namespaces/n/pods?dryRun=All&fieldManager=m&fieldValidation=Strict",
            id="a new object",
        ),
        pytest.param(
            rest.create(
                PODS, "n", {"metadata": {"name": "p"}}, options.Options(field_manager="m", subresource="eviction", validation="Warn")
            ),
            "POST /api/v1/namespaces/n/pods/p/eviction?fieldManager=m",
            id="something given to a subresource",
        ),
        pytest.param(
            rest.update(PODS, "n", "p", {}, options.Options(field_manager="m", validation=options.TRUSTED, subresource="status")),
            "PUT /api/v1/namespaces/n/pods/p/status?fieldManager=m",
            id="a replacement",
        ),
        pytest.param(
            rest.patch(PODS, "n", "p", "apply", {}, options.Options(field_manager="m", validation="Ignore", force=True)),
            "PATCH /api/v1/namespaces/n/pods/p?fieldManager=m&fieldValidation=Ignore&force=true",
            id="an apply",
        ),
        pytest.param(rest.delete(PODS, "n", "p", options.Options()), "DELETE /api/v1/namespaces/n/pods/p", id="an end"),
        pytest.param(
            rest.delete_collection(PODS, "n", options.Query(labels="a"), options.Options()),
            "DELETE /api/v1/namespaces/n/pods?labelSelector=a",
            id="the end of many",
        ),
        pytest.param(
            rest.logs("n", "p", {"container": "c", "follow": True, "previous": False, "tail_lines": 0, "stop": object()}),
            "GET /api/v1/namespaces/n/pods/p/log?container=c&follow=true&tailLines=0",
            id="a log",
        ),
        pytest.param(
            rest.stream("n", "p", "exec", [("command", "sh"), ("command", "-c"), ("stdin", False), ("stdout", True)]),
            "GET /api/v1/namespaces/n/pods/p/exec?command=sh&command=-c&stdout=true",
            id="a command",
        ),
    ],
)
def test_a_call_has_a_path(request_: rest.Request, said: str) -> None:
    assert f"{request_.method} {request_.uri}" == said


def test_what_is_listed_can_be_read_back() -> None:
    path, query = paths.split(rest.list_(PODS, "n", QUERY).uri)
    read = parameters.query(parameters.read(query))
    assert path == "/api/v1/namespaces/n/pods"
    assert all(getattr(read, name) == getattr(QUERY, name) for name in ("labels", "fields", "limit", "continue_", "revision", "match"))


def test_how_a_deletion_ends_is_in_its_body() -> None:
    chosen = options.Options(grace=0, propagation="Background", dry_run=True, preconditions={"uid": "u"})
    assert rest.delete(PODS, "n", "p", chosen).body == (
        '{"gracePeriodSeconds":0,"preconditions":{"uid":"u"},"propagationPolicy":"Background","dryRun":["All"]}\n'
    )


def test_a_body_is_written_as_go_writes_it() -> None:
    assert rest.create(PODS, "n", {"b": "<é>", "a": 1}, options.Options()).body == '{"a":1,"b":"\\u003cé\\u003e"}\n'


@pytest.mark.parametrize(("form", "end"), [("apply", "{}\n"), ("merge", "{}")])
def test_only_whole_objects_end_with_a_line_break(form: str, end: str) -> None:
    assert rest.patch(PODS, "n", "p", form, {}, options.Options()).body == end
