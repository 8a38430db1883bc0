"""Dependents whose owners are gone, and owners that wait for their dependents or leave them behind.

Follows pkg/controller/garbagecollector. A key is (kind id, "NAMESPACE/NAME") of any object, since every kind can be looked at here.
"""

from __future__ import annotations

from zlib import crc32

from pkctl.controllers import plan, writes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

    Place = tuple[str, str, str, str]
    Dependents = dict[str, dict[Place, Object]]

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"

UNOWNED = frozenset({"events"})
"""Kinds that are never anybody's dependents, and too many to look through."""


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Look at one object: as an owner that is being deleted, and as a dependent."""
    kind, (namespace, _, name) = key[0], key[1].partition("/")
    obj = view.get(kind, namespace, name)
    if obj is None:
        return plan.Plan()
    finalizers = meta.at(obj, "metadata", "finalizers", default=[])
    if meta.is_deleting(obj) and ORPHAN in finalizers:
        return _leave_behind(view, kind, obj)
    if meta.is_deleting(obj) and FOREGROUND in finalizers:
        return _wait_for_dependents(view, kind, obj)
    return _as_dependent(view, kind, obj, finalizers)


def key_of(view: plan.View, obj: Object) -> plan.Key | None:
    """An object's key here; None for a kind that is not served."""
    row = view.kinds().by_gvk(obj.get("apiVersion", ""), obj.get("kind", ""))
    return None if row is None else (row.id, f"{meta.namespace(obj)}/{meta.name(obj)}")


def wake(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    """An object that is to be looked at after its change, its dependents when it is gone, the owners that waited for its end."""
    key = key_of(view, obj)
    if key is None or key[0] in UNOWNED:
        return
    current = view.get(key[0], *meta.key(obj))
    if current is None or meta.uid(current) != meta.uid(obj):
        yield from _of(view, dependents(view, obj))
        yield from _waiting_owners(view, obj)
        return
    is_waited_for = meta.is_deleting(obj) and {FOREGROUND, ORPHAN} & set(meta.at(obj, "metadata", "finalizers", default=[]))
    if is_waited_for or any(_is_gone_or_waiting(view, obj, one) for one in meta.at(obj, "metadata", "ownerReferences", default=[])):
        yield key


def _of(view: plan.View, objects: Iterable[Object]) -> Iterable[plan.Key]:
    return [key for one in objects if (key := key_of(view, one))]


def _waiting_owners(view: plan.View, obj: Object) -> Iterable[plan.Key]:
    owners = (owner_of(view, obj, one) for one in meta.at(obj, "metadata", "ownerReferences", default=[]))
    return _of(view, [one for one in owners if one is not None and meta.is_deleting(one)])


def _is_gone_or_waiting(view: plan.View, obj: Object, reference: Object) -> bool:
    if not _is_known(view, reference):
        return False
    found = owner_of(view, obj, reference)
    return found is None or is_waiting(found)


def is_waiting(owner: Object) -> bool:
    """Whether an owner is kept until its dependents are gone."""
    return meta.is_deleting(owner) and FOREGROUND in meta.at(owner, "metadata", "finalizers", default=[])


def _is_known(view: plan.View, reference: Object) -> bool:
    return view.kinds().by_gvk(reference.get("apiVersion", ""), reference.get("kind", "")) is not None


def owner_of(view: plan.View, obj: Object, reference: Object) -> Object | None:
    """The owner a reference means, None when that very object is gone."""
    row = view.kinds().by_gvk(reference.get("apiVersion", ""), reference.get("kind", ""))
    if row is None:
        return None
    found = view.get(row.id, meta.namespace(obj) if row.namespaced else "", reference.get("name", ""))
    return found if found is not None and meta.uid(found) == reference.get("uid") else None


def dependents(view: plan.View, owner: Object) -> list[Object]:
    """Every object that names `owner` in its owner references, by key."""

    kinds = tuple(sorted({row.storage for row in view.kinds() if "list" in row.verbs} - UNOWNED))

    def build() -> Dependents:
        value: Dependents = {}
        for kind in kinds:
            for obj in view.list(kind):
                _follow(value, None, obj)
        return value

    found: Dependents = view.memo(f"garbage/{crc32(' '.join(kinds).encode())}", kinds, build, _follow)
    return [obj for _, obj in sorted(found.get(meta.uid(owner), {}).items())]


def _follow(value: Dependents, old: Object | None, new: Object | None) -> None:
    for obj in (old, new):
        for reference in meta.at(obj, "metadata", "ownerReferences", default=[]):
            row = value.setdefault(reference.get("uid", ""), {})
            if obj is new and obj is not None:
                row[_place(obj)] = obj
            elif obj is not None:
                row.pop(_place(obj), None)


def _place(obj: Object) -> Place:
    return str(obj.get("apiVersion")), str(obj.get("kind")), *meta.key(obj)


def _leave_behind(view: plan.View, kind: str, owner: Object) -> plan.Plan:
    made = []
    for obj in dependents(view, owner):
        key = key_of(view, obj)
        if key is not None:
            made.append(plan.Write("update", key[0], _without(obj, {meta.uid(owner)})))
    return plan.Plan([*made, *writes.unfinalized(kind, owner, ORPHAN)])


def _wait_for_dependents(view: plan.View, kind: str, owner: Object) -> plan.Plan:
    blocking, made = False, []
    for obj in dependents(view, owner):
        references = meta.at(obj, "metadata", "ownerReferences", default=[])
        blocking = blocking or any(one.get("blockOwnerDeletion") and one.get("uid") == meta.uid(owner) for one in references)
        key = key_of(view, obj)
        if key is not None and not meta.is_deleting(obj) and not _has_other_owner(view, obj, owner):
            made.append(plan.Write("delete", key[0], obj, propagation="Foreground" if dependents(view, obj) else "Background"))
    if not blocking:
        made += writes.unfinalized(kind, owner, FOREGROUND)
    return plan.Plan(made)


def _has_other_owner(view: plan.View, obj: Object, owner: Object) -> bool:
    for reference in meta.at(obj, "metadata", "ownerReferences", default=[]):
        found = owner_of(view, obj, reference)
        if found is not None and meta.uid(found) != meta.uid(owner) and not is_waiting(found):
            return True
    return False


def _as_dependent(view: plan.View, kind: str, obj: Object, finalizers: list[str]) -> plan.Plan:
    references = meta.at(obj, "metadata", "ownerReferences", default=[])
    if not references or meta.is_deleting(obj) or any(not _is_known(view, one) for one in references):
        return plan.Plan()
    found = [(one, owner_of(view, obj, one)) for one in references]
    solid = [owner for _, owner in found if owner is not None and not is_waiting(owner)]
    lost = {one.get("uid", "") for one, owner in found if owner is None or is_waiting(owner)}
    if solid:
        return plan.Plan([plan.Write("update", kind, _without(obj, lost))] if lost else [])
    if any(owner is not None for _, owner in found) and dependents(view, obj):
        return plan.Plan([plan.Write("delete", kind, obj, propagation="Foreground")])
    kept = {ORPHAN: "Orphan", FOREGROUND: "Foreground"}
    propagation = next((word for finalizer, word in kept.items() if finalizer in finalizers), "Background")
    return plan.Plan([plan.Write("delete", kind, obj, propagation=propagation)])


def _without(obj: Object, uids: set[str]) -> Object:
    new: Object = meta.clone(obj)
    left = [one for one in new["metadata"]["ownerReferences"] if one.get("uid") not in uids]
    if left:
        new["metadata"]["ownerReferences"] = left
    else:
        del new["metadata"]["ownerReferences"]
    return new
