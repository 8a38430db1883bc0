"""What the API says of a pod that changes: by an update, while it waits at a gate, and by the resize subresource."""

from __future__ import annotations

import pytest

from pkctl.kinds.rules import podresizes, podupdates
from tests.unit.kinds import workload_cases as cases

pod = cases.pod
GATED = {"schedulingGates": [{"name": "a.b/c"}]}
APPARMOR = "container.apparmor.security.beta.kubernetes.io/c"
TERMS = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"


def wanting(*terms):
    found = [{"matchExpressions": [{"key": key, "operator": "Exists"} for key in term]} for term in terms]
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": found}}}}


CHANGES = {
    "new gate": (
        pod(**GATED),
        pod(schedulingGates=[{"name": "d.e/f"}]),
        ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'd.e/f'"],
    ),
    "gated pod that wants more": (pod(nodeSelector={"a": "b"}, **GATED), pod(nodeSelector={"a": "b", "c": "d"}, **GATED), []),
    "gated pod that wants something else": (
        pod(nodeSelector={"a": "b"}, **GATED),
        pod(nodeSelector={"c": "d"}, **GATED),
        [
            'spec.nodeSelector: Invalid value: {"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ],
    ),
    "gated pod that is choosier": (pod(**wanting("a"), **GATED), pod(**wanting("ab"), **GATED), []),
    "gated pod with its first wish": (pod(**GATED), pod(**wanting("a"), **GATED), []),
    "gated pod with one term more": (
        pod(**wanting("a"), **GATED),
        pod(**wanting("a", "b"), **GATED),
        [
            f'{TERMS}: Invalid value: [{{"MatchExpressions":[{{"Key":"a","Operator":"Exists","Values":null}}],"MatchFields":null}},'
            '{"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}]: no additions/deletions to non-empty '
            "NodeSelectorTerms list are allowed",
        ],
    ),
    "gated pod that wishes differently": (
        pod(**wanting("a"), **GATED),
        pod(**wanting("b"), **GATED),
        [
            f'{TERMS}[0]: Invalid value: {{"MatchExpressions":[{{"Key":"b","Operator":"Exists","Values":null}}],"MatchFields":null}}: only '
            "additions are allowed (no mutations or deletions)",
        ],
    ),
    "AppArmor added": (
        pod(),
        pod(annotations={APPARMOR: "unconfined"}),
        [f"metadata.annotations[{APPARMOR}]: Forbidden: may not add AppArmor annotations"],
    ),
    "AppArmor changed": (
        pod(annotations={APPARMOR: "unconfined"}),
        pod(annotations={APPARMOR: "runtime/default"}),
        [f"metadata.annotations[{APPARMOR}]: Forbidden: may not remove or update AppArmor annotations"],
    ),
    "deadline gone": (
        pod(activeDeadlineSeconds=5),
        pod(),
        ["spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"],
    ),
    "deadline later": (
        pod(activeDeadlineSeconds=5),
        pod(activeDeadlineSeconds=6),
        ["spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value"],
    ),
    "negative grace mended": (pod(terminationGracePeriodSeconds=-1), pod(terminationGracePeriodSeconds=1), []),
    "image": (pod(), pod(container={"image": "other"}), []),
}


@pytest.mark.parametrize(("old", "new", "texts"), CHANGES.values(), ids=CHANGES)
def test_a_changed_pod_gets_the_servers_words(old, new, texts):
    found = podupdates.changes(cases.stored(new), cases.stored(old))
    assert [str(problem) for problem in found] == texts


def sized(requests=None, limits=None, **spec):
    resources = {**({"requests": requests} if requests else {}), **({"limits": limits} if limits else {})}
    return pod(container={"resources": resources}, **spec)


RESIZES = {
    "more cpu": (sized({"cpu": "1"}), sized({"cpu": "2"}), []),
    "less memory": (sized({"memory": "2Gi"}, {"memory": "2Gi"}), sized({"memory": "1Gi"}, {"memory": "1Gi"}), []),
    "request removed": (
        sized({"cpu": "1", "memory": "1Gi"}),
        sized({"cpu": "1"}),
        ["spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"],
    ),
    "another class": (
        sized({"cpu": "1"}),
        sized({"cpu": "1", "memory": "1Gi"}, {"cpu": "1", "memory": "1Gi"}),
        ['spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing'],
    ),
    "another resource": (
        sized({"cpu": "1", "ephemeral-storage": "1Gi"}),
        sized({"cpu": "1", "ephemeral-storage": "2Gi"}),
        ["spec: Forbidden: only cpu and memory resources are mutable"],
    ),
    "plain init container": (
        sized({"cpu": "1"}, initContainers=[{"name": "i", "image": "i", "resources": {"requests": {"cpu": "1"}}}]),
        sized({"cpu": "1"}, initContainers=[{"name": "i", "image": "i", "resources": {"requests": {"cpu": "2"}}}]),
        ["spec: Forbidden: resources for non-sidecar init containers are immutable"],
    ),
    "pod-level resources": (
        pod(resources={"requests": {"cpu": "1"}}),
        pod(resources={"requests": {"cpu": "2"}}),
        ["[]: Forbidden: pods with pod-level resources cannot be resized"],
    ),
    "Windows": (
        sized({"cpu": "1"}, os={"name": "windows"}),
        sized({"cpu": "2"}, os={"name": "windows"}),
        ["[]: Forbidden: windows pods cannot be resized"],
    ),
}


@pytest.mark.parametrize(("old", "new", "texts"), RESIZES.values(), ids=RESIZES)
def test_a_resized_pod_gets_the_servers_words(old, new, texts):
    found = podresizes.changes(cases.stored(new), cases.stored(old))
    assert [str(problem) for problem in found] == texts


def test_a_nodes_own_pod_takes_no_ephemeral_containers():
    old = cases.stored(pod(nodeName="n", annotations={"kubernetes.io/config.mirror": "x"}))
    found = podupdates.ephemeral_changes(old, old)
    assert [str(problem) for problem in found] == ["[]: Forbidden: static pods do not support ephemeral containers"]
