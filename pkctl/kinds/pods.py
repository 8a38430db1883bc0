"""Pods: defaults, rules, what may change later, and the table.

Follows SetDefaults_Pod, pkg/registry/core/pod/strategy.go, ValidatePod and ValidatePodUpdate of pkg/apis/core/validation, and printPod of
pkg/printers/internalversion. The rules of a PodSpec alone are in `podspec`; what the STATUS column shows is in `podstates`.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, podstates, workloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

GATED_MESSAGE = "Scheduling is blocked due to non-empty scheduling gates"


def _of_spec(name: str) -> Callable[[Object], str]:
    return lambda obj: str(workloads.spec(obj).get(name) or "")


def _of_status(name: str) -> Callable[[Object], str]:
    return lambda obj: str(workloads.status(obj).get(name) or "")


FIELDS = {
    "spec.nodeName": _of_spec("nodeName"),
    "spec.restartPolicy": _of_spec("restartPolicy"),
    "spec.schedulerName": _of_spec("schedulerName"),
    "spec.serviceAccountName": _of_spec("serviceAccountName"),
    "spec.hostNetwork": lambda obj: "true" if workloads.spec(obj).get("hostNetwork") else "false",
    "status.phase": _of_status("phase"),
    "status.podIP": _of_status("podIP"),
    "status.nominatedNodeName": _of_status("nominatedNodeName"),
}
RESTARTS = columns.Column(
    "Restarts",
    description="The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
)
COLUMNS = (
    shared.NAME,
    columns.Column("Ready", description="The aggregate readiness state of this pod for accepting traffic."),
    columns.Column("Status", description="The aggregate status of the containers in this pod."),
    RESTARTS,
    shared.AGE,
    columns.Column("IP", priority=1, description="An IP address of the pod."),
    columns.Column("Node", priority=1, description="The node that the pod is bound to."),
    columns.Column("Nominated Node", priority=1, description="The node that the pod may get once others have left it."),
    columns.Column("Readiness Gates", priority=1, description="Readiness gates that hold, of all."),
)  # fmt: skip


def default(obj: Object) -> None:
    """See the package."""
    from pkctl.kinds.podspec import defaults

    defaults.pod(obj)


def prepare(new: Object, old: Object | None) -> None:
    """A new Pod is Pending, has its quality of service, waits for its gates, and seeks or shuns others by its own labels."""
    if old is not None:
        return
    from pkctl.kinds.podspec import labelkeys, requests

    labelkeys.apply(new["spec"], new["metadata"].get("labels") or {})
    new["status"] = {"phase": "Pending", "qosClass": requests.qos_class(new["spec"])}
    if new["spec"].get("schedulingGates"):
        gated = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated", "message": GATED_MESSAGE}
        new["status"]["conditions"] = [gated]


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.pods`."""
    from pkctl.kinds.rules import pods as rules

    return rules.validate(new, old)


def validate_status(new: Object, old: Object | None) -> list[Problem]:
    """See `rules.podstatuses`."""
    from pkctl.kinds.rules import podstatuses

    return podstatuses.validate(new, old)


def _gates(obj: Object) -> str:
    gates = workloads.spec(obj).get("readinessGates") or ()
    true = {each.get("type") for each in workloads.status(obj).get("conditions") or () if each.get("status") == "True"}
    return f"{sum(gate.get('conditionType') in true for gate in gates)}/{len(gates)}" if gates else shared.NONE


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    shown, status = podstates.look(obj), workloads.status(obj)
    address = next((each.get("ip", "") for each in status.get("podIPs") or ()), "") or status.get("podIP") or shared.NONE
    node = workloads.spec(obj).get("nodeName") or shared.NONE
    nominated = status.get("nominatedNodeName") or shared.NONE
    first = [obj["metadata"].get("name", ""), f"{shown.ready}/{shown.total}", shown.status, shown.restarts_cell(now), shared.age(obj, now)]
    return [*first, address, node, nominated, _gates(obj)]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.pod(obj, reader)
