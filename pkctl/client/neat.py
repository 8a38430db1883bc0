"""An object as somebody would have written it: without what the cluster filled in, and without what defaulting would give back.

Applied to a fresh cluster, what is left makes the same object. Pure but for the kinds' rooms. Not here: printing.
"""

from __future__ import annotations

from pkctl.api import rooms
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kinds.table import Row

    Object = dict[str, Any]

METADATA = ("managedFields", "uid", "resourceVersion", "creationTimestamp", "generation", "selfLink", "deletionTimestamp",
            "deletionGracePeriodSeconds", "ownerReferences", "generateName")  # fmt: skip
"""What belongs to one object's life, owners among it: their uids mean nothing in another cluster."""

ANNOTATIONS = (
    "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/", "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/", "volume.kubernetes.io/", "volume.beta.kubernetes.io/storage-provisioner", "endpoints.kubernetes.io/",
    "rbac.authorization.kubernetes.io/autoupdate", "kubernetes.io/config.seen", "kubernetes.io/config.hash",
)  # fmt: skip
"""Annotations that controllers and clients write, or what they begin with."""

FINALIZERS = ("kubernetes.io/pvc-protection", "kubernetes.io/pv-protection", "foregroundDeletion", "orphan",
              "customresourcecleanup.apiextensions.k8s.io")  # fmt: skip
JOB_LABELS = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")
POD_LABELS = ("pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index")
TOKEN_VOLUME = "kube-api-access-"
TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
FREE = frozenset({"metadata", "apiVersion", "kind", "data", "binaryData", "stringData"})
"""Top-level fields that no defaulting fills."""


def neat(row: Row, obj: Object) -> Object:
    """A copy of what `get` gives, as lean as it can be."""
    lean: Object = meta.clone(obj)
    lean.pop("status", None)
    _metadata(lean)
    drop = DROPS.get(row.id)
    if drop is not None:
        drop(lean)
    return _lean(row, lean)


def _metadata(obj: Object) -> None:
    found = obj["metadata"]
    for name in METADATA:
        found.pop(name, None)
    _keep(found, "annotations", lambda name: not name.startswith(ANNOTATIONS))
    found["finalizers"] = [each for each in found.get("finalizers") or () if each not in FINALIZERS]
    if not found["finalizers"]:
        del found["finalizers"]


def _keep(holder: Object, field: str, wanted: Callable[[str], bool]) -> None:
    """Keep the wanted keys of a map, and the map if any is left."""
    kept = {name: value for name, value in (holder.get(field) or {}).items() if wanted(name)}
    if kept:
        holder[field] = kept
    else:
        holder.pop(field, None)


def _pod(obj: Object) -> None:
    spec = obj["spec"]
    for name in ("nodeName", "priority", "preemptionPolicy", "ephemeralContainers"):
        spec.pop(name, None)
    if spec.get("serviceAccountName") in ("default", None):
        spec.pop("serviceAccountName", None)
    spec.pop("serviceAccount", None)
    _without(spec, "volumes", lambda each: not each["name"].startswith(TOKEN_VOLUME))
    for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
        _without(container, "volumeMounts", lambda each: not each["name"].startswith(TOKEN_VOLUME))
    _without(spec, "tolerations", lambda each: not (each.get("key") in TAINTS and each.get("tolerationSeconds") == 300))
    _keep(obj["metadata"], "labels", lambda name: name not in (*POD_LABELS, *JOB_LABELS))


def _without(holder: Object, field: str, wanted: Callable[[Object], bool]) -> None:
    """Keep the wanted items of a list, and the list if any is left."""
    kept = [each for each in holder.get(field) or () if wanted(each)]
    if kept:
        holder[field] = kept
    else:
        holder.pop(field, None)


def _service(obj: Object) -> None:
    spec = obj["spec"]
    if spec.get("clusterIP") not in ("None", "", None):
        spec.pop("clusterIP")
    for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"):
        spec.pop(name, None)
    for port in spec.get("ports") or ():
        port.pop("nodePort", None)


def _claim(obj: Object) -> None:
    obj["spec"].pop("volumeName", None)


def _volume(obj: Object) -> None:
    claim = obj["spec"].get("claimRef") or {}
    for name in ("uid", "resourceVersion"):
        claim.pop(name, None)


def _job(obj: Object) -> None:
    if obj["spec"].get("manualSelector"):
        return
    obj["spec"].pop("selector", None)
    for holder in (obj["metadata"], meta.at(obj, "spec", "template", "metadata", default={})):
        _keep(holder, "labels", lambda name: name not in JOB_LABELS)


def _namespace(obj: Object) -> None:
    obj.pop("spec", None)
    _keep(obj["metadata"], "labels", lambda name: name != "kubernetes.io/metadata.name")


def _node(obj: Object) -> None:
    spec = obj.get("spec") or {}
    for name in ("podCIDR", "podCIDRs", "providerID"):
        spec.pop(name, None)
    _without(spec, "taints", lambda each: not str(each.get("key", "")).startswith("node.kubernetes.io/"))


DROPS: dict[str, Callable[[Object], None]] = {
    "pods": _pod, "services": _service, "persistentvolumeclaims": _claim, "persistentvolumes": _volume, "jobs.batch": _job,
    "namespaces": _namespace, "nodes": _node,
}  # fmt: skip
"""What admission, allocation and controllers write, by kind."""


def _defaulted(row: Row, obj: Object) -> Object:
    made: Object = meta.clone(obj)
    rooms.default(row, made)
    return made


def _lean(row: Row, obj: Object) -> Object:
    """Without every field that defaulting gives back: all likely ones at once, the others one by one."""
    whole = _defaulted(row, obj)
    lean: Object = _minus(obj, _defaulted(row, _skeleton(obj)))
    if _defaulted(row, lean) != whole:
        lean = meta.clone(obj)

    def is_spare() -> bool:
        return _defaulted(row, lean) == whole

    for name in [each for each in lean if each not in FREE]:
        _prune(lean, name, is_spare)
    return lean


def _skeleton(value: Any, top: bool = True) -> Any:
    """The same maps and lists with nothing in them but themselves, identity and what is free of defaults."""
    if isinstance(value, dict):
        kept = {name: _skeleton(each, False) for name, each in value.items() if isinstance(each, (dict, list)) or name == "name"}
        return {**kept, **{name: value[name] for name in FREE if name in value}} if top else kept
    if isinstance(value, list):
        return [_skeleton(each, False) if isinstance(each, dict) else each for each in value]
    return value


def _minus(value: Any, given: Any, top: bool = True) -> Any:
    """`value` without the scalars that `given` holds too."""
    if isinstance(value, list) and isinstance(given, list) and len(value) == len(given):
        return [_minus(each, other, False) for each, other in zip(value, given, strict=True)]
    if not isinstance(value, dict) or not isinstance(given, dict):
        return value
    left = {}
    for name, each in value.items():
        fixed = (top and name in FREE) or name in ("name", "key", "type")
        same = name in given and given[name] == each and not isinstance(each, (dict, list))
        if fixed or not same:
            left[name] = each if fixed or name not in given else _minus(each, given[name], False)
    return left


def _prune(holder: Any, place: Any, is_spare: Callable[[], bool]) -> None:
    """Drop `holder[place]`, or what is in it, as far as the whole stays the same."""
    value = holder[place]
    if isinstance(holder, dict) and _dropped(holder, place, is_spare):
        return
    if isinstance(value, dict):
        for name in list(value):
            _prune(value, name, is_spare)
        if not value and isinstance(holder, dict):
            _dropped(holder, place, is_spare)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if isinstance(each, (dict, list)):
                _prune(value, number, is_spare)


def _dropped(holder: Object, name: str, is_spare: Callable[[], bool]) -> bool:
    kept = dict(holder)
    del holder[name]
    if is_spare():
        return True
    holder.clear()
    holder.update(kept)
    return False
