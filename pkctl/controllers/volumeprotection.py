"""PersistentVolumes on their way out: kept as long as they are bound to a claim.

Follows pkg/controller/volume/pvprotection. The finalizer is admission's to add.
"""

from __future__ import annotations

from pkctl.controllers import persistentvolumes as volumes
from pkctl.controllers import plan, writes
from pkctl.objects import meta

FINALIZER = "kubernetes.io/pv-protection"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Let one volume go when no claim is bound to it."""
    volume = view.get(volumes.KIND, "", key[1])
    if volume is None or not meta.is_deleting(volume):
        return plan.Plan()
    reference = meta.at(volume, "spec", "claimRef")
    if reference is not None and meta.at(volume, "status", "phase") == "Bound" and volumes.is_claimed(view, reference):
        return plan.Plan()
    return plan.Plan(writes.unfinalized(volumes.KIND, volume, FINALIZER))
