"""Custom kinds: rows made from CustomResourceDefinitions, their tables, field selectors and scale; and what ends with a definition.

Follows apiextensions-apiserver's naming and finalizing controllers, which here act within the write itself: a definition is
established as it is stored, and its objects go as it goes. Not here: what a schema allows (kinds/).
"""

from __future__ import annotations

from pkctl.api import options, requests, storing
from pkctl.kinds import columns, table
from pkctl.objects import meta

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
AGE = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}


class CustomRow(table.Row):
    """A row with the part of the definition that describes its version."""

    __slots__ = ("form",)

    def __init__(self, definition: Object, form: Object) -> None:
        spec = definition["spec"]
        names, subresources = spec["names"], form.get("subresources") or {}
        super().__init__(
            spec["group"],
            form["name"],
            names["kind"],
            names["plural"],
            namespaced=spec.get("scope") != "Cluster",
            short=names.get("shortNames") or (),
            categories=names.get("categories") or (),
            singular=names.get("singular") or names["kind"].lower(),
            subresources=[name for name in ("scale", "status") if name in subresources],
            schema=meta.at(form, "schema", "openAPIV3Schema", default={}),
        )
        self.form = form


def served(session: Session) -> table.Kinds:
    """The built-in kinds and those of every established definition, kept as long as no definition changes."""
    entries = session.tx.list(f"{ID}/")
    mark = tuple((entry.key, entry.rev) for entry in entries)
    if session.api.custom[0] != mark:
        definitions = [session.decode(entry) for entry in entries]
        made = [row for each in definitions if meta.is_true(each, "Established") for row in rows(each)]
        session.api.custom = (mark, table.BUILTIN.with_rows(made))
    return session.api.custom[1]


def rows(definition: Object) -> list[CustomRow]:
    """A row for each served version, the preferred one first."""
    forms = [form for form in definition["spec"].get("versions") or () if form.get("served")]
    return [CustomRow(definition, form) for form in sorted(forms, key=lambda form: _priority(form["name"]))]


def _priority(version: str) -> tuple[Any, ...]:
    """Kubernetes' version order: v2, v1, v1beta2, v1beta1, v1alpha1, then others by name."""
    import re

    match = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if match is None:
        return (3, 0, 0, version)
    rank = {None: 0, "beta": 1, "alpha": 2}[match[2]]
    return (rank, -int(match[1]), -int(match[3] or 0), version)


def _form(row: table.Row) -> Object:
    return getattr(row, "form", {})


def fields(row: table.Row) -> dict[str, Callable[[Object], str]]:
    """What `selectableFields` lets field selectors ask for."""
    paths = [_path(each.get("jsonPath", "")) for each in _form(row).get("selectableFields") or ()]
    return {".".join(path): _reader(path) for path in paths}


def _reader(path: tuple[str, ...]) -> Callable[[Object], str]:
    return lambda obj: _text(meta.at(obj, *path, default=""))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _path(text: str) -> tuple[str, ...]:
    return tuple(text.strip(".").split("."))


def scale_paths(row: table.Row) -> Paths:
    """Where the scale subresource finds desired and current replicas and the selector."""
    found = meta.at(_form(row), "subresources", "scale", default={})
    selector = _path(found["labelSelectorPath"]) if found.get("labelSelectorPath") else ("",)
    return _path(found.get("specReplicasPath", ".spec.replicas")), _path(found.get("statusReplicasPath", ".status.replicas")), selector


def table_shape(row: table.Row) -> tuple[Sequence[columns.Column], Callable[[Object, float], list[Any]]]:
    """Name and the definition's printer columns (Age when it names none)."""
    from pkctl.objects import jsonpath

    wanted = _form(row).get("additionalPrinterColumns") or [AGE]
    paths = [jsonpath.parse("{" + each["jsonPath"] + "}") for each in wanted]
    form = [columns.Column("Name", format="name")]
    form += [
        columns.Column(
            each["name"],
            each.get("type", "string"),
            priority=each.get("priority", 0),
            format=each.get("format", ""),
            description=each.get("description", ""),
        )
        for each in wanted
    ]

    def cells(obj: Object, now: float) -> list[Any]:
        return [meta.name(obj), *(_cell(path, each, obj, now) for path, each in zip(paths, wanted, strict=True))]

    return form, cells


def _cell(path: Any, column: Object, obj: Object, now: float) -> Any:
    from pkctl.objects import jsonpath, times

    try:
        found = path.values(obj)
    except jsonpath.JSONPathError:
        return None
    if not found:
        return None
    if column.get("type") == "date":
        return times.since(str(found[0]), now)
    return found[0] if column.get("type") in ("integer", "number", "boolean") else _text(found[0])


def establish(request: Request) -> None:
    """Accept a definition's names unless another kind of its group has them, and serve it from this write on."""
    definition, now = request.new, _now(request)
    names = {key: value for key, value in definition["spec"]["names"].items() if value}
    names.setdefault("singular", names["kind"].lower())
    names.setdefault("listKind", f"{names['kind']}List")
    definition["spec"]["names"] = names
    clash = _clash(request, names)
    status = definition["status"] = {**(definition.get("status") or {})}
    accepted = ("False", clash, f"{clash}") if clash else ("True", "NoConflicts", "no conflicts found")
    established = ("False", "NotAccepted", "not all names are accepted") if clash else (
        "True", "InitialNamesAccepted", "the initial names have been accepted")  # fmt: skip
    status["conditions"] = [
        _condition(definition, kind, *said, now=now) for kind, said in (("NamesAccepted", accepted), ("Established", established))
    ]
    status["acceptedNames"] = {} if clash else names
    storage = [form["name"] for form in definition["spec"].get("versions") or () if form.get("storage")]
    status["storedVersions"] = list(dict.fromkeys([*(status.get("storedVersions") or ()), *storage]))
    finalizers = request.new["metadata"].get("finalizers") or []
    if request.verb == "create" and CLEANUP not in finalizers:
        request.new["metadata"]["finalizers"] = [*finalizers, CLEANUP]


def _now(request: Request) -> str:
    from pkctl.api import metadata

    return metadata.now(request.session)


def _condition(definition: Object, kind: str, status: str, reason: str, message: str, *, now: str) -> Object:
    known = meta.condition(definition, kind)
    since = known["lastTransitionTime"] if known and known.get("status") == status else now
    return {"lastTransitionTime": since, "message": message, "reason": reason, "status": status, "type": kind}


def _clash(request: Request, names: Object) -> str:
    """The reason why the names can't be accepted, as `PluralConflict`."""
    group = request.new["spec"]["group"]
    others = [row for row in request.session.kinds() if row.group == group and row.id != request.name]
    for field, reason in (("plural", "PluralConflict"), ("singular", "SingularConflict"), ("kind", "KindConflict")):
        if any(names[field] == getattr(row, field) for row in others):
            return reason
    taken = {word for row in others for word in row.short}
    return "ShortNamesConflict" if taken & set(names.get("shortNames") or ()) else ""


def empty(request: Request) -> bool:
    """Delete the objects of a definition that is being deleted; whether none is left."""
    from pkctl.api import resources

    session = request.session
    found = rows(request.new)
    if not found:
        return True
    row = found[0]
    chosen = options.Options(field_manager=request.options.field_manager)
    for entry in session.tx.list(row.prefix):
        obj = session.decode(entry)
        if not meta.is_deleting(obj):
            resources.delete(session, row, *meta.key(obj), chosen)
    return not session.tx.count(row.prefix)


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
