"""ReplicationControllers: ReplicaSets under their older name. Follows pkg/controller/replication/replication_controller.go."""

from __future__ import annotations

from pkctl.controllers import plan, replicasets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND, SOURCE = "replicationcontrollers", "replication-controller"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make one ReplicationController true."""
    return replicasets.settle(view, view.get(KIND, *key), KIND, SOURCE, related=_own)


def _own(view: plan.View, owner: Object) -> list[Object]:
    return view.owned("pods", owner)
