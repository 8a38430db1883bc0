"""The ConfigMap `kube-root-ca.crt` of every namespace. Follows pkg/controller/certificates/rootcacertpublisher.

The certificate is the cluster's setting `ca`; a cluster that serves nothing has none, and then no ConfigMaps of it.
"""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta

KIND, NAME, ENTRY = "configmaps", "kube-root-ca.crt", "ca.crt"

ABOUT = {"kubernetes.io/description": "The certificate authority by which pods know this cluster's API server."}


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make or mend the ConfigMap; the key is a namespace's."""
    certificate, namespace = view.notes("cluster").get("ca"), view.get("namespaces", "", key[1])
    if not certificate or namespace is None or meta.is_deleting(namespace):
        return plan.Plan()
    known, wanted = view.get(KIND, key[1], NAME), {ENTRY: certificate}
    if known is None:
        metadata = {"name": NAME, "namespace": key[1], "annotations": ABOUT}
        return plan.Plan([plan.Write("create", KIND, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": wanted})])
    if known.get("data") == wanted:
        return plan.Plan()
    return plan.Plan([plan.Write("update", KIND, {**meta.clone(known), "data": wanted})])
