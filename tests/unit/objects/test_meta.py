"""Metadata, conditions and owners are read whatever is missing."""

from __future__ import annotations

import pytest

from pkctl.objects import meta, owners

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p", "namespace": "n", "uid": "u", "resourceVersion": "7", "creationTimestamp": "1970-01-01T00:01:00Z"},
    "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Init", "status": "False"}]},
}


def test_a_clone_shares_nothing() -> None:
    made = meta.clone(POD)
    made["status"]["conditions"][0]["status"] = "False"
    assert meta.is_true(POD, "Ready")


@pytest.mark.parametrize(
    ("path", "found"), [(("a", "b"), 1), (("a", "x"), 0), (("a", "b", "c"), 0), (("l", 1), 3), (("l", 9), 0), (("n", "x"), 0), (("n",), 0)]
)
def test_a_value_is_found_or_the_default(path: tuple[str | int, ...], found: int) -> None:
    assert meta.at({"a": {"b": 1}, "l": [2, 3], "n": None}, *path, default=0) == found


def test_metadata_is_read() -> None:
    assert (meta.key(POD), meta.uid(POD), meta.revision(POD), meta.created(POD)) == (("n", "p"), "u", 7, 60)


def test_missing_metadata_is_empty() -> None:
    assert (meta.key({}), meta.labels({}), meta.annotations({}), meta.revision({}), meta.created({})) == (("", ""), {}, {}, 0, None)


def test_an_object_with_a_deletion_time_is_deleting() -> None:
    assert [meta.is_deleting(POD), meta.is_deleting({"metadata": {"deletionTimestamp": "1970-01-01T00:00:00Z"}})] == [False, True]


@pytest.mark.parametrize(("type", "holds"), [("Ready", True), ("Init", False), ("Other", False)])
def test_a_condition_is_true_only_when_it_says_so(type: str, holds: bool) -> None:
    assert meta.is_true(POD, type) is holds


def test_a_controlling_reference_blocks_the_owner() -> None:
    assert owners.reference(POD) == {
        "apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u", "controller": True, "blockOwnerDeletion": True,
    }  # fmt: skip


def test_a_plain_reference_does_not() -> None:
    assert owners.reference(POD, controller=False) == {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u"}


def test_the_controller_is_the_reference_that_says_so() -> None:
    child = {"metadata": {"ownerReferences": [owners.reference(POD, controller=False), owners.reference(POD)]}}
    assert owners.controller(child) == owners.reference(POD)


def test_control_goes_by_uid() -> None:
    child = {"metadata": {"ownerReferences": [owners.reference(POD)]}}
    other = {**POD, "metadata": {**POD["metadata"], "uid": "v"}}  # type: ignore[dict-item]
    assert [owners.is_controlled_by(child, POD), owners.is_controlled_by(child, other), owners.is_controlled_by({}, POD)] == [
        True,
        False,
        False,
    ]
