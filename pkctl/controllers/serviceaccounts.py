"""The ServiceAccount `default` of every namespace. Follows pkg/controller/serviceaccount/serviceaccounts_controller.go."""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta

KIND, NAME = "serviceaccounts", "default"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make the account where it is missing; the key is a namespace's."""
    namespace = view.get("namespaces", "", key[1])
    if namespace is None or meta.is_deleting(namespace) or view.get(KIND, key[1], NAME) is not None:
        return plan.Plan()
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME, "namespace": key[1]}}
    return plan.Plan([plan.Write("create", KIND, account)])
