"""Which fields a list can be picked by, where kinds share what is stored but not the names of its fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pkctl import errors
from pkctl.api import options
from tests import clusters


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        event = {
            "metadata": {"name": "e"},
            "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
            "reason": "R",
            "type": "Normal",
        }
        made.client.create(made.row("events"), "default", {"apiVersion": "v1", "kind": "Event", **event}, options.Options())
        yield made


def _listed(cluster: clusters.Cluster, word: str, fields: str) -> list[str]:
    found = cluster.client.list(cluster.row(word), "default", options.Query(fields=fields))
    return [each["metadata"]["name"] for each in found["items"]]


@pytest.mark.parametrize(("word", "fields"), [
    ("events", "involvedObject.kind=Pod"), ("events", "reason=R"),
    ("events.events.k8s.io", "regarding.kind=Pod"), ("events.events.k8s.io", "type=Normal,regarding.name=p"),
])  # fmt: skip
def test_an_event_is_picked_by_the_fields_of_its_version(cluster, word, fields):
    assert _listed(cluster, word, fields) == ["e"]


@pytest.mark.parametrize(("word", "label"), [("events", "regarding.kind"), ("events.events.k8s.io", "involvedObject.kind")])
def test_the_other_versions_fields_are_refused(cluster, word, label):
    with pytest.raises(errors.BadRequest, match=r"field label not supported"):
        _listed(cluster, word, f"{label}=Pod")
