"""`drain`: which pods keep a node from being emptied, how the others are sent away and waited for."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

PODS = """
{apiVersion: v1, kind: Pod, metadata: {name: bare, labels: {app: bare}}, spec: {nodeName: one, containers: [{name: a, image: a}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: local}
spec: {nodeName: one, containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}}]}
"""
ORPHAN = """
apiVersion: v1
kind: Pod
metadata: {name: orphan, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: gone, uid: u, controller: true}]}
spec: {nodeName: one, containers: [{name: a, image: a}]}
"""
BUDGET = (
    "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {minAvailable: 1, selector: {matchLabels: {app: bare}}}}"
)
BARE = "cannot delete Pods that declare no controller (use --force to override): default/bare"
LOCAL = "cannot delete Pods with local storage (use --delete-emptydir-data to override): default/local"
STAYED = 'error when waiting for pod "bare" in namespace "default" to terminate: context deadline exceeded'
PENDING = "There are pending nodes to be drained:\n one\n"


@pytest.fixture
def node(sh: lines.Shell) -> lines.Shell:
    sh("create", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    sh("create", "-f", "-", text=PODS)
    return sh


def test_one_cause_is_told_as_it_is(node: lines.Shell) -> None:
    said = node("drain", "one", "--force")
    assert (said.code, said.out) == (1, "node/one cordoned\n")
    assert said.err == f'error: unable to drain node "one" due to error: {LOCAL}, continuing command...\n{PENDING}{LOCAL}\n'


def test_a_pod_is_held_back_by_the_first_of_its_causes(node: lines.Shell) -> None:
    head = f'error: unable to drain node "one" due to error: [{BARE}, {LOCAL}], continuing command...\n'
    assert node("drain", "one").err == f"{head}{PENDING}{BARE}\n{LOCAL}\n"


def test_an_empty_node_is_drained_at_once(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    assert sh("drain", "one").out == "node/one cordoned\nnode/one drained\n"


def test_a_dry_run_evicts_in_words_alone(node: lines.Shell) -> None:
    said = node("drain", "one", "--force", "--delete-emptydir-data", "--disable-eviction", "--dry-run=client")
    evicted = "evicting pod default/bare (dry run)\nevicting pod default/local (dry run)\n"
    assert said.out == f"node/one cordoned (dry run)\n{evicted}node/one drained (dry run)\n"
    assert said.err == "Warning: deleting Pods that declare no controller: default/bare, default/local\n"


def test_pods_whose_daemonset_is_gone_go_by_force(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text="{apiVersion: v1, kind: Node, metadata: {name: one}}")
    sh("create", "-f", "-", text=ORPHAN)
    assert 'cannot delete daemonsets.apps "gone" not found: default/orphan' in sh("drain", "one", "--ignore-daemonsets").err
    said = sh("drain", "one", "--force", "--grace-period=0")
    assert said.out == "node/one already cordoned\nevicting pod default/orphan\npod/orphan evicted\nnode/one drained\n"


def test_pods_that_stay_are_told_when_the_time_is_up(node: lines.Shell) -> None:
    said = node("drain", "one", "--force", "--pod-selector=app=bare", "--timeout=3s")
    assert said.out == "node/one cordoned\nevicting pod default/bare\n"
    assert said.err.splitlines()[1:4] == [
        f'There are pending pods in node "one" when an error occurred: {STAYED}',
        "pod/bare",
        f'error: unable to drain node "one" due to error: {STAYED}, continuing command...',
    ]


def test_a_deletion_that_is_overdue_is_not_waited_for(node: lines.Shell) -> None:
    said = node("drain", "one", "--force", "--pod-selector=app=bare", "--skip-wait-for-delete-timeout=1")
    skipped = 'pod "bare" has DeletionTimestamp older than 1 seconds, skipping\n'
    assert said.out == f"node/one cordoned\nevicting pod default/bare\n{skipped}node/one drained\n"


def test_what_a_budget_keeps_is_asked_again_until_the_time_is_up(node: lines.Shell) -> None:
    node("create", "-f", "-", text=BUDGET)
    node("patch", "pod", "bare", "--subresource=status", "-p", '{"status": {"phase": "Running"}}')
    said = node("drain", "one", "--force", "--pod-selector=app=bare", "--timeout=8s")
    assert said.out == "node/one cordoned\n" + "evicting pod default/bare\n" * 3
    assert said.err.count('error when evicting pods/"bare" -n "default" (will retry after 5s): Cannot evict pod') == 2
    assert 'due to error: error when evicting pods/"bare" -n "default": global timeout reached: 8s, continuing' in said.err


def test_pods_of_a_namespace_that_ends_are_waited_for(node: lines.Shell) -> None:
    node("create", "ns", "ending")
    node("create", "-n", "ending", "-f", "-", text=PODS.partition("---")[0])
    node("delete", "ns", "ending", "--wait=false")
    node("delete", "pod", "bare", "-n", "ending", "--wait=false")
    node("delete", "pod", "bare", "--force")
    said = node("drain", "one", "--force", "--pod-selector=app=bare", "--timeout=3s")
    assert 'error when waiting for pod "bare" in namespace "ending" to terminate: context deadline exceeded' in said.err
