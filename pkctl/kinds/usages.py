"""What one object uses of a namespace's quota, by resource name; and whether a quota's scopes take an object in.

Follows pkg/quota/v1/evaluator/core of Kubernetes. Not here: adding up and refusing (`api.admission.quotas`, `controllers.resourcequotas`).
"""

from __future__ import annotations

from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

    Usage = dict[str, str]

NAMED = frozenset({
    "configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services",
})  # fmt: skip
"""Kinds counted under their own name as well as under `count/`."""

PREFIXES = (
    ("services.", "services"),
    ("requests.storage", "persistentvolumeclaims"),
    ("requests.", "pods"),
    ("limits.", "pods"),
    ("hugepages-", "pods"),
)
"""What the names of a quota's resources begin with, and the kind they count; the first that fits."""

COMPUTE = ("cpu", "memory", "ephemeral-storage")
CLASS = ".storageclass.storage.k8s.io/"
ENDED = ("Failed", "Succeeded")
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"


def kind(name: str) -> str:
    """The id of the kind that a resource of a quota counts, "" for a name that nothing is counted under."""
    if name.startswith("count/"):
        return name[len("count/") :]
    if name in NAMED:
        return name
    if CLASS in name:
        return "persistentvolumeclaims"
    return "pods" if name in COMPUTE else next((id for prefix, id in PREFIXES if name.startswith(prefix)), "")


def of(id: str, obj: Object, now: float) -> Usage:
    """Everything a quota could count of the object at a time."""
    found = {f"count/{id}": "1"}
    if id in NAMED and id != "pods":
        found[id] = "1"
    if id == "pods":
        return found | _pod(obj, now)
    if id == "services":
        return found | _service(obj)
    return found | _claim(obj) if id == "persistentvolumeclaims" else found


def _pod(pod: Object, now: float) -> Usage:
    """A pod that has ended, or should long be gone, uses nothing but its place in the store."""
    if meta.at(pod, "status", "phase") in ENDED or overdue(pod) < now:
        return {}
    from pkctl.kinds.podspec import requests

    found = {"pods": "1"}
    for name, amount in requests.requests(pod["spec"]).items():
        shown = requests.shown(amount)
        found[f"requests.{name}"] = shown
        if "/" not in name:
            found[name] = shown
    for name, amount in requests.limits(pod["spec"]).items():
        if name in COMPUTE:
            found[f"limits.{name}"] = requests.shown(amount)
    return found


def overdue(pod: Object) -> float:
    """When a pod that is being deleted has had its grace: QuotaV1Pod; never for any other."""
    grace = meta.at(pod, "metadata", "deletionGracePeriodSeconds")
    return times.parse(pod["metadata"]["deletionTimestamp"]) + float(grace) if meta.is_deleting(pod) and grace is not None else float("inf")


def _service(service: Object) -> Usage:
    spec = service.get("spec") or {}
    ports = spec.get("ports") or []
    if spec.get("type") == "NodePort":
        return {"services.nodeports": str(len(ports))}
    if spec.get("type") != "LoadBalancer":
        return {}
    if spec.get("allocateLoadBalancerNodePorts") is False:
        ports = [port for port in ports if port.get("nodePort")]
    return {"services.loadbalancers": "1", "services.nodeports": str(len(ports))}


def _claim(claim: Object) -> Usage:
    storage = meta.at(claim, "spec", "resources", "requests", "storage", default="0")
    found = {"requests.storage": storage}
    name = meta.annotations(claim).get(OLD_CLASS) or meta.at(claim, "spec", "storageClassName", default="")
    if name:
        prefix = f"{name}.storageclass.storage.k8s.io"
        found |= {f"{prefix}/requests.storage": storage, f"{prefix}/persistentvolumeclaims": "1"}
    return found


def in_scope(id: str, obj: Object, quota: Object) -> bool:
    """Whether all of the quota's scopes take the object in; no scope takes in what is neither a pod nor a claim."""
    spec = quota.get("spec") or {}
    scopes = [{"scopeName": name, "operator": "Exists"} for name in spec.get("scopes") or ()]
    return all(_matches(id, obj, each) for each in [*scopes, *meta.at(spec, "scopeSelector", "matchExpressions", default=())])


def _matches(id: str, obj: Object, scope: Object) -> bool:
    if id == "persistentvolumeclaims":
        return scope.get("scopeName") == "VolumeAttributesClass" and _claim_matches(obj, scope)
    return id == "pods" and _pod_matches(obj, scope)


def _claim_matches(claim: Object, scope: Object) -> bool:
    """One of the classes that a claim has, wants or is getting."""
    status = claim.get("status") or {}
    places = (meta.at(claim, "spec", "volumeAttributesClassName"), status.get("currentVolumeAttributesClassName"),
              meta.at(status, "modifyVolumeStatus", "targetVolumeAttributesClassName"))  # fmt: skip
    names = [name for name in places if name]
    return any(_by_class(name, scope) for name in names or [""])


def _pod_matches(pod: Object, scope: Object) -> bool:
    name = scope.get("scopeName")
    if name == "PriorityClass":
        return _by_class(meta.at(pod, "spec", "priorityClassName", default=""), scope)
    if name in ("Terminating", "NotTerminating"):
        ends = meta.at(pod, "spec", "activeDeadlineSeconds") is not None
        return bool(ends == (name == "Terminating"))
    if name in ("BestEffort", "NotBestEffort"):
        from pkctl.kinds.podspec import requests

        return bool((requests.qos_class(pod["spec"]) == "BestEffort") == (name == "BestEffort"))
    return bool(name == "CrossNamespacePodAffinity" and _reaches_out(pod))


def _by_class(priority: str, scope: Object) -> bool:
    operator: str = scope.get("operator", "Exists")
    values: list[str] = scope.get("values") or []
    if operator in ("Exists", "DoesNotExist"):
        return bool(priority) == (operator == "Exists")
    return (priority in values) == (operator == "In")


def _reaches_out(pod: Object) -> bool:
    """Whether a pod (anti-)affinity term looks into other namespaces."""
    for part in ("podAffinity", "podAntiAffinity"):
        rules = meta.at(pod, "spec", "affinity", part, default={})
        soft = [each.get("podAffinityTerm") or {} for each in rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ()]
        for term in [*(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ()), *soft]:
            if term.get("namespaces") or term.get("namespaceSelector") is not None:
                return True
    return False
