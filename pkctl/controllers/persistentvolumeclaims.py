"""Claims of the class `local` (provisioner pkctl.dev/local): bound when their first pod has a node, to a directory of that node.

Follows the behaviour of pkg/controller/volume/persistentvolume with volumeBindingMode WaitForFirstConsumer and a local provisioner.
Claims of any other class are left to their own provisioners, and said to wait for one. Not here: when a claim on its way out may go
(`claimprotection`).
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.objects import meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND, VOLUMES = "persistentvolumeclaims", "persistentvolumes"
SOURCE, PROVISIONER = "persistentvolume-controller", "pkctl.dev/local"
CLASS, SELECTED = "local", "volume.kubernetes.io/selected-node"
DEFAULT_MARK = "storageclass.kubernetes.io/is-default-class"
DIRECTORY = "/var/lib/pkctl/volumes"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bind one claim, or follow the volume it is bound to."""
    claim = view.get(KIND, *key)
    if claim is None:
        return plan.Plan()
    if meta.is_deleting(claim):
        return plan.Plan(notes={f"claim/{meta.uid(claim)}": None})
    name = meta.at(claim, "spec", "volumeName", default="")
    if name:
        return _follow(claim, view.get(VOLUMES, "", name))
    if _class(view, claim) != CLASS:
        text = f'no volume plugin of pkctl makes volumes of the class "{_class(view, claim)}"'
        return _waiting(view, claim, "Warning", "ProvisioningFailed", text)
    node = _first_node(view, claim)
    if not node:
        return _waiting(view, claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding")
    return _bound(view, claim, node)


def _class(view: plan.View, claim: Object) -> str:
    """The claim's class; without one the default class, and where no class exists at all, ours."""
    named = meta.at(claim, "spec", "storageClassName")
    if named is not None:
        found = view.get("storageclasses.storage.k8s.io", "", named)
        return CLASS if found is not None and found.get("provisioner") == PROVISIONER else str(named)
    classes = view.list("storageclasses.storage.k8s.io")
    default = next((one for one in classes if meta.annotations(one).get(DEFAULT_MARK) == "true"), None)
    return CLASS if default is None or default.get("provisioner") == PROVISIONER else meta.name(default)


def _waiting(view: plan.View, claim: Object, type: str, reason: str, text: str) -> plan.Plan:
    """Said once: what a claim waits for is kept in a note."""
    note = f"claim/{meta.uid(claim)}"
    if view.notes(note).get("said") == text:
        return plan.Plan()
    status = {**(claim.get("status") or {}), "phase": "Pending"}
    return plan.Plan(writes.status(KIND, claim, status), [plan.Event(claim, type, reason, text, SOURCE)], notes={note: {"said": text}})


def _first_node(view: plan.View, claim: Object) -> str:
    for pod in view.list("pods", meta.namespace(claim)):
        node = meta.at(pod, "spec", "nodeName", default="")
        if node and writes.is_active(pod) and uses(pod, meta.name(claim)):
            return str(node)
    return ""


def uses(pod: Object, name: str) -> bool:
    """Whether a pod mounts the claim of that name."""
    for volume in meta.at(pod, "spec", "volumes", default=[]):
        if meta.at(volume, "persistentVolumeClaim", "claimName") == name:
            return True
        if "ephemeral" in volume and f"{meta.name(pod)}-{volume['name']}" == name:
            return True
    return False


def _bound(view: plan.View, claim: Object, node: str) -> plan.Plan:
    name = f"pvc-{meta.uid(claim)}"
    volume = _volume(claim, name, node)
    changed: Object = meta.clone(claim)
    changed["spec"]["volumeName"] = name
    changed["metadata"].setdefault("annotations", {}).update(
        {"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes", SELECTED: node}
    )
    made = [plan.Write("create", VOLUMES, volume)] if view.get(VOLUMES, "", name) is None else []
    text = f"Successfully provisioned volume {name}"
    return plan.Plan(
        [*made, plan.Write("update", KIND, changed), *_statuses(claim, volume)],
        [plan.Event(claim, "Normal", "ProvisioningSucceeded", text, PROVISIONER)],
        notes={f"claim/{meta.uid(claim)}": None},
    )


def _volume(claim: Object, name: str, node: str) -> Object:
    spec = claim["spec"]
    reference = {**owners.reference(claim, controller=False), "namespace": meta.namespace(claim)}
    hostname = {"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": PROVISIONER}},
        "spec": {
            "accessModes": spec.get("accessModes") or ["ReadWriteOnce"],
            "capacity": {"storage": meta.at(spec, "resources", "requests", "storage", default="0")},
            "claimRef": reference,
            "local": {"path": f"{DIRECTORY}/{name}"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [hostname]}]}},
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": spec.get("storageClassName") or CLASS,
            "volumeMode": spec.get("volumeMode") or "Filesystem",
        },
    }


def _statuses(claim: Object, volume: Object) -> list[plan.Write]:
    """Both sides of a bond say so."""
    spec = volume["spec"]
    bound = {"phase": "Bound", "accessModes": spec["accessModes"], "capacity": spec["capacity"]}
    return [
        *writes.status(KIND, claim, {**(claim.get("status") or {}), **bound}),
        *writes.status(VOLUMES, volume, {**(volume.get("status") or {}), "phase": "Bound"}),
    ]


def _follow(claim: Object, volume: Object | None) -> plan.Plan:
    if volume is None:
        if meta.at(claim, "status", "phase") != "Bound":
            return plan.Plan()
        status = {**claim["status"], "phase": "Lost"}
        text = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
        return plan.Plan(writes.status(KIND, claim, status), [plan.Event(claim, "Warning", "ClaimLost", text, SOURCE)])
    if meta.at(volume, "spec", "claimRef", "uid") != meta.uid(claim):
        return plan.Plan()
    return plan.Plan(_statuses(claim, volume))
