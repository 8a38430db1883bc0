"""The order in which objects are printed: kustomize's legacy order, which puts first what others need, or the order they were read in."""

from __future__ import annotations

from pkctl.kustomize import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.kustomize.nodes import Node

FIRST = (
    "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy", "Role", "ClusterRole",
    "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service", "LimitRange", "PriorityClass", "PersistentVolume",
    "PersistentVolumeClaim", "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
)  # fmt: skip
LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


def ordered(found: list[Node], options: dict[str, Any] | None) -> list[Node]:
    """The objects in the order that `sortOptions` asks for; KustomizeError for an order there isn't."""
    options = options or {}
    order = options.get("order") or "legacy"
    if order not in ("fifo", "legacy"):
        raise texts.KustomizeError("the field 'sortOptions.order' must be one of [fifo, legacy]")
    if order == "fifo":
        return found
    chosen = options.get("legacySortOptions")
    first, last = (chosen.get("orderFirst") or (), chosen.get("orderLast") or ()) if chosen else (FIRST, LAST)
    return sorted(found, key=lambda node: _key(node, first, last))


def _key(node: Node, first: Sequence[str], last: Sequence[str]) -> tuple[int, str, str, str]:
    id = node.id
    return *of_kind(id.group, id.version, id.kind, first, last), id.namespace or "~X", id.name or "~N"


def of_kind(group: str, version: str, kind: str, first: Sequence[str] = FIRST, last: Sequence[str] = LAST) -> tuple[int, str]:
    """Where a kind stands among others: to sort by."""
    place = 0
    if kind in first:
        place = list(first).index(kind) - len(first)
    elif kind in last:
        place = 1 + list(last).index(kind)
    return place, "_".join((group or "~G", version or "~V", kind or "~K"))
