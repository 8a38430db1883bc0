"""`top`: what is used, as kubectl lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import clusters
from tests.unit.cli import lines

Object = dict[str, Any]
POD = """apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: %s}}
spec: {containers: [{name: one, image: x}, {name: two, image: x}]}
"""
MEGA = 1 << 20
USED = {"small": {"one": (0.1, 10, 0), "two": (0.2, 20, 1)}, "big": {"one": (0.5, 5, 0), "two": (0.3, 6, 2)}}
"""CPUs, and MiB of memory and swap, by pod and container."""


class Meter:
    """A runtime that is asked for nothing but its counters, which grow by a second at every look."""

    def __init__(self, uids: dict[str, str]) -> None:
        self.uids, self.looks = uids, 0

    def stats(self) -> list[Object]:
        self.looks += 1
        rows = [
            {
                "uid": self.uids[pod],
                "container": name,
                "cpu": cpu * self.looks,
                "memory": memory * MEGA,
                "swap": swap * MEGA,
                "at": self.looks,
            }
            for pod, containers in USED.items()
            for name, (cpu, memory, swap) in containers.items()
        ]
        return [*rows, {"uid": "", "container": "", "cpu": 2 * self.looks, "memory": 512 * MEGA, "swap": 3 * MEGA, "at": self.looks}]


@pytest.fixture
def top(cluster: clusters.Cluster) -> lines.Shell:
    sh = lines.Shell(cluster)
    status = "capacity: {cpu: 8, memory: 2Gi}, allocatable: {cpu: 4, memory: 1Gi}, nodeInfo: {swap: {capacity: 6291456}}"
    sh("create", "-f", "-", text=f"{{apiVersion: v1, kind: Node, metadata: {{name: n1}}, status: {{{status}}}}}")
    for name in USED:
        sh("create", "-f", "-", text=POD % (name, name))
    uids = {name: sh("get", "pod", name, "-o", "jsonpath={.metadata.uid}").out for name in USED}
    cluster.runtimes["n1"] = Meter(uids)  # type: ignore[assignment]
    return sh


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def cells(said: lines.Said) -> list[list[str]]:
    assert said.err == ""
    return [line.split() for line in said.out.splitlines()]


def test_a_node_is_measured_against_what_it_gives(top: lines.Shell) -> None:
    assert cells(top("top", "node")) == [
        ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"],
        ["n1", "2000m", "50%", "512Mi", "50%"],
    ]


def test_a_node_may_be_measured_against_what_it_has(top: lines.Shell) -> None:
    assert cells(top("top", "node", "n1", "--show-capacity", "--no-headers")) == [["n1", "2000m", "25%", "512Mi", "25%"]]


def test_swap_has_columns_on_demand(top: lines.Shell) -> None:
    assert cells(top("top", "node", "--show-swap"))[1][-2:] == ["3Mi", "50%"]


def test_pods_are_listed_by_name(top: lines.Shell) -> None:
    assert cells(top("top", "pod")) == [["NAME", "CPU(cores)", "MEMORY(bytes)"], ["big", "800m", "11Mi"], ["small", "300m", "30Mi"]]


def test_the_greediest_come_first_on_demand(top: lines.Shell) -> None:
    assert [row[0] for row in cells(top("top", "pod", "--sort-by=memory", "--no-headers"))] == ["small", "big"]


def test_containers_stay_with_their_pod_when_sorted(top: lines.Shell) -> None:
    rows = cells(top("top", "pod", "--containers", "--sort-by=memory", "--no-headers"))
    assert [row[:2] for row in rows] == [["small", "two"], ["small", "one"], ["big", "two"], ["big", "one"]]


def test_the_sum_stands_below(top: lines.Shell) -> None:
    assert top("top", "pod", "--sum", "--no-headers").out.splitlines()[-2:] == [
        "        ________   ________   ",
        "        1100m      41Mi       ",
    ]


def test_pods_of_all_namespaces_are_told_apart(top: lines.Shell) -> None:
    assert cells(top("top", "pod", "-A", "-l", "app=big", "--show-swap")) == [
        ["NAMESPACE", "NAME", "CPU(cores)", "MEMORY(bytes)", "SWAP(bytes)"],
        ["default", "big", "800m", "11Mi", "2Mi"],
    ]


def test_a_new_pod_has_no_metrics_yet(top: lines.Shell) -> None:
    top("create", "-f", "-", text=POD % ("new", "new"))
    assert top("top", "pod", "-l", "app=new").err == "error: metrics not available yet\n"


def test_a_named_pod_without_metrics_is_not_found(top: lines.Shell) -> None:
    top("create", "-f", "-", text=POD % ("new", "new"))
    assert top("top", "pod", "new").err == 'Error from server (NotFound): pods.metrics.k8s.io "default/new" not found\n'


def test_no_pods_are_no_resources(top: lines.Shell) -> None:
    assert top("top", "pod", "-n", "kube-system").err == "No resources found in kube-system namespace.\n"


def test_a_name_and_a_selector_are_one_too_many(top: lines.Shell) -> None:
    assert top("top", "pod", "a", "-l", "b=c").err == "error: only one of NAME or selector can be provided\n"


def test_two_names_are_one_too_many(top: lines.Shell) -> None:
    assert top("top", "node", "a", "b").err == "error: node [NAME | -l label]\nSee 'pkctl top node -h' for help and examples\n"
