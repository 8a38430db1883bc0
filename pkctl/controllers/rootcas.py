"""The ConfigMap `kube-root-ca.crt` of every namespace. Follows pkg/controller/certificates/rootcacertpublisher.

The certificate is that of the cluster's own authority; a hollow cluster has none, and then no ConfigMaps of it.
"""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta

KIND, NAME, ENTRY = "configmaps", "kube-root-ca.crt", "ca.crt"

ABOUT = {"kubernetes.io/description": "The certificate authority by which pods know this cluster's API server."}


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make or mend the ConfigMap; the key is a namespace's."""
    namespace = view.get("namespaces", "", key[1])
    certificate = view.authority() if namespace is not None and not meta.is_deleting(namespace) else ""
    if not certificate:
        return plan.Plan()
    known, wanted = view.get(KIND, key[1], NAME), {ENTRY: certificate}
    if known is None:
        metadata = {"name": NAME, "namespace": key[1], "annotations": ABOUT}
        return plan.Plan([plan.Write("create", KIND, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": wanted})])
    if known.get("data") == wanted:
        return plan.Plan()
    return plan.Plan([plan.Write("update", KIND, {**meta.clone(known), "data": wanted})])
