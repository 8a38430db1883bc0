"""What a pod asks for, and its quality of service."""

from __future__ import annotations

import pytest

from pkctl.kinds.podspec import requests


def container(requests=None, limits=None, **more):
    return {"name": "c", "resources": {"requests": requests or {}, "limits": limits or {}}, **more}


def cpu(amount, **more):
    return container({"cpu": amount}, **more)


def test_containers_add_up():
    assert requests.requests({"containers": [cpu("100m"), cpu("1")]}) == {"cpu": 1100}


def test_the_largest_init_container_may_outweigh_the_rest():
    assert requests.requests({"containers": [cpu("100m")], "initContainers": [cpu("2"), cpu("1")]}) == {"cpu": 2000}


def test_a_sidecar_runs_beside_the_containers_and_later_inits():
    spec = {"containers": [cpu("1")], "initContainers": [cpu("500m", restartPolicy="Always"), cpu("2")]}
    assert requests.requests(spec) == {"cpu": 2500}


def test_overhead_is_added():
    assert requests.requests({"containers": [cpu("1")], "overhead": {"cpu": "100m", "memory": "1"}}) == {"cpu": 1100, "memory": 1000}


def test_what_the_pod_asks_for_as_a_whole_counts():
    assert requests.requests({"containers": [cpu("1")], "resources": {"requests": {"cpu": "3"}}}) == {"cpu": 3000}


def test_an_amount_is_shown_as_a_quantity():
    assert [requests.shown(1100), requests.shown(2000)] == ["1100m", "2"]


BOTH = {"cpu": "1", "memory": "1Gi"}
CLASSES = {
    "nothing": ([container()], "BestEffort"),
    "other resources only": ([container({"a.b/gpu": "1"})], "BestEffort"),
    "requests only": ([container({"cpu": "1"})], "Burstable"),
    "limits of both": ([container(BOTH, BOTH)], "Guaranteed"),
    "one container without": ([container(BOTH, BOTH), container()], "Burstable"),
    "requests below limits": ([container({**BOTH, "cpu": "500m"}, BOTH)], "Burstable"),
}


@pytest.mark.parametrize(("containers", "wanted"), CLASSES.values(), ids=CLASSES)
def test_the_class_follows_requests_and_limits(containers, wanted):
    assert requests.qos_class({"containers": containers}) == wanted
