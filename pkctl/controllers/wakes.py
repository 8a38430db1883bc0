"""From a changed object to the keys that must be looked at again.

A wake function is given a view (as of after the change) and the object as it was or as it is, and yields keys of its controller's
primary kind; the engine calls it for both. Yielding too much costs time, yielding too little loses changes.
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.objects import meta, owners, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pkctl.objects.meta import Object

    Wake = Callable[[plan.View, Object], Iterable[plan.Key]]


def itself(_view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The object's own key."""
    yield meta.key(obj)


def ending(_view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The key of an object on its way out."""
    if meta.is_deleting(obj):
        yield meta.key(obj)


def its_namespace(_view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The namespace it is in."""
    yield "", meta.namespace(obj)


def owner(kind: str, name: str) -> Wake:
    """The controlling owner, if that is a `kind`; with none, every object of kind id `name` whose selector matches."""

    def wake(view: plan.View, obj: Object) -> Iterable[plan.Key]:
        reference = owners.controller(obj)
        if reference is not None:
            if reference.get("kind") == kind:
                yield meta.namespace(obj), reference["name"]
            return
        for candidate in view.list(name, meta.namespace(obj)):
            if _selects(candidate, meta.labels(obj)):
                yield meta.key(candidate)

    return wake


def _selects(obj: Object, labels: dict[str, str]) -> bool:
    selector = meta.at(obj, "spec", "selector", default={})
    if not selector:
        return False
    if "matchLabels" in selector or "matchExpressions" in selector:
        return selectors.matches(selector, labels)
    return bool(selector.items() <= labels.items())


def recreating_deployment(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """For a pod that is over: the Deployment that waits for its old pods to end."""
    reference = owners.controller(pod)
    if reference is None or reference.get("kind") != "ReplicaSet" or _runs(view, pod):
        return
    found = view.get("replicasets.apps", meta.namespace(pod), reference["name"])
    above = owners.controller(found) if found else None
    if above is None or above.get("kind") != "Deployment":
        return
    deployment = view.get("deployments.apps", meta.namespace(pod), above["name"])
    if meta.at(deployment or {}, "spec", "strategy", "type") == "Recreate":
        yield meta.namespace(pod), above["name"]


def _runs(view: plan.View, pod: Object) -> bool:
    if meta.at(pod, "status", "phase") in ("Succeeded", "Failed"):
        return False
    current = view.get("pods", *meta.key(pod))
    return current is not None and meta.uid(current) == meta.uid(pod)


def services_of_pod(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """The services that select a pod."""
    labels = meta.labels(pod)
    for service in view.list("services", meta.namespace(pod)):
        wanted = meta.at(service, "spec", "selector", default={})
        if wanted and wanted.items() <= labels.items():
            yield meta.key(service)


def service_of_slice(_view: plan.View, slice: Object) -> Iterable[plan.Key]:
    """The service (or hand-made Endpoints) an EndpointSlice belongs to."""
    if name := meta.labels(slice).get("kubernetes.io/service-name"):
        yield meta.namespace(slice), name


def unscheduled(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """A pod without a node; for one that has a node and lets go of it, or that others want to be near, the pods that wait."""
    if not meta.at(pod, "spec", "nodeName"):
        if not meta.is_deleting(pod):
            yield meta.key(pod)
        return
    gone = not _runs(view, pod)
    for key, wants_company in waiting_pods(view).items():
        if gone or wants_company:
            yield key


def waiting_for_nodes(view: plan.View, _obj: Object) -> Iterable[plan.Key]:
    """Every pod that found no node."""
    return list(waiting_pods(view))


def waiting_pods(view: plan.View) -> dict[plan.Key, bool]:
    """The pods that found no node when last tried, and whether they want to be near other pods."""

    def build() -> dict[plan.Key, bool]:
        value: dict[plan.Key, bool] = {}
        for pod in view.list("pods"):
            _follow_waiting(value, None, pod)
        return value

    found: dict[plan.Key, bool] = view.memo("scheduler/waiting", ("pods",), build, _follow_waiting)
    return found


def _follow_waiting(value: dict[plan.Key, bool], old: Object | None, new: Object | None) -> None:
    if old is not None:
        value.pop(meta.key(old), None)
    if new is not None and not meta.at(new, "spec", "nodeName") and writes.is_active(new) and meta.condition(new, "PodScheduled"):
        value[meta.key(new)] = bool(meta.at(new, "spec", "affinity", "podAffinity"))


def node_of_lease(_view: plan.View, lease: Object) -> Iterable[plan.Key]:
    """The node whose lease this is."""
    if meta.namespace(lease) == "kube-node-lease":
        yield "", meta.name(lease)


def node_of_pod(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """A pod's node when the node is in trouble, for eviction of pods that came late."""
    name = meta.at(pod, "spec", "nodeName")
    node = view.get("nodes", "", name) if name else None
    if node is not None and meta.at(node, "spec", "taints"):
        yield "", name


def ending_namespace(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The object's namespace while it is being emptied."""
    name = meta.namespace(obj)
    found = view.get("namespaces", "", name) if name else None
    if found is not None and meta.is_deleting(found):
        yield "", name


def root_ca(_view: plan.View, configmap: Object) -> Iterable[plan.Key]:
    """The namespace of a `kube-root-ca.crt`."""
    if meta.name(configmap) == "kube-root-ca.crt":
        yield "", meta.namespace(configmap)


def garbage(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """What the garbage collector must look at; that is part of its own knowledge."""
    from pkctl.controllers import garbage as collector

    return collector.wake(view, obj)


def roles_made_of(view: plan.View, role: Object) -> Iterable[plan.Key]:
    """The role and those that are made of it; that is part of aggregation's own knowledge."""
    from pkctl.controllers import clusterroles

    return clusterroles.wake(view, role)


def quotas_that_count(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """The quotas of an object's namespace that count it; that is part of counting's own knowledge."""
    from pkctl.controllers import resourcequotas

    return resourcequotas.wake(view, obj)


def budgets_of_pod(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """The disruption budgets that select a pod."""
    for budget in view.list("poddisruptionbudgets.policy", meta.namespace(pod)):
        if selectors.matches(meta.at(budget, "spec", "selector"), meta.labels(pod)):
            yield meta.key(budget)


def addresses_of_service(_view: plan.View, service: Object) -> Iterable[plan.Key]:
    """The addresses that a Service has."""
    for address in meta.at(service, "spec", "clusterIPs", default=()):
        if address != "None":
            yield "", address


def disrupted(_view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """A pod that is marked as about to be disrupted."""
    if meta.is_true(pod, "DisruptionTarget"):
        yield meta.key(pod)


def account_secret(_view: plan.View, secret: Object) -> Iterable[plan.Key]:
    """The Secret itself, if it is to hold an account's token."""
    if secret.get("type") == "kubernetes.io/service-account-token":
        yield meta.key(secret)


def secrets_of_account(view: plan.View, account: Object) -> Iterable[plan.Key]:
    """The Secrets that held tokens of an account which is gone."""
    from pkctl.controllers import serviceaccounttokens

    return serviceaccounttokens.wake(view, account)


def claims_of_pod(_view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """The PersistentVolumeClaims a pod uses."""
    for volume in meta.at(pod, "spec", "volumes", default=[]):
        if name := meta.at(volume, "persistentVolumeClaim", "claimName"):
            yield meta.namespace(pod), name
        elif "ephemeral" in volume:
            yield meta.namespace(pod), f"{meta.name(pod)}-{volume['name']}"


def ending_claims_of_pod(view: plan.View, pod: Object) -> Iterable[plan.Key]:
    """The PersistentVolumeClaims on their way out that a pod uses."""
    yield from (key for key in claims_of_pod(view, pod) if meta.is_deleting(view.get("persistentvolumeclaims", *key) or {}))


def claim_of_volume(_view: plan.View, volume: Object) -> Iterable[plan.Key]:
    """The PersistentVolumeClaim a PersistentVolume is bound to."""
    reference = meta.at(volume, "spec", "claimRef")
    if reference:
        yield reference.get("namespace", ""), reference.get("name", "")


def volume_of_claim(_view: plan.View, claim: Object) -> Iterable[plan.Key]:
    """The PersistentVolume a claim is bound to."""
    if name := meta.at(claim, "spec", "volumeName"):
        yield "", name


def ending_volume_of_claim(view: plan.View, claim: Object) -> Iterable[plan.Key]:
    """The PersistentVolume a claim is bound to, if that is on its way out."""
    yield from (key for key in volume_of_claim(view, claim) if meta.is_deleting(view.get("persistentvolumes", *key) or {}))


def set_of_claim(view: plan.View, claim: Object) -> Iterable[plan.Key]:
    """The StatefulSets of a claim's namespace whose templates may have made it."""
    for one in view.list("statefulsets.apps", meta.namespace(claim)):
        names = [meta.name(template) for template in meta.at(one, "spec", "volumeClaimTemplates", default=[])]
        if any(meta.name(claim).startswith(f"{name}-{meta.name(one)}-") for name in names):
            yield meta.key(one)
