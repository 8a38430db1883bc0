"""What a definition's writes entail: its names are accepted or refused, its kind is served, and names that are freed are given to others.

Follows apiextensions-apiserver's naming, establishing and finalizing controllers, which here act within the write itself. Not here: its
objects, which go as it goes (`deletion`).
"""

from __future__ import annotations

from pkctl.api import metadata, options, requests, storing
from pkctl.api.definitions import ID
from pkctl.kinds import customrows
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"


def establish(request: Request) -> None:
    """Give a definition the names that no other of its group has, and serve it from this write on."""
    definition = request.new
    status = definition["status"] = {**(definition.get("status") or {})}
    refused, accepted = _accepted(request.session, definition)
    status["acceptedNames"] = accepted
    said = ("False", *refused) if refused else ("True", "NoConflicts", "no conflicts found")
    conditions = _with(status.get("conditions"), _condition(request, "NamesAccepted", *said))
    known = meta.condition(definition, "Established")
    if not refused and not (known and known["status"] == "True"):
        said = ("True", "InitialNamesAccepted", "the initial names have been accepted")
        conditions = _with(conditions, _condition(request, "Established", *said))
    elif known is None:
        conditions = _with(conditions, _condition(request, "Established", "False", "NotAccepted", "not all names are accepted"))
    status["conditions"] = conditions
    status["storedVersions"] = list(dict.fromkeys([*(status.get("storedVersions") or ()), customrows.storage_version(definition)]))


def _condition(request: Request, kind: str, status: str, reason: str, message: str) -> Object:
    since = metadata.now(request.session)
    return {"lastTransitionTime": since, "message": message, "reason": reason, "status": status, "type": kind}


def _with(conditions: Sequence[Object] | None, new: Object) -> list[Object]:
    """The conditions with `new` in its type's place; its time is the old one when its status stays."""
    known = list(conditions or ())
    for place, old in enumerate(known):
        if old["type"] == new["type"]:
            is_same = old["status"] == new["status"]
            known[place] = {**new, "lastTransitionTime": old["lastTransitionTime"]} if is_same else new
            return known
    return [*known, new]


def _accepted(session: Session, definition: Object) -> tuple[tuple[str, str] | None, Object]:
    """(the reason and message of the last name refused, None when all are free; the names as accepted)."""
    spec, name = definition["spec"], meta.name(definition)
    wanted, known = spec["names"], dict(meta.at(definition, "status", "acceptedNames", default={}))
    others = [each for each in session.read_all(ID) if each["spec"]["group"] == spec["group"] and meta.name(each) != name]
    taken = [each.get("status", {}).get("acceptedNames") or {} for each in others]
    words = {word for each in taken for word in (each.get("plural"), each.get("singular"), *(each.get("shortNames") or ())) if word}
    kinds = {word for each in taken for word in (each.get("kind"), each.get("listKind")) if word}
    refused: tuple[str, str] | None = None
    for field, used in (("plural", words), ("singular", words), ("shortNames", words), ("kind", kinds), ("listKind", kinds)):
        asked, before = wanted.get(field), known.get(field)
        new = [each for each in asked or () if each not in (before or ())] if field == "shortNames" else [asked]
        clashes = [each for each in new if each in used and asked != before]
        if clashes:
            said = [f'"{each}" is already in use' for each in clashes]
            refused = f"{field[:1].upper()}{field[1:]}Conflict", said[0] if len(said) == 1 else f"[{', '.join(said)}]"
        elif asked:
            known[field] = asked
        else:
            known.pop(field, None)
    known.pop("categories", None)
    if wanted.get("categories"):
        known["categories"] = wanted["categories"]
    return refused, {"kind": "", "plural": "", **known}


def linger(request: Request) -> None:
    """A definition whose objects are not all gone stays until they are, and says so."""
    finalizers = request.new["metadata"].get("finalizers") or []
    request.new["metadata"]["finalizers"] = [*(each for each in finalizers if each != CLEANUP), CLEANUP]
    said = _condition(request, "Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress")
    status = request.new["status"] = {**(request.new.get("status") or {})}
    status["conditions"] = _with(status.get("conditions"), said)


def give_names(session: Session, gone: Object) -> None:
    """A definition has gone: definitions of its group that waited for its names get them."""
    own, group = session.row(ID), gone["spec"]["group"]
    for definition in session.read_all(ID):
        if definition["spec"]["group"] != group or meta.is_true(definition, "NamesAccepted") or meta.is_deleting(definition):
            continue
        chosen = options.Options(field_manager="apiextensions")
        request = requests.Request("update", session, own, "", meta.clone(definition), definition, chosen, "status")
        establish(request)
        storing.update(request)
