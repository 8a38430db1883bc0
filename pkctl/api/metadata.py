"""The metadata that the system writes: namespace, name, uid, times, generation.

Follows apiserver/pkg/registry/rest/{create,update,meta}.go. What metadata may hold is judged in kinds/generic.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals
from pkctl.api.options import TRUSTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

MISMATCH = "the namespace of the provided object does not match the namespace sent on the request"
LONGEST_PREFIX = 58
"""Characters of generateName kept, so that the name stays a label."""

TRIES = 8
"""Generated names tried before the collision is reported."""

SYSTEM = ("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation")

VERSIONED = frozenset({
    "apiservices.apiregistration.k8s.io", "csidrivers.storage.k8s.io", "csinodes.storage.k8s.io", "csistoragecapacities.storage.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io", "leases.coordination.k8s.io", "poddisruptionbudgets.policy",
    "runtimeclasses.node.k8s.io", "volumeattachments.storage.k8s.io",
    "mutatingadmissionpolicies.admissionregistration.k8s.io", "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io", "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
})  # fmt: skip
"""Built-in kinds whose updates must say which version they replace, as those of custom kinds: AllowUnconditionalUpdate is false."""


def begin(session: Session, row: Row, namespace: str, obj: Object) -> None:
    """Make a new object's metadata the system's own: rest.BeforeCreate up to validation."""
    metadata = obj.setdefault("metadata", {})
    if version(obj):
        refusal = errors.StatusError("resourceVersion should not be set on objects to be created")
        refusal.reason = ""
        raise refusal
    place(row, namespace, metadata)
    for field in SYSTEM:
        metadata.pop(field, None)
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = _generated(session, row, namespace, metadata["generateName"])
    metadata["uid"] = session.api.sources.uid()
    metadata["creationTimestamp"] = now(session)


def place(row: Row, namespace: str, metadata: Object) -> None:
    """Settle the namespace between the request and the object."""
    own = metadata.get("namespace") or ""
    if not row.namespaced or not namespace:
        metadata.pop("namespace", None)
    elif own in ("", namespace):
        metadata["namespace"] = namespace
    else:
        raise errors.BadRequest(MISMATCH)


def _generated(session: Session, row: Row, namespace: str, prefix: str) -> str:
    name = ""
    for _ in range(TRIES):
        name = prefix[:LONGEST_PREFIX] + session.api.sources.suffix()
        if session.tx.get(row.key(namespace, name)) is None:
            break
    return name


def carry_over(row: Row, namespace: str, name: str, new: Object, old: Object) -> None:
    """What an update leaves out or may not touch comes from the object as it is: rest.BeforeUpdate up to validation."""
    metadata, before = new.setdefault("metadata", {}), old["metadata"]
    if metadata.get("name") and metadata["name"] != name:
        raise errors.BadRequest(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    metadata["name"] = name
    place(row, namespace, metadata)
    uid = metadata.get("uid")
    if uid and uid != before.get("uid"):
        text = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {before.get('uid')}"
        raise refusals.conflict(row, name, text)
    check_unchanged(row, name, new, old)
    metadata.pop("selfLink", None)
    metadata["uid"] = before.get("uid")
    for field in ("creationTimestamp", "generateName"):
        if not metadata.get(field) and before.get(field):
            metadata[field] = before[field]
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"):
        metadata.pop(field, None)
        if before.get(field) is not None:
            metadata[field] = before[field]


def version(obj: Object) -> str:
    """The version that a request's object says it is of; "" for none, and for 0, which is any."""
    said = str((obj.get("metadata") or {}).get("resourceVersion") or "")
    return "" if said == "0" else said


def check_unchanged(row: Row, name: str, given: Object, old: Object) -> None:
    """Conflict for an object that says it is of another version than the one that is there."""
    if version(given) not in ("", old["metadata"]["resourceVersion"]):
        raise refusals.conflict(row, name)


def check_version(row: Row, name: str, new: Object, options: Options) -> None:
    """Invalid for an update that must say which version it replaces and doesn't; our own code may overwrite what is there."""
    must = row.schema is not None or row.id in VERSIONED
    if must and options.validation != TRUSTED and not version(new):
        raise refusals.unversioned(row, name)


def count(row: Row, new: Object, old: Object | None) -> None:
    """Set `generation` after a write of what is desired."""
    from pkctl.kinds import generic

    generation = generic.next_generation(row, new, old)
    if generation is not None:
        new["metadata"]["generation"] = generation


def now(session: Session) -> str:
    """The present as metadata has it."""
    from pkctl.objects import times

    return times.stamp(session.api.sources.now())
