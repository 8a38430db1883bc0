"""Custom kinds: which rows the definitions serve now, their tables, field selectors and scale.

Not here: what a definition's own writes entail (`establishing`, `deletion`), what a schema does to objects (kinds/custom).
"""

from __future__ import annotations

from pkctl.kinds import columns, customrows, table
from pkctl.objects import meta
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

    Paths = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

ID = "customresourcedefinitions.apiextensions.k8s.io"
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


def _since(text: str, now: float) -> str:
    from pkctl.objects import times

    try:
        return times.since("" if text == "null" else text, now)
    except times.TimeError:
        return "<invalid>"


def _cell(path: Any, column: Object, obj: Object, now: float) -> Any:
    """A cell as apiextensions' table converter fills it: nothing where the value is not of the column's type."""
    from pkctl.objects import jsonpath

    try:
        found = path.values(obj)
    except jsonpath.JSONPathError:
        return None
    if not found or found[0] is None:
        return None
    value, kind = found[0], column.get("type")
    if kind == "date":
        return _since(value, now) if isinstance(value, str) else None
    if kind in NUMBERS:
        is_fit = isinstance(value, NUMBERS[kind]) and isinstance(value, bool) == (kind == "boolean")
        return (int(value) if kind == "integer" else value) if is_fit else None
    return _text(value)
