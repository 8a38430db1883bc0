"""What a fresh cluster has beside namespaces and roles: what its API server says of itself, of flow control and of Service addresses.

Follows apiserver/pkg/apis/flowcontrol/bootstrap/default.go, pkg/controlplane/apiserver/aggregator.go and
pkg/controlplane/controller/{defaultservicecidr,kubernetesservice}. The first Service has ports but no endpoints: no server answers there.
"""

from __future__ import annotations

from pkctl.api import bootstrap_writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

FLOW = "flowcontrol.apiserver.k8s.io/v1"
KEPT = {"annotations": {"apf.kubernetes.io/autoupdate-spec": "true"}, "generation": 1}
LEVELS = {
    "system": (30, 33, 64, 6),
    "node-high": (40, 25, 64, 6),
    "leader-election": (10, 0, 16, 4),
    "workload-high": (40, 50, 128, 6),
    "workload-low": (100, 90, 128, 6),
    "global-default": (20, 50, 128, 6),
    "catch-all": (5, 0, 0, 0),
}
"""Concurrency shares, percent to lend, queues and hand size of each level of requests; without queues, requests are rejected."""

QUEUE_LENGTH = 50
ALL = "* | * | * | * | cluster"
EVERYONE = "Group system:unauthenticated, Group system:authenticated"
LEASES = "get create update | coordination.k8s.io | leases | *"
SCHEMAS: dict[str, tuple[str, int, str, str, tuple[str, ...]]] = {
    "exempt": ("exempt", 1, "", "Group system:masters", (ALL, "* | *")),
    "probes": ("exempt", 2, "", EVERYONE, ("get | /healthz /readyz /livez",)),
    "system-leader-election": (
        "leader-election",
        100,
        "ByUser",
        "User system:kube-controller-manager, User system:kube-scheduler, kube-system/*",
        ("get create update | core | endpoints configmaps | kube-system", LEASES),
    ),
    "endpoint-controller": (
        "workload-high",
        150,
        "ByUser",
        "User system:kube-controller-manager, kube-system/endpoint-controller, kube-system/endpointslicemirroring-controller",
        ("get create update | core | endpoints | *",),
    ),
    "workload-leader-election": (
        "leader-election",
        200,
        "ByUser",
        "kube-system/*",
        ("get create update | core | endpoints configmaps | *", LEASES),
    ),
    "system-node-high": (
        "node-high",
        400,
        "ByUser",
        "Group system:nodes",
        ("* | core | nodes nodes/status | * | cluster", "* | coordination.k8s.io | leases | *"),
    ),
    "system-nodes": ("system", 500, "ByUser", "Group system:nodes", (ALL, "* | *")),
    "kube-controller-manager": ("workload-high", 800, "ByNamespace", "User system:kube-controller-manager", (ALL, "* | *")),
    "kube-scheduler": ("workload-high", 800, "ByNamespace", "User system:kube-scheduler", (ALL, "* | *")),
    "kube-system-service-accounts": ("workload-high", 900, "ByNamespace", "kube-system/*", (ALL, "* | *")),
    "service-accounts": ("workload-low", 9000, "ByUser", "Group system:serviceaccounts", (ALL, "* | *")),
    "global-default": ("global-default", 9900, "ByUser", EVERYONE, (ALL, "* | *")),
    "catch-all": ("catch-all", 10000, "ByUser", EVERYONE, (ALL, "* | *")),
}
"""Level, precedence, distinguisher, subjects and rules of each schema: VERBS | URLS or VERBS | GROUPS | RESOURCES | NAMESPACES."""

SERVED = {
    "": (18000, "v1 1"),
    "events.k8s.io": (17750, "v1 15"),
    "authentication.k8s.io": (17700, "v1 15"),
    "authorization.k8s.io": (17600, "v1 15"),
    "apps": (17800, "v1 15"),
    "autoscaling": (17500, "v1 15 v2 30"),
    "batch": (17400, "v1 15"),
    "certificates.k8s.io": (17300, "v1 15"),
    "networking.k8s.io": (17200, "v1 15"),
    "policy": (17100, "v1 15"),
    "rbac.authorization.k8s.io": (17000, "v1 15"),
    "storage.k8s.io": (16800, "v1 15"),
    "apiextensions.k8s.io": (16700, "v1 15"),
    "admissionregistration.k8s.io": (16700, "v1 15"),
    "scheduling.k8s.io": (16600, "v1 15"),
    "coordination.k8s.io": (16500, "v1 15"),
    "node.k8s.io": (16300, "v1 15"),
    "discovery.k8s.io": (16200, "v1 15"),
    "resource.k8s.io": (16200, "v1 20"),
    "flowcontrol.apiserver.k8s.io": (16100, "v1 21"),
}
"""The priority of each group of the API, and of each of its versions."""

SERVICE, PORT = "default/kubernetes", {"name": "https", "port": 6443, "protocol": "TCP"}
CIDR_FINALIZER = "networking.k8s.io/service-cidr-finalizer"
ALLOCATED = {"ipaddress.kubernetes.io/ip-family": "IPv4", "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io"}
TRACKING = "kube-system/kube-apiserver-legacy-service-account-token-tracking"


def fill(session: Session, cluster: str, cidr: str, address: str) -> None:
    """Write them all into the store of a cluster with this id, whose first Service has this address."""
    from pkctl.api import metadata

    created = metadata.now(session)
    bootstrap_writes.put(session, flow_control(cluster, created))
    bootstrap_writes.put(session, api_services(cluster, created))
    bootstrap_writes.put(session, network(cluster, created, cidr, address))
    tracking = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"since": created[:10]}}
    bootstrap_writes.put(session, [{**tracking, "metadata": bootstrap_writes.metadata(TRACKING, "tracking", cluster, created)}])


def flow_control(cluster: str, created: str) -> Iterator[Object]:
    """Every PriorityLevelConfiguration, then every FlowSchema."""
    made = {"apiVersion": FLOW, "kind": "PriorityLevelConfiguration"}
    exempt = {"type": "Exempt", "exempt": {"nominalConcurrencyShares": 0, "lendablePercent": 0}}
    for name, spec in {"exempt": exempt, **{name: _limited(*numbers) for name, numbers in LEVELS.items()}}.items():
        yield {**made, "metadata": bootstrap_writes.metadata(name, "level", cluster, created, **KEPT), "spec": spec, "status": {}}
    for name, (level, precedence, method, subjects, rules) in SCHEMAS.items():
        text = f'This FlowSchema references the PriorityLevelConfiguration object named "{level}" and it exists'
        found = {"type": "Dangling", "status": "False", "lastTransitionTime": created, "reason": "Found", "message": text}
        yield {
            "apiVersion": FLOW,
            "kind": "FlowSchema",
            "metadata": bootstrap_writes.metadata(name, "schema", cluster, created, **KEPT),
            "spec": {
                "priorityLevelConfiguration": {"name": level},
                "matchingPrecedence": precedence,
                **({"distinguisherMethod": {"type": method}} if method else {}),
                "rules": [{"subjects": [_subject(text) for text in subjects.split(", ")], **_rules(rules)}],
            },
            "status": {"conditions": [found]},
        }


def _limited(shares: int, lent: int, queues: int, hand: int) -> Object:
    queuing = {"queues": queues, "handSize": hand, "queueLengthLimit": QUEUE_LENGTH}
    response = {"type": "Queue", "queuing": queuing} if queues else {"type": "Reject"}
    return {"type": "Limited", "limited": {"nominalConcurrencyShares": shares, "limitResponse": response, "lendablePercent": lent}}


def _subject(text: str) -> Object:
    """`User NAME`, `Group NAME`, or NAMESPACE/NAME of an account."""
    kind, _, name = text.partition(" ")
    if name:
        return {"kind": kind, kind.lower(): {"name": name}}
    namespace, _, name = text.partition("/")
    return {"kind": "ServiceAccount", "serviceAccount": {"namespace": namespace, "name": name}}


def _rules(texts: tuple[str, ...]) -> Object:
    found: dict[str, list[Any]] = {}
    for text in texts:
        verbs, *rest = (part.split() for part in text.split(" | "))
        if len(rest) == 1:
            found.setdefault("nonResourceRules", []).append({"verbs": verbs, "nonResourceURLs": rest[0]})
            continue
        groups = ["" if group == "core" else group for group in rest[0]]
        rule: Object = {"verbs": verbs, "apiGroups": groups, "resources": rest[1], "namespaces": rest[2]}
        found.setdefault("resourceRules", []).append({**rule, "clusterScope": True} if rest[3:] else rule)
    return found


def api_services(cluster: str, created: str) -> Iterator[Object]:
    """An APIService for each version of each group that pkctl itself serves."""
    from pkctl.kinds import apiservices

    labels = {"kube-aggregator.kubernetes.io/automanaged": "onstart"}
    for group, (minimum, versions) in SERVED.items():
        words = versions.split()
        for version, priority in zip(words[::2], words[1::2], strict=True):
            spec: Object = {"version": version, "groupPriorityMinimum": minimum, "versionPriority": int(priority)}
            yield {
                "apiVersion": "apiregistration.k8s.io/v1",
                "kind": "APIService",
                "metadata": bootstrap_writes.metadata(f"{version}.{group}", "apiservice", cluster, created, labels=labels),
                "spec": {"group": group, **spec} if group else spec,
                "status": {"conditions": [{**apiservices.LOCAL, "lastTransitionTime": created}]},
            }


def network(cluster: str, created: str, cidr: str, address: str) -> Iterator[Object]:
    """The range of Service addresses, the first of them, and where the first Service leads: nowhere yet."""
    ready = {"type": "Ready", "status": "True", "lastTransitionTime": created, "reason": ""}
    yield {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "ServiceCIDR",
        "metadata": bootstrap_writes.metadata("kubernetes", "cidr", cluster, created, finalizers=[CIDR_FINALIZER]),
        "spec": {"cidrs": [cidr]},
        "status": {"conditions": [{**ready, "message": "Kubernetes default Service CIDR is ready"}]},
    }
    yield {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "IPAddress",
        "metadata": bootstrap_writes.metadata(address, "address", cluster, created, labels=ALLOCATED),
        "spec": {"parentRef": {"resource": "services", "namespace": "default", "name": "kubernetes"}},
    }
    yield {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": bootstrap_writes.metadata(
            SERVICE, "endpoints", cluster, created, labels={"endpointslice.kubernetes.io/skip-mirror": "true"}
        ),
    }
    labels = {"kubernetes.io/service-name": "kubernetes"}
    yield {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": bootstrap_writes.metadata(SERVICE, "slice", cluster, created, labels=labels, generation=1),
        "addressType": "IPv4",
        "endpoints": [],
        "ports": [PORT],
    }
