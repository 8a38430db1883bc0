from __future__ import annotations

import pytest

from pkctl.api import discovery
from pkctl.kinds import customrows, table


def hashes(kinds: table.Kinds, group: str, version: str) -> dict[str, str]:
    return {each["name"]: each.get("storageVersionHash", "") for each in discovery.resources(kinds, group, version)["resources"]}


@pytest.mark.parametrize(
    ("group", "version", "plural", "hash"),
    [
        ("", "v1", "pods", "xPOwRZ+Yhw8="),
        ("", "v1", "configmaps", "qFsyl6wFWjQ="),
        ("apps", "v1", "controllerrevisions", "85nkx63pcBU="),
        ("coordination.k8s.io", "v1", "leases", "gqkMMb/YqFM="),
        ("events.k8s.io", "v1", "events", "r2yiGXH7wu8="),
    ],
)
def test_a_kind_tells_the_hash_that_kubernetes_tells(group: str, version: str, plural: str, hash: str) -> None:
    assert hashes(table.BUILTIN, group, version)[plural] == hash


@pytest.mark.parametrize("plural", ["bindings", "componentstatuses", "pods/status"])
def test_what_is_not_stored_has_no_hash(plural: str) -> None:
    assert hashes(table.BUILTIN, "", "v1")[plural] == ""


def test_every_version_of_a_custom_kind_has_the_hash_of_the_stored_one() -> None:
    names = {"kind": "Foo", "plural": "foos"}
    versions = [{"name": "v1", "served": True, "storage": False}, {"name": "v1beta1", "served": True, "storage": True}]
    rows = customrows.rows({"metadata": {}, "spec": {"group": "x.io", "names": names, "versions": versions}})
    kinds = table.Kinds(rows)
    found = [hashes(kinds, "x.io", version)["foos"] for version in ("v1", "v1beta1")]
    assert found == [hashes(table.Kinds(rows[1:]), "x.io", "v1beta1")["foos"]] * 2
