"""What one object uses of a namespace's quota, by resource name; and whether a quota's scopes take a pod in.

Follows pkg/quota/v1/evaluator/core of Kubernetes.
"""

from __future__ import annotations

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

    Usage = dict[str, str]

NAMED = frozenset({
    "configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services",
})  # fmt: skip
"""Kinds counted under their own name as well as under `count/`."""

ENDED = ("Failed", "Succeeded")
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"


def of(id: str, obj: Object) -> Usage:
    """Everything a quota could count of the object."""
    found = {f"count/{id}": "1"}
    if id in NAMED and id != "pods":
        found[id] = "1"
    if id == "pods":
        return found | _pod(obj)
    if id == "services":
        return found | _service(obj)
    return found | _claim(obj) if id == "persistentvolumeclaims" else found


def _pod(pod: Object) -> Usage:
    """A pod that has ended uses nothing but its place in the store."""
    if meta.at(pod, "status", "phase") in ENDED:
        return {}
    from pkctl.kinds.podspec import requests

    found = {"pods": "1"}
    for name, amount in requests.requests(pod["spec"]).items():
        shown = requests.shown(amount)
        found |= {name: shown, f"requests.{name}": shown}
    for name, amount in requests.limits(pod["spec"]).items():
        found[f"limits.{name}"] = requests.shown(amount)
    return found


def _service(service: Object) -> Usage:
    spec = service.get("spec") or {}
    ports = len(spec.get("ports") or ())
    found = {}
    if spec.get("type") == "LoadBalancer":
        found["services.loadbalancers"] = "1"
    if spec.get("type") == "NodePort" or (spec.get("type") == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is not False):
        found["services.nodeports"] = str(ports)
    return found


def _claim(claim: Object) -> Usage:
    storage = meta.at(claim, "spec", "resources", "requests", "storage", default="0")
    found = {"requests.storage": storage}
    name = meta.annotations(claim).get(OLD_CLASS) or meta.at(claim, "spec", "storageClassName", default="")
    if name:
        prefix = f"{name}.storageclass.storage.k8s.io"
        found |= {f"{prefix}/requests.storage": storage, f"{prefix}/persistentvolumeclaims": "1"}
    return found


def in_scope(pod: Object, quota: Object) -> bool:
    """Whether all of the quota's scopes take the pod in."""
    spec = quota.get("spec") or {}
    scopes = [{"scopeName": name, "operator": "Exists"} for name in spec.get("scopes") or ()]
    return all(_matches(pod, each) for each in [*scopes, *meta.at(spec, "scopeSelector", "matchExpressions", default=())])


def _matches(pod: Object, scope: Object) -> bool:
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
