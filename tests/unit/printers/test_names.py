"""`-o name` and operation lines."""

from __future__ import annotations

import pytest

from pkctl.printers import names


def obj(api_version: str, kind: str, name: str) -> dict[str, object]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}


@pytest.mark.parametrize(
    ("api_version", "kind", "text"),
    [
        ("v1", "Pod", "pod/x"),
        ("apps/v1", "Deployment", "deployment.apps/x"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterrole.rbac.authorization.k8s.io/x"),
    ],
)
def test_a_group_follows_the_kind(api_version: str, kind: str, text: str) -> None:
    assert names.of(obj(api_version, kind, "x")) == text


def test_an_operation_ends_the_line() -> None:
    assert names.dump(obj("apps/v1", "Deployment", "web"), "created") == "deployment.apps/web created\n"


def test_a_list_gives_a_line_for_each_item() -> None:
    items = [obj("v1", "Pod", "a"), obj("v1", "Service", "b")]
    assert names.dump({"kind": "List", "apiVersion": "v1", "items": items}) == "pod/a\nservice/b\n"


def test_a_missing_name_is_unknown() -> None:
    assert names.of({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "x-"}}) == "pod/<unknown>"
