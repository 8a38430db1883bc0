"""What is too large is refused, and text that can't be stored is mended, as an API server does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options, sizes
from tests import clusters

Object = dict[str, Any]


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster(hollow=True) as made:
        yield made


def _create(cluster: clusters.Cluster, word: str, name: str, **body: Any) -> Object:
    row = cluster.row(word)
    return cluster.client.create(row, "default" if row.namespaced else "", {"metadata": {"name": name}, **body}, options.Options())


def _env(size: int) -> Object:
    container = {"name": "c", "image": "i", "env": [{"name": "A", "value": "x" * size}]}
    return {"template": {"spec": {"containers": [container]}}}


@pytest.mark.parametrize(
    ("size", "wanted", "code"),
    [
        (3 << 19, "etcdserver: request is too large", 500),
        (2 << 20, "rpc error: code = ResourceExhausted desc = trying to send message larger than max", 500),
        (3 << 20, "Request entity too large: limit is 3145728", 413),
    ],
    ids=["1.5 MiB", "2 MiB", "3 MiB"],
)
def test_an_object_may_be_too_large(cluster: clusters.Cluster, size: int, wanted: str, code: int) -> None:
    with pytest.raises(errors.StatusError) as refusal:
        _create(cluster, "podtemplates", "x", **_env(size))
    assert (str(refusal.value)[: len(wanted)], refusal.value.code) == (wanted, code)


def test_a_body_over_the_limit_is_not_read(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.TooLarge, match="Request entity too large: limit is 3145728"):
        _create(cluster, "cm", "x", data={"a": "x" * (3 << 20) + "x"})


def test_an_object_below_the_limit_is_kept(cluster: clusters.Cluster) -> None:
    assert _create(cluster, "podtemplates", "x", **_env((3 << 19) - 4096))


def test_a_lone_surrogate_is_replaced(cluster: clusters.Cluster) -> None:
    made = _create(cluster, "cm", "x", data={"a": "b\ud800c"})
    assert made["data"] == cluster.client.get(cluster.row("cm"), "default", "x")["data"] == {"a": "b\ufffdc"}


def test_bytes_count_not_letters() -> None:
    with pytest.raises(errors.StatusError, match="etcdserver: request is too large"):
        sizes.kept("ä" * (3 << 18) + "x")


VERSIONED = {
    "leases": 'leases.coordination.k8s.io "x" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    "pdb": 'poddisruptionbudgets.policy "x" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
}


@pytest.mark.parametrize(("word", "wanted"), VERSIONED.items(), ids=VERSIONED)
def test_some_kinds_must_say_which_version_they_replace(cluster: clusters.Cluster, word: str, wanted: str) -> None:
    made = _create(cluster, word, "x", spec={})
    del made["metadata"]["resourceVersion"]
    with pytest.raises(errors.Invalid) as refusal:
        cluster.client.update(cluster.row(word), "default", "x", made, options.Options())
    assert (str(refusal.value), refusal.value.details["kind"]) == (wanted, cluster.row(word).plural)


def test_others_are_replaced_whatever_they_are(cluster: clusters.Cluster) -> None:
    _create(cluster, "cm", "x", data={"a": "1"})
    changed = {"metadata": {"name": "x"}, "data": {"a": "2"}}
    assert cluster.client.update(cluster.row("cm"), "default", "x", changed, options.Options())["data"] == {"a": "2"}
