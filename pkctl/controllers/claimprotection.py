"""PersistentVolumeClaims on their way out: kept as long as a pod that has a node uses them, finished or not.

Follows pkg/controller/volume/pvcprotection. The finalizer is admission's to add.
"""

from __future__ import annotations

from pkctl.controllers import persistentvolumeclaims as claims
from pkctl.controllers import plan, writes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

FINALIZER = "kubernetes.io/pvc-protection"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Let one claim go when nothing uses it."""
    claim = view.get(claims.KIND, *key)
    if claim is None or not meta.is_deleting(claim) or any(_holds(pod, claim) for pod in view.list("pods", key[0])):
        return plan.Plan()
    return plan.Plan(writes.unfinalized(claims.KIND, claim, FINALIZER))


def _holds(pod: Object, claim: Object) -> bool:
    """A pod without a node has mounted nothing yet, and will not be started with a claim that is on its way out."""
    return bool(meta.at(pod, "spec", "nodeName")) and claims.uses(pod, meta.name(claim))
