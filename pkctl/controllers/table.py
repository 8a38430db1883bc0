"""The controllers: one row each, and what wakes them.

On a change of a watched kind the engine calls wake(view, old) and wake(view, new) (whichever exists; the view is as of after the
change) and puts every key they yield into the controller's queue, once; then it imports `pkctl.controllers.MODULE` and calls
reconcile(view, key) for each key until the plan has no `again_after`. A watched kind "*" is every kind served.
The node agents' `pods` is not in the table: it is asked per node, with what its runtime shows.
"""

from __future__ import annotations

from pkctl.controllers import wakes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Controller:
    """`kind` is the id of the kind whose keys it reconciles; `watches` are (kind id, wake function) pairs, its own kind's too."""

    __slots__ = ("kind", "module", "name", "watches")

    def __init__(self, name: str, kind: str, watches: Iterable[tuple[str, wakes.Wake]] = (), *, module: str = "") -> None:
        self.name, self.kind, self.module = name, kind, module or name
        self.watches: tuple[tuple[str, wakes.Wake], ...] = tuple(watches)


CONTROLLERS: tuple[Controller, ...] = (
    Controller(
        "deployments",
        "deployments.apps",
        (
            ("deployments.apps", wakes.itself),
            ("replicasets.apps", wakes.owner("Deployment", "deployments.apps")),
            ("pods", wakes.recreating_deployment),
        ),
    ),
    Controller(
        "replicasets",
        "replicasets.apps",
        (("replicasets.apps", wakes.itself), ("pods", wakes.owner("ReplicaSet", "replicasets.apps"))),
    ),
    Controller(
        "replicationcontrollers",
        "replicationcontrollers",
        (("replicationcontrollers", wakes.itself), ("pods", wakes.owner("ReplicationController", "replicationcontrollers"))),
    ),
    Controller("scheduler", "pods", (("pods", wakes.unscheduled), ("nodes", wakes.waiting_for_nodes))),
    Controller(
        "statefulsets",
        "statefulsets.apps",
        (
            ("statefulsets.apps", wakes.itself),
            ("pods", wakes.owner("StatefulSet", "statefulsets.apps")),
            ("persistentvolumeclaims", wakes.set_of_claim),
        ),
    ),
    Controller("endpoints", "services", (("services", wakes.itself), ("endpoints", wakes.itself), ("pods", wakes.services_of_pod))),
    Controller(
        "endpointslices",
        "services",
        (
            ("services", wakes.itself),
            ("endpoints", wakes.itself),
            ("endpointslices.discovery.k8s.io", wakes.service_of_slice),
            ("pods", wakes.services_of_pod),
        ),
    ),
    Controller("serviceaccounts", "namespaces", (("namespaces", wakes.itself), ("serviceaccounts", wakes.its_namespace))),
    Controller("serviceaccounttokens", "secrets", (("secrets", wakes.account_secret), ("serviceaccounts", wakes.secrets_of_account))),
    Controller(
        "certificatesigningrequests",
        "certificatesigningrequests.certificates.k8s.io",
        (("certificatesigningrequests.certificates.k8s.io", wakes.itself),),
    ),
    Controller("rootcas", "namespaces", (("namespaces", wakes.itself), ("configmaps", wakes.root_ca))),
    Controller("namespaces", "namespaces", (("namespaces", wakes.itself), ("*", wakes.ending_namespace))),
    Controller(
        "nodes",
        "nodes",
        (("nodes", wakes.itself), ("leases.coordination.k8s.io", wakes.node_of_lease), ("pods", wakes.node_of_pod)),
    ),
    Controller(
        "persistentvolumeclaims",
        "persistentvolumeclaims",
        (
            ("persistentvolumeclaims", wakes.itself),
            ("persistentvolumes", wakes.claim_of_volume),
            ("pods", wakes.claims_of_pod),
        ),
    ),
    Controller(
        "persistentvolumes",
        "persistentvolumes",
        (("persistentvolumes", wakes.itself), ("persistentvolumeclaims", wakes.volume_of_claim)),
    ),
    Controller(
        "claimprotection",
        "persistentvolumeclaims",
        (("persistentvolumeclaims", wakes.ending), ("pods", wakes.ending_claims_of_pod)),
    ),
    Controller(
        "volumeprotection",
        "persistentvolumes",
        (("persistentvolumes", wakes.ending), ("persistentvolumeclaims", wakes.ending_volume_of_claim)),
    ),
    Controller(
        "clusterroles", "clusterroles.rbac.authorization.k8s.io", (("clusterroles.rbac.authorization.k8s.io", wakes.roles_made_of),)
    ),
    Controller("resourcequotas", "resourcequotas", (("*", wakes.quotas_that_count),)),
    Controller(
        "disruption",
        "poddisruptionbudgets.policy",
        (("poddisruptionbudgets.policy", wakes.itself), ("pods", wakes.budgets_of_pod)),
        module="poddisruptionbudgets",
    ),
    Controller(
        "ipaddresses",
        "ipaddresses.networking.k8s.io",
        (
            ("ipaddresses.networking.k8s.io", wakes.itself),
            ("services", wakes.addresses_of_service),
        ),
    ),
    Controller("disruptedpods", "pods", (("pods", wakes.disrupted),)),
    Controller("garbage", "*", (("*", wakes.garbage),)),
)
