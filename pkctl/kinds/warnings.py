"""What a kind's objects are warned about although they are valid, where more than one kind shares the rule.

Follows the strategies' WarningsOnCreate and WarningsOnUpdate and pkg/api/*/warnings.go. A room may add its own by `warn`.
"""

from __future__ import annotations

from pkctl.kinds.podspec import warnings as podwarnings
from pkctl.objects import meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.objects.meta import Object

    Say = Callable[[Object, "Object | None"], Iterator[str]]

TEMPLATES: dict[str, tuple[str, ...]] = {
    "cronjobs.batch": ("spec", "jobTemplate", "spec", "template"),
    "daemonsets.apps": ("spec", "template"),
    "deployments.apps": ("spec", "template"),
    "jobs.batch": ("spec", "template"),
    "podtemplates": ("template",),
    "replicasets.apps": ("spec", "template"),
    "replicationcontrollers": ("spec", "template"),
    "statefulsets.apps": ("spec", "template"),
}
"""Where a kind keeps its pod template."""

NAMES_PODS = frozenset(TEMPLATES) - {"daemonsets.apps", "podtemplates"}
HOST = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: {}"
HOSTS = "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: {}"
JOBS = {"cronjobs.batch": ("spec", "jobTemplate", "spec"), "jobs.batch": ("spec",)}
MANY_INDEXES = (
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to "
    "track completedIndexes when a big number of indexes fail"
)
ALL_REVISIONS = "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"
ZONE = (
    "CRON_TZ or TZ used in spec.spec.schedule is not officially supported, see "
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
)
CLASS = "volume.beta.kubernetes.io/storage-class"
OLD_CLASS = f'metadata.annotations[{CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead'
RECYCLE = (
    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic "
    "provisioning."
)
MOUNTABLE = "kubernetes.io/enforce-mountable-secrets"
OLD_MOUNTABLE = f"metadata.annotations[{MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets"
INGRESS_CLASS = "kubernetes.io/ingress.class"
OLD_INGRESS_CLASS = f"annotation \"{INGRESS_CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"
HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"


def of(id: str, new: Object, old: Object | None) -> list[str]:
    """The texts for an object of a kind, as created (`old` is None) or updated."""
    if id in TEMPLATES:
        return list(_templated(id, new, old))
    say = SAY.get(id)
    return list(say(new, old)) if say else []


def template(id: str, obj: Object | None) -> Object:
    """The pod template of an object, {} when it has none."""
    found: Object = meta.at(obj or {}, *TEMPLATES[id], default={})
    return found


def _templated(id: str, new: Object, old: Object | None) -> Iterator[str]:
    if old is None and id in NAMES_PODS:
        yield from _host_name(new, HOSTS)
    if id in JOBS:
        yield from _indexed(meta.at(new, *JOBS[id], default={}), ".".join(JOBS[id]))
    if old is None or template(id, new) != template(id, old):
        yield from podwarnings.pod(template(id, new), ".".join(TEMPLATES[id]))
    if id == "statefulsets.apps":
        for number, claim in enumerate(meta.at(new, "spec", "volumeClaimTemplates", default=())):
            yield from podwarnings.claim_spec(claim.get("spec") or {}, f"spec.volumeClaimTemplates[{number}].Spec")
        if (meta.at(new, "spec", "revisionHistoryLimit") or 0) < 0:
            yield ALL_REVISIONS
    if id == "cronjobs.batch" and "TZ" in (meta.at(new, "spec", "schedule") or ""):
        yield ZONE


def _indexed(spec: Object, at: str) -> Iterator[str]:
    """A Job of so many indexes that those which failed can't be told any more."""
    if spec.get("completionMode") == "Indexed" and (spec.get("completions") or 0) > 10**5 and (spec.get("parallelism") or 0) > 10**4:
        yield f"{at}: {MANY_INDEXES}"


def _host_name(new: Object, text: str) -> Iterator[str]:
    if wrong := names.dns_label(meta.name(new)):
        yield text.format(f"[{' '.join(wrong)}]")


def _pod(new: Object, old: Object | None) -> Iterator[str]:
    if old is None:
        yield from _host_name(new, HOST)
    yield from podwarnings.pod(new)


def _service(new: Object, _old: Object | None) -> Iterator[str]:
    from pkctl.objects import addresses

    spec = new.get("spec") or {}
    kind, outside = spec.get("type", "ClusterIP"), spec.get("externalIPs") or ()
    is_headless = kind == "ClusterIP" and spec.get("clusterIP") == "None"
    if HINTS in meta.annotations(new):
        yield f"annotation {HINTS} is deprecated, please use {MODE} instead"
    if kind != "ExternalName" and not is_headless:
        for number, address in enumerate(spec.get("clusterIPs") or ()):
            yield from addresses.ip_forms(address, f"spec.clusterIPs[{number}]")
    if is_headless:
        yield from _headless(spec)
    for number, address in enumerate(outside):
        yield from addresses.ip_forms(address, f"spec.externalIPs[{number}]")
    if outside and not is_headless and kind != "ExternalName":
        yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    if spec.get("loadBalancerIP"):
        yield from addresses.ip_forms(spec["loadBalancerIP"], "spec.loadBalancerIP")
    for number, each in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        yield from addresses.cidr_forms(each, f"spec.loadBalancerSourceRanges[{number}]")
    if kind == "ExternalName" and outside:
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if kind != "ExternalName" and spec.get("externalName"):
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if spec.get("trafficDistribution") == "PreferClose":
        yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def _headless(spec: Object) -> Iterator[str]:
    if spec.get("loadBalancerIP"):
        yield "spec.loadBalancerIP is ignored for headless services"
    if spec.get("externalIPs"):
        yield "spec.externalIPs is ignored for headless services"
    if spec.get("sessionAffinity", "None") != "None":
        yield "spec.SessionAffinity is ignored for headless services"


def _ingress(new: Object, _old: Object | None) -> Iterator[str]:
    if INGRESS_CLASS in meta.annotations(new):
        yield OLD_INGRESS_CLASS


def _claim(new: Object, _old: Object | None) -> Iterator[str]:
    if CLASS in meta.annotations(new):
        yield OLD_CLASS
    yield from podwarnings.claim_spec(new.get("spec") or {}, "spec")


def _volume(new: Object, _old: Object | None) -> Iterator[str]:
    spec = new.get("spec") or {}
    if CLASS in meta.annotations(new):
        yield OLD_CLASS
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        yield RECYCLE
    for kind, text in podwarnings.VOLUMES.items():
        if spec.get(kind) is not None and kind != "gitRepo":
            yield f"spec.{'storageOS' if kind == 'storageos' else kind}: {text}"
    for number, term in enumerate(meta.at(spec, "nodeAffinity", "required", "nodeSelectorTerms", default=())):
        yield from podwarnings.node_term(term, f"spec.nodeAffinity.required.nodeSelectorTerms[{number}]")


def _storage_class(new: Object, _old: Object | None) -> Iterator[str]:
    for number, topology in enumerate(new.get("allowedTopologies") or ()):
        for place, expression in enumerate(topology.get("matchLabelExpressions") or ()):
            if (key := expression.get("key")) in podwarnings.NODE_LABELS:
                field = f"allowedTopologies[{number}].matchLabelExpressions[{place}].key"
                yield f"{field}: {key} is {podwarnings.NODE_LABELS[key]}"


def _account(new: Object, old: Object | None) -> Iterator[str]:
    if MOUNTABLE in meta.annotations(new) and MOUNTABLE not in meta.annotations(old or {}):
        yield OLD_MOUNTABLE


def _node(new: Object, _old: Object | None) -> Iterator[str]:
    from pkctl.objects import addresses

    spec = new.get("spec") or {}
    if spec.get("configSource") is not None:
        yield "spec.configSource: the feature is removed"
    if spec.get("externalID"):
        yield "spec.externalID: this field is deprecated, and is unused by Kubernetes"
    for number, each in enumerate(spec.get("podCIDRs") or ()):
        yield from addresses.cidr_forms(each, f"spec.podCIDRs[{number}]")


def _runtime_class(new: Object, _old: Object | None) -> Iterator[str]:
    for key in sorted(meta.at(new, "scheduling", "nodeSelector", default={})):
        if key in podwarnings.NODE_LABELS:
            yield f"scheduling.nodeSelector: {podwarnings.NODE_LABELS[key]}"


def _capacity(new: Object, _old: Object | None) -> Iterator[str]:
    selector = new.get("nodeTopology") or {}
    yield from podwarnings.node_term(selector, "nodeTopology")
    for key in sorted(selector.get("matchLabels") or ()):
        if key in podwarnings.NODE_LABELS:
            yield f"nodeTopology.matchLabels.{key}: {podwarnings.NODE_LABELS[key]}"


def _secret(new: Object, _old: Object | None) -> Iterator[str]:
    if new.get("type") == "kubernetes.io/tls":
        from pkctl.kinds import keypairs

        held = new.get("data") or {}
        if problem := keypairs.problem(held.get("tls.crt") or "", held.get("tls.key") or ""):
            yield problem


SAY: dict[str, Say] = {
    "csistoragecapacities.storage.k8s.io": _capacity,
    "ingresses.networking.k8s.io": _ingress,
    "nodes": _node,
    "persistentvolumeclaims": _claim,
    "persistentvolumes": _volume,
    "pods": _pod,
    "runtimeclasses.node.k8s.io": _runtime_class,
    "secrets": _secret,
    "serviceaccounts": _account,
    "services": _service,
    "storageclasses.storage.k8s.io": _storage_class,
}
