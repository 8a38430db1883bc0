"""What valid objects are warned about, in the API server's words."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import warnings
from pkctl.kinds.podspec import warnings as podwarnings

Object = dict[str, Any]


def container(**more: Any) -> Object:
    return {"name": "c", "image": "i", **more}


def port(number: int, **more: Any) -> Object:
    return {"containerPort": number, "protocol": "TCP", **more}


def pod(*containers: Object, notes: dict[str, str] | None = None, **spec: Any) -> Object:
    return {"metadata": {"name": "x", "annotations": notes or {}}, "spec": {"containers": list(containers) or [container()], **spec}}


OS = "beta.kubernetes.io/os"
OLD_OS = 'deprecated since v1.14; use "kubernetes.io/os" instead'
NODES = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": OS}]}]}}
PODS = {"preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": {"topologyKey": "a"}}]}
EPHEMERAL = {"volumeClaimTemplate": {"spec": {"resources": {"requests": {"storage": "1500m"}}}}}

SAID = {
    "nothing": (pod(), []),
    "node selector": (pod(nodeSelector={OS: "linux"}), [f"spec.nodeSelector[{OS}]: {OLD_OS}"]),
    "node affinity": (
        pod(affinity={"nodeAffinity": NODES}),
        [
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: "
            f"{OS} is {OLD_OS}"
        ],
    ),
    "spread": (
        pod(topologySpreadConstraints=[{"topologyKey": OS}]),
        [
            f"spec.topologySpreadConstraints[0].topologyKey: {OS} is {OLD_OS}",
            "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
        ],
    ),
    "old annotation": (
        pod(notes={"scheduler.alpha.kubernetes.io/critical-pod": ""}),
        [
            "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; "
            'use the "priorityClassName" field instead'
        ],
    ),
    "old volume": (
        pod(volumes=[{"name": "v", "glusterfs": {}}]),
        ["spec.volumes[0].glusterfs: deprecated in v1.25, non-functional in v1.26+"],
    ),
    "ephemeral claim": (
        pod(volumes=[{"name": "v", "ephemeral": EPHEMERAL}]),
        [
            "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: "
            'fractional byte value "1500m" is invalid, must be an integer'
        ],
    ),
    "host alias twice": (
        pod(hostAliases=[{"ip": "1.1.1.1"}, {"ip": "1.1.1.1"}]),
        ['spec.hostAliases[1].ip: duplicate ip "1.1.1.1"'],
    ),
    "pull secret twice": (
        pod(imagePullSecrets=[{"name": "a"}, {"name": "a"}]),
        ['spec.imagePullSecrets[1].name: duplicate name "a"'],
    ),
    "nameless pull secret": (pod(imagePullSecrets=[{}]), ['spec.imagePullSecrets[0].name: invalid empty name ""']),
    "seccomp of the pod": (
        pod(notes={"seccomp.security.alpha.kubernetes.io/pod": "x"}),
        [
            "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; "
            'use the "seccompProfile" field instead'
        ],
    ),
    "fraction of a byte": (
        pod(container(resources={"limits": {"memory": "100m"}})),
        ['spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
    ),
    "variable hidden": (
        pod(container(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])),
        ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ),
    "variable extended": (pod(container(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}])), []),
    "port twice": (
        pod(container(ports=[port(80)]), container(ports=[port(80)])),
        ["spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"],
    ),
    "port name twice": (
        pod(container(ports=[port(80, name="http")]), container(ports=[port(81, name="http")])),
        [
            'spec.containers[1].ports[0]: duplicate port name "http" with spec.containers[0].ports[0], services and probes that select '
            "ports by name will use spec.containers[0].ports[0]"
        ],
    ),
    "port overlapping": (
        pod(container(ports=[port(80), port(80, hostPort=8080)])),
        ["spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]"],
    ),
    "port ambiguous": (
        pod(container(ports=[port(80, hostPort=8080), port(80, hostPort=8080, hostIP="10.0.0.1")])),
        ["spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]"],
    ),
    "host address alone": (
        pod(container(ports=[port(80, hostIP="10.0.0.1")])),
        ["spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}"],
    ),
    "negative grace": (
        pod(terminationGracePeriodSeconds=-1),
        ["spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"],
    ),
    "company of nobody": (
        pod(affinity={"podAffinity": PODS}),
        [
            "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: "
            "a null labelSelector results in matching no pod"
        ],
    ),
}


@pytest.mark.parametrize(("obj", "said"), SAID.values(), ids=SAID)
def test_a_pod_is_warned_about(obj: Object, said: list[str]) -> None:
    assert podwarnings.pod(obj) == said


def test_a_templates_paths_begin_at_the_template() -> None:
    deployment = {"metadata": {"name": "x"}, "spec": {"template": pod(nodeSelector={OS: "linux"})}}
    assert warnings.of("deployments.apps", deployment, None) == [f"spec.template.spec.nodeSelector[{OS}]: {OLD_OS}"]


def test_an_unchanged_template_is_warned_about_once() -> None:
    deployment = {"metadata": {"name": "x"}, "spec": {"template": pod(nodeSelector={OS: "linux"})}}
    assert warnings.of("deployments.apps", deployment, deployment) == []


def test_a_pods_dotted_name_is_its_hostname() -> None:
    assert warnings.of("pods", {**pod(), "metadata": {"name": "a.b"}}, None) == [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: "
        "[must not contain dots]"
    ]


def test_a_workloads_dotted_name_is_in_its_pods_names() -> None:
    (said,) = warnings.of("jobs.batch", {"metadata": {"name": "a.b"}, "spec": {"template": pod()}}, None)
    assert said.startswith("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior")


OTHERS: dict[str, tuple[str, Object, str]] = {
    "old ingress class": (
        "ingresses.networking.k8s.io",
        {"metadata": {"annotations": {"kubernetes.io/ingress.class": "nginx"}}},
        "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead",
    ),
    "recycled volume": (
        "persistentvolumes",
        {"metadata": {}, "spec": {"persistentVolumeReclaimPolicy": "Recycle"}},
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use "
        "dynamic provisioning.",
    ),
    "old storage class": (
        "persistentvolumeclaims",
        {"metadata": {"annotations": {"volume.beta.kubernetes.io/storage-class": "a"}}},
        'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    ),
    "external addresses": (
        "services",
        {"metadata": {}, "spec": {"type": "ClusterIP", "externalIPs": ["1.1.1.1"]}},
        "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
    ),
    "external name of no such service": (
        "services",
        {"metadata": {}, "spec": {"type": "ClusterIP", "externalName": "a"}},
        'spec.externalName is ignored when spec.type is not "ExternalName"',
    ),
    "headless affinity": (
        "services",
        {"metadata": {}, "spec": {"type": "ClusterIP", "clusterIP": "None", "sessionAffinity": "ClientIP"}},
        "spec.SessionAffinity is ignored for headless services",
    ),
    "an address written long": (
        "services",
        {"metadata": {}, "spec": {"type": "ClusterIP", "clusterIPs": ["fd00:0::1"]}},
        'spec.clusterIPs[0]: IPv6 address "fd00:0::1" should be in RFC 5952 canonical format ("fd00::1")',
    ),
    "close traffic": (
        "services",
        {"metadata": {}, "spec": {"trafficDistribution": "PreferClose"}},
        'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ),
    "topology of a class": (
        "storageclasses.storage.k8s.io",
        {"metadata": {}, "allowedTopologies": [{"matchLabelExpressions": [{"key": OS}]}]},
        f"allowedTopologies[0].matchLabelExpressions[0].key: {OS} is {OLD_OS}",
    ),
    "topology of a capacity": (
        "csistoragecapacities.storage.k8s.io",
        {"metadata": {}, "nodeTopology": {"matchLabels": {OS: "linux"}}},
        f"nodeTopology.matchLabels.{OS}: {OLD_OS}",
    ),
    "expressions of a capacity": (
        "csistoragecapacities.storage.k8s.io",
        {"metadata": {}, "nodeTopology": {"matchExpressions": [{"key": OS, "operator": "Exists"}]}},
        f"nodeTopology.matchExpressions[0].key: {OS} is {OLD_OS}",
    ),
    "nodes of a runtime class": (
        "runtimeclasses.node.k8s.io",
        {"metadata": {}, "scheduling": {"nodeSelector": {OS: "linux"}}},
        f"scheduling.nodeSelector: {OLD_OS}",
    ),
    "a node of a provider": (
        "nodes",
        {"metadata": {}, "spec": {"externalID": "a"}},
        "spec.externalID: this field is deprecated, and is unused by Kubernetes",
    ),
    "a node configured from afar": (
        "nodes",
        {"metadata": {}, "spec": {"configSource": {}}},
        "spec.configSource: the feature is removed",
    ),
    "a node's range of pods": (
        "nodes",
        {"metadata": {}, "spec": {"podCIDRs": ["fd00:0::/64"]}},
        'spec.podCIDRs[0]: IPv6 CIDR value "fd00:0::/64" should be in RFC 5952 canonical format ("fd00::/64")',
    ),
    "revisions without end": (
        "statefulsets.apps",
        {"metadata": {"name": "x"}, "spec": {"template": pod(), "revisionHistoryLimit": -1}},
        "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
    ),
    "more indexes than can be tracked": (
        "jobs.batch",
        {
            "metadata": {"name": "x"},
            "spec": {"template": pod(), "completionMode": "Indexed", "completions": 100001, "parallelism": 10001},
        },
        "spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be "
        "able to track completedIndexes when a big number of indexes fail",
    ),
    "a key pair that is none": (
        "secrets",
        {"metadata": {}, "type": "kubernetes.io/tls", "data": {"tls.crt": "eA==", "tls.key": "eA=="}},
        "tls: failed to find any PEM data in certificate input",
    ),
}


@pytest.mark.parametrize(("id", "obj", "said"), OTHERS.values(), ids=OTHERS)
def test_other_kinds_are_warned_about(id: str, obj: Object, said: str) -> None:
    assert warnings.of(id, obj, None) == [said]
