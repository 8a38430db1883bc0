"""Deleting: grace for pods, finalizers, preconditions, propagation, namespaces.

Follows registry/generic/registry/store.go (Delete, updateForGracefulDeletionAndFinalizers), registry/rest/delete.go, and the
strategies of Pod and Namespace. Dependents are the garbage collector's: here only its finalizers are set.
"""

from __future__ import annotations

from pkctl.api import options as option_module
from pkctl.api import refusals, requests, storing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options, Query
    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
PROPAGATION = {"Orphan": ORPHAN, "Foreground": FOREGROUND, "Background": ""}
ENDED = ("Failed", "Succeeded")
DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"


def delete(session: Session, row: Row, namespace: str, name: str, options: Options, *, is_admitted: bool = False) -> Object:
    """The object while it lingers, else a Status; NotFound, Conflict, Forbidden. `is_admitted`: an eviction was asked about."""
    from pkctl.api.admission import chain

    asked, row = row, storing.stored(session, row)
    old = storing.read(session, row, namespace, name)
    if old is None:
        raise refusals.not_found(asked, name)
    _check_preconditions(row, name, old, options.preconditions)
    request = requests.Request("delete", session, row, namespace, meta.clone(old), old, options)
    _check_propagation(options)
    if not is_admitted:
        chain.admit(request)
    if row.id == "namespaces" and _terminate(request):
        return storing.update(request)
    return _delete(request)


def _delete(request: Request) -> Object:
    """store.Delete: mark what has grace or finalizers, remove the rest."""
    old, metadata = request.old, request.new["metadata"]
    assert old is not None
    if metadata.get("deletionTimestamp"):
        is_marked = _shorten(request)
        if not is_marked and metadata.get("deletionGracePeriodSeconds"):
            _set_finalizers(request)
            return storing.update(request)
    else:
        is_marked = request.row.id == "pods" and _begin_grace(request)
    _set_finalizers(request)
    if request.row.id == DEFINITIONS:
        _end_definition(request)
    if metadata.get("finalizers"):
        if not is_marked:
            mark(request, 0)
        return storing.update(request)
    if is_marked and metadata["deletionGracePeriodSeconds"]:
        return storing.update(request)
    return finish(request)


def mark(request: Request, grace: int) -> None:
    """Set the time of deletion; a second mark changes nothing."""
    from pkctl.objects import times

    metadata = request.new["metadata"]
    if metadata.get("deletionTimestamp"):
        return
    metadata["deletionTimestamp"] = times.stamp(request.session.api.sources.now() + grace)
    metadata["deletionGracePeriodSeconds"] = grace
    if metadata.get("generation"):
        metadata["generation"] += 1


def _begin_grace(request: Request) -> bool:
    """Pods go when their node says so: at once when they have no node or have ended."""
    pod, asked = request.new, request.options.grace
    grace = asked if asked is not None else meta.at(pod, "spec", "terminationGracePeriodSeconds", default=0)
    if not meta.at(pod, "spec", "nodeName") or meta.at(pod, "status", "phase") in ENDED:
        grace = 0
    mark(request, 1 if grace < 0 else grace)
    return True


def _shorten(request: Request) -> bool:
    """A later request may only shorten the grace."""
    from pkctl.objects import times

    metadata, asked = request.new["metadata"], request.options.grace
    known = metadata.get("deletionGracePeriodSeconds")
    if known is None or asked is None or asked >= known:
        return False
    until = times.parse(metadata["deletionTimestamp"]) - known + asked
    metadata["deletionTimestamp"], metadata["deletionGracePeriodSeconds"] = times.stamp(until), asked
    return True


def _set_finalizers(request: Request) -> None:
    """deletionFinalizersForGarbageCollection."""
    metadata = request.new["metadata"]
    known = list(metadata.get("finalizers") or ())
    if not request.options.propagation:
        return
    wanted = PROPAGATION[request.options.propagation]
    finalizers = [each for each in known if each not in (ORPHAN, FOREGROUND) or each == wanted]
    if wanted and wanted not in finalizers:
        finalizers.append(wanted)
    if finalizers:
        metadata["finalizers"] = finalizers
    else:
        metadata.pop("finalizers", None)


def is_over(request: Request) -> bool:
    """Whether this update took away the last thing that a deleted object waited for."""
    old, new = request.old, request.new
    assert old is not None
    before = old["metadata"]
    if not before.get("deletionTimestamp") or new["metadata"].get("finalizers"):
        return False
    if request.row.id == "namespaces" and meta.at(new, "spec", "finalizers"):
        return False
    return not before.get("deletionGracePeriodSeconds")


def finish(request: Request) -> Object:
    """Remove the object; the Status that says so."""
    storing.delete(request)
    row = request.row
    if row.schema is not None:
        _release(request.session, row)
    elif row.id == DEFINITIONS:
        from pkctl.api import establishing, registering

        establishing.give_names(request.session, request.new)
        registering.follow(request.session, request.new, None)
    said = refusals.details(row, request.name, uid=meta.uid(request.new))
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": said}


def _end_definition(request: Request) -> None:
    """The objects of a definition go first; it stays while one of them lingers."""
    from pkctl.api import establishing

    session = request.session
    row = next((each for each in session.kinds() if each.id == request.name and each.schema is not None), None)
    if row is not None:
        _delete_custom(session, row, request.options)
    if row is not None and session.tx.count(row.prefix):
        establishing.linger(request)
    else:
        _without_cleanup(request.new)


def _delete_custom(session: Session, row: Row, options: Options) -> None:
    chosen = option_module.Options(field_manager=options.field_manager)
    for entry in session.tx.list(row.prefix):
        obj = session.decode(entry)
        if not meta.is_deleting(obj):
            delete(session, row, *meta.key(obj), chosen)


def _release(session: Session, row: Row) -> None:
    """When the last object of a definition that is being deleted has gone, the definition goes."""
    if session.tx.count(row.prefix):
        return
    own = session.row(DEFINITIONS)
    definition = storing.read(session, own, "", row.id)
    if definition is None or not meta.is_deleting(definition):
        return
    new, chosen = meta.clone(definition), option_module.Options(field_manager="apiextensions")
    _without_cleanup(new)
    request = requests.Request("update", session, own, "", new, definition, chosen)
    if is_over(request):
        finish(request)
    else:
        storing.update(request)


def _without_cleanup(definition: Object) -> None:
    from pkctl.api import establishing

    kept = [each for each in definition["metadata"].get("finalizers") or () if each != establishing.CLEANUP]
    definition["metadata"]["finalizers"] = kept


def _terminate(request: Request) -> bool:
    """A namespace first turns Terminating, and stays until its spec's finalizers are gone; whether it stays."""
    namespace = request.new
    if not namespace["metadata"].get("deletionTimestamp"):
        _set_finalizers(request)
        mark(request, 0)
        namespace["metadata"].pop("deletionGracePeriodSeconds", None)
        namespace["status"] = {**(namespace.get("status") or {}), "phase": "Terminating"}
    return bool(meta.at(namespace, "spec", "finalizers") or namespace["metadata"].get("finalizers"))


def _check_preconditions(row: Row, name: str, obj: Object, preconditions: dict[str, str]) -> None:
    for field, shown in (("uid", "UID"), ("resourceVersion", "ResourceVersion")):
        wanted, found = preconditions.get(field), obj["metadata"].get(field)
        if wanted and wanted != found:
            text = f"Precondition failed: {shown} in precondition: {wanted}, {shown} in object meta: {found}"
            raise refusals.conflict(row, name, text)


def _check_propagation(options: Options) -> None:
    if options.propagation not in ("", *PROPAGATION):
        from pkctl import errors

        choices = ", ".join(f'"{each}"' for each in ("Foreground", "Background", "Orphan", "nil"))
        text = f'Invalid value: "{options.propagation}": expected one of [{choices}]'
        cause = {"reason": "FieldValueInvalid", "message": text, "field": "propagationPolicy"}
        raise errors.Invalid(f'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: {text}',
                             {"group": "meta.k8s.io", "kind": "DeleteOptions", "causes": [cause]})  # fmt: skip


def delete_all(session: Session, row: Row, namespace: str, query: Query | None, options: Options) -> Object:
    """Delete what a query lists; the list as it was."""
    from pkctl import errors
    from pkctl.api import listing

    found = listing.page(session, row, namespace, query)
    single = option_module.Options(
        dry_run=False, field_manager=options.field_manager, grace=options.grace, propagation=options.propagation,
        preconditions=options.preconditions,
    )  # fmt: skip
    for obj in found["items"]:
        try:
            delete(session, row, meta.namespace(obj), meta.name(obj), single)
        except errors.NotFound:
            continue
    return found
