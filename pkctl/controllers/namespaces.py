"""Namespaces on their way out: everything in them is deleted, then the namespace is let go.

Follows pkg/controller/namespace/deletion.
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND, FINALIZER = "namespaces", "kubernetes"

PASSED = (
    ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    ("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
    ("NamespaceDeletionContentFailure", "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
)


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Take one ending namespace a step further."""
    namespace = view.get(KIND, "", key[1])
    if namespace is None or not meta.is_deleting(namespace) or FINALIZER not in meta.at(namespace, "spec", "finalizers", default=[]):
        return plan.Plan()
    content = _content(view, key[1])
    if not content:
        freed = meta.clone(namespace)
        freed["spec"]["finalizers"] = [one for one in freed["spec"]["finalizers"] if one != FINALIZER]
        return plan.Plan([plan.Write("update", KIND, freed, subresource="finalize")])
    doomed = [(kind, obj) for kind, objects in content.items() for obj in objects if not meta.is_deleting(obj)]
    made = [plan.Write("delete", kind, obj, propagation="Background") for kind, obj in doomed]
    return plan.Plan([*made, *writes.status(KIND, namespace, _status(view, namespace, content))])


def _content(view: plan.View, name: str) -> dict[str, list[Object]]:
    """What is in a namespace, by kind id."""
    kinds = {row.storage: row.id for row in view.kinds() if row.namespaced and {"list", "delete"} <= set(row.verbs)}
    found = {kind: view.list(kind, name) for kind in kinds.values()}
    return {kind: objects for kind, objects in found.items() if objects}


def _status(view: plan.View, namespace: Object, content: dict[str, list[Object]]) -> Object:
    status = {**(namespace.get("status") or {}), "phase": "Terminating"}
    conditions = status.get("conditions") or []
    for kind, reason, message in PASSED:
        conditions = writes.with_condition(conditions, writes.condition(kind, "False", reason, message, view.now))
    for made in (_remaining(view, content), _held(view, content)):
        conditions = writes.with_condition(conditions, made)
    return {**status, "conditions": conditions}


def _remaining(view: plan.View, content: dict[str, list[Object]]) -> Object:
    counts = ", ".join(f"{kind} has {len(objects)} resource instances" for kind, objects in sorted(_dotted(content).items()))
    text = f"Some resources are remaining: {counts}"
    return writes.condition("NamespaceContentRemaining", "True", "SomeResourcesRemain", text, view.now)


def _dotted(content: dict[str, list[Object]]) -> dict[str, list[Object]]:
    """By PLURAL.GROUP as Kubernetes writes it, where the core group leaves a bare dot."""
    return {kind if "." in kind else f"{kind}.": objects for kind, objects in content.items()}


def _held(view: plan.View, content: dict[str, list[Object]]) -> Object:
    counts: dict[str, int] = {}
    for objects in content.values():
        for obj in objects:
            for finalizer in meta.at(obj, "metadata", "finalizers", default=[]):
                counts[finalizer] = counts.get(finalizer, 0) + 1
    if not counts:
        text = "All content-preserving finalizers finished"
        return writes.condition("NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers", text, view.now)
    listed = ", ".join(f"{name} in {count} resource instances" for name, count in sorted(counts.items()))
    text = f"Some content in the namespace has finalizers remaining: {listed}"
    return writes.condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", text, view.now)
