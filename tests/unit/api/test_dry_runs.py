"""Dry runs name no revision that never was."""

from __future__ import annotations

from typing import Any

from pkctl.api.options import Options
from tests import clusters


def config(value: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": value}}


def test_what_was_not_created_has_no_revision() -> None:
    with clusters.cluster() as cluster:
        made = cluster.client.create(cluster.row("cm"), "default", config("1"), Options(dry_run=True))
    assert "resourceVersion" not in made["metadata"]


def test_what_was_not_changed_keeps_its_revision() -> None:
    with clusters.cluster() as cluster:
        row = cluster.row("cm")
        made = cluster.client.create(row, "default", config("1"), Options())
        changed = cluster.client.update(row, "default", "m", config("2"), Options(dry_run=True))
    assert (changed["data"], changed["metadata"]["resourceVersion"]) == ({"a": "2"}, made["metadata"]["resourceVersion"])
