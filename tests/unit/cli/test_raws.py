"""`--raw`: requests of the user's own."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli import lines

MAP = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}'
MAPS = "/api/v1/namespaces/default/configmaps"


def test_what_is_posted_can_be_read_replaced_and_deleted(sh: lines.Shell) -> None:
    made = sh("create", "--raw", MAPS, "-f", "-", text=MAP)
    assert json.loads(made.out)["metadata"]["namespace"] == "default"
    found = json.loads(sh("get", "--raw", f"{MAPS}/a").out)
    sh("replace", "--raw", f"{MAPS}/a", "-f", "-", text=json.dumps({**found, "data": {"x": "2"}}))
    assert sh("get", "cm", "a", "-o", "jsonpath={.data.x}").out == "2"
    assert json.loads(sh("delete", "--raw", f"{MAPS}/a").out)["status"] == "Success"


def test_items_of_a_built_in_list_do_not_repeat_their_kind(sh: lines.Shell) -> None:
    sh("create", "cm", "a")
    items = json.loads(sh("get", "--raw", f"{MAPS}?fieldSelector=metadata.name%3Da").out)["items"]
    assert [sorted(each) for each in items] == [["metadata"]]


def test_a_watch_ends_after_its_own_time(sh: lines.Shell) -> None:
    sh("create", "cm", "a")
    events = [json.loads(line) for line in sh("get", "--raw", f"{MAPS}?watch=true&timeoutSeconds=1").out.splitlines()]
    assert [(each["type"], each["object"]["metadata"]["name"]) for each in events] == [("ADDED", "a")]


REFUSED = {
    ("get", "/api/v1/nope"): "Error from server (NotFound): the server could not find the requested resource\n",
    ("get", "/api/v1/configmaps/x"): "Error from server (NotFound): the server could not find the requested resource\n",
    ("get", f"{MAPS}/x"): 'Error from server (NotFound): configmaps "x" not found\n',
    ("delete", "/api/v1/configmaps"): (
        "Error from server (MethodNotAllowed): the server does not allow this method on the requested resource\n"
    ),
    ("get", "nope"): 'error: --raw must be a valid URL path: parse "nope": invalid URI for request\n',
    ("get", "/a%zz"): 'error: --raw must be a valid URL path: parse "/a%zz": invalid URL escape "%zz"\n',
}


@pytest.mark.parametrize(("verb", "uri"), REFUSED)
def test_a_wrong_path_is_refused_as_the_api_does(sh: lines.Shell, verb: str, uri: str) -> None:
    said = sh(verb, "--raw", uri)
    assert (said.code, said.err) == (1, REFUSED[verb, uri])


def test_a_body_is_one_file(sh: lines.Shell) -> None:
    assert sh("create", "--raw", MAPS, "-f", "a", "-f", "b").err == "error: --raw can only use a single local file or stdin\n"


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz/ping"])
def test_health_is_one_word(sh: lines.Shell, path: str) -> None:
    assert sh("get", "--raw", path).out == "ok"


def test_groups_are_found_one_by_one(sh: lines.Shell) -> None:
    assert json.loads(sh("get", "--raw", "/apis/apps").out)["preferredVersion"]["groupVersion"] == "apps/v1"


def test_the_root_lists_the_paths_that_are_served(sh: lines.Shell) -> None:
    served = json.loads(sh("get", "--raw", "/").out)["paths"]
    assert {"/api/v1", "/apis/apps", "/apis/apps/v1", "/livez/ping", "/openapi/v3", "/version"} <= set(served)


def test_every_v3_document_that_is_listed_can_be_read(sh: lines.Shell) -> None:
    listed = json.loads(sh("get", "--raw", "/openapi/v3").out)["paths"]
    found = [json.loads(sh("get", "--raw", each["serverRelativeURL"]).out)["openapi"] for each in listed.values()]
    assert found == ["3.0.0"] * len(listed)


def test_a_v2_document_can_be_read(sh: lines.Shell) -> None:
    assert json.loads(sh("get", "--raw", "/openapi/v2").out)["swagger"] == "2.0"


@pytest.mark.parametrize("path", ["/openapi", "/openapi/v1", "/openapi/v2/x", "/openapi/v3/apis/x/v1"])
def test_there_is_no_other_openapi_document(sh: lines.Shell, path: str) -> None:
    assert sh("get", "--raw", path).err == "Error from server (NotFound): the server could not find the requested resource\n"


@pytest.mark.parametrize("path", ["/metrics", "/debug/pprof", "/openid/v1/jwks"])
def test_what_pkctl_tells_nobody_is_refused_by_name(sh: lines.Shell, path: str) -> None:
    assert sh("get", "--raw", path).err.startswith(f"error: --raw {path}: pkctl ")


@pytest.mark.parametrize(
    ("exclude", "said"),
    [
        ("ping", "[+]ping excluded: ok\n[+]store ok\nlivez check passed\n"),
        (
            "etcd",
            '[+]ping ok\n[+]store ok\nwarn: some health checks cannot be excluded: no matches for "etcd"\nlivez check passed\n',
        ),
    ],
)
def test_a_check_of_health_may_be_left_out(sh: lines.Shell, exclude: str, said: str) -> None:
    assert sh("get", "--raw", f"/livez?verbose&exclude={exclude}").out == said


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("kind: Pod\n", "invalid character 'k' looking for beginning of value (6b696e643a20506f640a)"),
        (
            '{"kind":"Namespace","metadata":}}}}',
            """invalid character '}' looking for beginning of value ({"kind":"Namespace","metadata" ...)""",
        ),
        ("{", "unexpected end of JSON input ({)"),
    ],
    ids=["yaml", "long", "cut off"],
)
def test_a_body_that_is_no_json_is_shown_by_its_beginning(sh: lines.Shell, body: str, why: str) -> None:
    said = sh("create", "--raw", "/api/v1/namespaces", "-f", "-", text=body)
    start = "the object provided is unrecognized (must be of type Namespace): couldn't get version/kind; json parse error:"
    assert said.err == f"Error from server (BadRequest): {start} {why}\n"
