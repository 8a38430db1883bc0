"""PersistentVolumes after their claims: released, and those that pkctl made deleted with what they hold.

Follows pkg/controller/volume/persistentvolume. The directories to remove are kept in the note `disks/NODE`, which the node's agent works
off. Not here: when a volume on its way out may go (`volumeprotection`).
"""

from __future__ import annotations

from pkctl.controllers import persistentvolumeclaims as claims
from pkctl.controllers import plan, writes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

KIND = "persistentvolumes"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Look after one volume."""
    volume = view.get(KIND, "", key[1])
    if volume is None or meta.is_deleting(volume):
        return plan.Plan()
    reference = meta.at(volume, "spec", "claimRef")
    if reference is None:
        phase = "Available"
    elif is_claimed(view, reference):
        return plan.Plan()
    else:
        phase = "Released"
    if phase == "Released" and meta.at(volume, "spec", "persistentVolumeReclaimPolicy") == "Delete" and is_ours(volume):
        return _reclaimed(view, volume)
    return plan.Plan(writes.status(KIND, volume, {**(volume.get("status") or {}), "phase": phase}))


def is_ours(volume: Object) -> bool:
    """Whether the volume is a directory that pkctl made."""
    return meta.annotations(volume).get("pv.kubernetes.io/provisioned-by") == claims.PROVISIONER


def is_claimed(view: plan.View, reference: Object) -> bool:
    """Whether the claim that a volume is reserved for exists."""
    claim = view.get(claims.KIND, reference.get("namespace", ""), reference.get("name", ""))
    return claim is not None and reference.get("uid") in (None, meta.uid(claim))


def _reclaimed(view: plan.View, volume: Object) -> plan.Plan:
    notes: dict[str, dict[str, Any] | None] = {}
    if node := node_of(volume):
        name = f"disks/{node}"
        notes[name] = {**view.notes(name), meta.name(volume): True}
    return plan.Plan([plan.Write("delete", KIND, volume)], notes=notes)


def node_of(volume: Object) -> str:
    """The node that holds a directory of ours."""
    terms = meta.at(volume, "spec", "nodeAffinity", "required", "nodeSelectorTerms", default=[])
    return str(meta.at(terms, 0, "matchExpressions", 0, "values", 0, default=""))
