"""Request paths, read."""

from __future__ import annotations

import pytest

from pkctl.api import paths

PLACES = {
    "/api": ("", "", "", "", "", ""),
    "/api/v1": ("", "v1", "", "", "", ""),
    "/apis/apps": ("apps", "", "", "", "", ""),
    "/apis/apps/v1": ("apps", "v1", "", "", "", ""),
    "/api/v1/nodes": ("", "v1", "", "nodes", "", ""),
    "/api/v1/nodes/n/status": ("", "v1", "", "nodes", "n", "status"),
    "/api/v1/namespaces": ("", "v1", "", "namespaces", "", ""),
    "/api/v1/namespaces/x": ("", "v1", "", "namespaces", "x", ""),
    "/api/v1/namespaces/x/status": ("", "v1", "", "namespaces", "x", "status"),
    "/api/v1/namespaces/x/finalize": ("", "v1", "", "namespaces", "x", "finalize"),
    "/api/v1/namespaces/x/pods": ("", "v1", "x", "pods", "", ""),
    "//apis/apps/v1/namespaces/x/deployments/d/scale/": ("apps", "v1", "x", "deployments", "d", "scale"),
    "/healthz": ("", "", "", "", "", ""),
}


@pytest.mark.parametrize("path", PLACES)
def test_a_path_names_its_place(path: str) -> None:
    place = paths.read(path)
    assert place is not None
    found = (place.group, place.version, place.namespace, place.resource, place.name, place.subresource)
    assert found == PLACES[path]


@pytest.mark.parametrize("path", ["/api/v1/namespaces/x/pods/p/log/more", "/api/v1/watch"])
def test_a_path_of_too_many_parts_or_too_few_is_none(path: str) -> None:
    assert paths.read(path) is None


def test_the_old_form_of_a_watch_is_known() -> None:
    place = paths.read("/api/v1/watch/namespaces/x/pods")
    assert place is not None
    assert (place.watching, place.namespace, place.resource) == (True, "x", "pods")


VERBS = {
    ("GET", "/api/v1/nodes"): "list",
    ("GET", "/api/v1/nodes/n"): "get",
    ("GET", "/api/v1/watch/nodes"): "watch",
    ("POST", "/api/v1/nodes"): "create",
    ("POST", "/api/v1/nodes/n"): "",
    ("POST", "/api/v1/namespaces/x/pods/p/eviction"): "create",
    ("PUT", "/api/v1/nodes/n"): "update",
    ("PUT", "/api/v1/nodes"): "",
    ("PATCH", "/api/v1/nodes/n"): "patch",
    ("DELETE", "/api/v1/nodes"): "deletecollection",
    ("DELETE", "/api/v1/nodes/n"): "delete",
    ("DELETE", "/api/v1/nodes/n/status"): "",
    ("TRACE", "/api/v1/nodes/n"): "",
}


@pytest.mark.parametrize(("method", "path"), VERBS)
def test_a_method_on_a_place_is_a_verb(method: str, path: str) -> None:
    place = paths.read(path)
    assert place is not None
    assert paths.verb(method, place) == VERBS[method, path]


def test_escapes_are_undone_in_the_path_and_left_in_the_query() -> None:
    assert paths.split("/api/v1/nodes/a%2Eb?labelSelector=a%3Db#x") == ("/api/v1/nodes/a.b", "labelSelector=a%3Db")
