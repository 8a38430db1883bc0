"""Custom kinds: which rows the definitions serve now, their tables, field selectors and scale; and what a definition's writes entail.

Follows apiextensions-apiserver's naming, establishing and finalizing controllers, which here act within the write itself: names are
accepted and the kind is served as the definition is stored, its objects go as it goes, and names it frees are given to others at once.
Not here: what a schema does to objects (kinds/custom).
"""

from __future__ import annotations

from pkctl.api import options, requests, storing
from pkctl.kinds import columns, customrows, table
from pkctl.objects import meta
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

    Paths = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

ID = "customresourcedefinitions.apiextensions.k8s.io"
CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
AGE = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp",
       "description": "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed "
       "to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form "
       "and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: "
       "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"}  # fmt: skip
NUMBERS: dict[str, tuple[type, ...]] = {"integer": (int, float), "number": (int, float), "boolean": (bool,)}


def served(session: Session) -> table.Kinds:
    """The built-in kinds and those of every established definition.

    The API keeps them with the revision they were read at, which only readers may set: what a transaction sees may be undone.
    """
    rev, kinds = session.tx.rev(), session.api.custom[1]
    if _has_changed(session, rev):
        definitions = [session.decode(entry) for entry in session.tx.list(f"{ID}/")]
        made = [row for each in definitions if meta.is_true(each, "Established") for row in customrows.rows(each)]
        kinds = table.BUILTIN.with_rows(made)
    if not hasattr(session.tx, "put"):
        session.api.custom = (rev, kinds)
    return kinds


def _has_changed(session: Session, rev: int) -> bool:
    """Whether a definition has changed since the kinds that the API keeps."""
    known = session.api.custom[0]
    if known is None or rev < known:
        return True
    try:
        return rev != known and bool(session.tx.changes(known, (f"{ID}/",), limit=1))
    except base.Compacted:
        return True


def _form(row: table.Row) -> Object:
    return getattr(row, "form", {})


def fields(row: table.Row) -> dict[str, Callable[[Object], str]]:
    """What `selectableFields` lets field selectors ask for."""
    paths = [_path(each.get("jsonPath", "")) for each in _form(row).get("selectableFields") or ()]
    return {".".join(path): _reader(path) for path in paths}


def _reader(path: tuple[str, ...]) -> Callable[[Object], str]:
    return lambda obj: _text(meta.at(obj, *path, default=""))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.strip(".").split("."))


def scale_paths(row: table.Row) -> Paths:
    """Where the scale subresource finds desired and current replicas and the selector."""
    found = meta.at(_form(row), "subresources", "scale", default={})
    selector = _path(found["labelSelectorPath"]) if found.get("labelSelectorPath") else ("",)
    return _path(found.get("specReplicasPath", ".spec.replicas")), _path(found.get("statusReplicasPath", ".status.replicas")), selector


def table_shape(row: table.Row) -> tuple[Sequence[columns.Column], Callable[[Object, float], list[Any]]]:
    """Name and the definition's printer columns (Age when it names none)."""
    from pkctl.kinds import cells as shared
    from pkctl.objects import jsonpath

    wanted = _form(row).get("additionalPrinterColumns") or [AGE]
    try:
        paths = [jsonpath.parse("{" + each["jsonPath"] + "}") for each in wanted]
    except jsonpath.JSONPathError:
        wanted, paths = [AGE], [jsonpath.parse("{" + AGE["jsonPath"] + "}")]
    form = [shared.NAME, *(_column(each) for each in wanted)]

    def cells(obj: Object, now: float) -> list[Any]:
        return [meta.name(obj), *(_cell(path, each, obj, now) for path, each in zip(paths, wanted, strict=True))]

    return form, cells


def _column(said: Object) -> columns.Column:
    description = said.get("description") or f"Custom resource definition column (in JSONPath format): {said['jsonPath']}"
    kind, form = said.get("type", "string"), said.get("format", "")
    return columns.Column(said["name"], kind, priority=said.get("priority", 0), format=form, description=description)


def _cell(path: Any, column: Object, obj: Object, now: float) -> Any:
    """A cell as apiextensions' table converter fills it: nothing where the value is not of the column's type."""
    from pkctl.objects import jsonpath, times

    try:
        found = path.values(obj)
    except jsonpath.JSONPathError:
        return None
    if not found or found[0] is None:
        return None
    value, kind = found[0], column.get("type")
    if kind == "date":
        return times.since(str(value), now)
    if kind in NUMBERS:
        is_fit = isinstance(value, NUMBERS[kind]) and isinstance(value, bool) == (kind == "boolean")
        return (int(value) if kind == "integer" else value) if is_fit else None
    return _text(value)


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
    from pkctl.api import metadata

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


def empty(request: Request) -> bool:
    """Delete the objects of a definition that is being deleted; whether none is left. One that lingers keeps the definition there."""
    from pkctl.api import resources

    session = request.session
    kinds = [row for row in session.kinds() if row.id == request.name and row.schema is not None]
    row = kinds[0] if kinds else None
    if row is None:
        return True
    chosen = options.Options(field_manager=request.options.field_manager)
    for entry in session.tx.list(row.prefix):
        obj = session.decode(entry)
        if not meta.is_deleting(obj):
            resources.delete(session, row, *meta.key(obj), chosen)
    if not session.tx.count(row.prefix):
        return True
    finalizers = request.new["metadata"].get("finalizers") or []
    request.new["metadata"]["finalizers"] = [*(each for each in finalizers if each != CLEANUP), CLEANUP]
    said = _condition(request, "Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress")
    status = request.new["status"] = {**(request.new.get("status") or {})}
    status["conditions"] = _with(status.get("conditions"), said)
    return False


def release(session: Session, row: table.Row) -> None:
    """The last object of a definition that is being deleted has gone: now the definition goes."""
    if session.tx.count(row.prefix):
        return
    own = session.row(ID)
    definition = storing.read(session, own, "", row.id)
    if definition is None or not meta.is_deleting(definition):
        return
    from pkctl.api import resources

    new = meta.clone(definition)
    new["metadata"]["finalizers"] = [each for each in meta.at(new, "metadata", "finalizers", default=()) if each != CLEANUP]
    resources.replace(requests.Request("update", session, own, "", new, definition, options.Options(field_manager="apiextensions")))


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
