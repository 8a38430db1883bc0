"""What a fresh cluster has before anybody wrote to it: its settings, namespaces, first Service and classes.

Written in the first transaction of an empty store. Accounts and root certificates follow from controllers.
"""

from __future__ import annotations

from pkctl.api import bootstrap_objects, bootstrap_roles, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
SERVICE_CIDR = "10.96.0.0/12"
KUBERNETES_IP = "10.96.0.1"
STORAGE_CLASS = "local-path"
PROVISIONER = "pkctl.dev/local"
PRIORITIES = (
    (
        "system-cluster-critical",
        2000000000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
    ("system-node-critical", 2000001000, "Used for system critical pods that must not be moved from their current node."),
)
FIRST_BLOCK, BLOCKS = 128, 112
"""Pod networks are 10.128.0.0/16 to 10.239.0.0/16, chosen by the cluster's id, so that clusters of one machine rarely meet."""


def fill(session: Session) -> None:
    """Write the settings and the first objects."""
    from pkctl.api import resources

    made = settings(session.api.sources.uid(), hollow=session.api.hollow)
    session.api.set_settings(session, made)
    chosen = options.Options(field_manager="kube-apiserver", validation="Ignore")
    for obj in objects(hollow=session.api.hollow):
        row = session.kinds().by_gvk(obj["apiVersion"], obj["kind"])
        assert row is not None
        resources.create(session, row, obj["metadata"].get("namespace", ""), obj, chosen)
    bootstrap_roles.fill(session, made["id"])
    bootstrap_objects.fill(session, made["id"], SERVICE_CIDR, KUBERNETES_IP)


def settings(cluster: str, *, hollow: bool = False) -> dict[str, Any]:
    """A cluster's settings by its id. `tokenVolumes` says whether pods get a volume with their account's token: not in a hollow one."""
    block = FIRST_BLOCK + int(cluster.replace("-", "")[:8], 16) % BLOCKS
    made: dict[str, Any] = {"id": cluster, "podCIDR": f"10.{block}.0.0/16", "serviceCIDR": SERVICE_CIDR, "tokenVolumes": not hollow}
    return {**made, "hollow": True} if hollow else made


def objects(*, hollow: bool = False) -> list[Object]:
    """The first objects, in the order they are written; a hollow cluster has no default StorageClass."""
    found = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in NAMESPACES]
    found.append(_kubernetes())
    found += [_priority(*each) for each in PRIORITIES]
    return found if hollow else [*found, _storage_class()]


def _kubernetes() -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"component": "apiserver", "provider": "kubernetes"}},
        "spec": {
            "type": "ClusterIP",
            "clusterIP": KUBERNETES_IP,
            "clusterIPs": [KUBERNETES_IP],
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
        },
    }


def _priority(name: str, value: int, description: str) -> Object:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": value,
        "description": description,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _storage_class() -> Object:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": STORAGE_CLASS, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": PROVISIONER,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }
