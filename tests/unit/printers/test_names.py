"""The names of objects in `-o name` and in what is told of writes."""

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


def test_a_missing_name_is_unknown() -> None:
    assert names.of({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "x-"}}) == "pod/<unknown>"
