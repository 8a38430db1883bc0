"""Who owns which field: metadata.managedFields, kept at every write, and what server-side apply decides by it.

Follows apimachinery/pkg/util/managedfields/internal and structured-merge-diff's merge/update.go.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import conversion, fieldsets, metadata
from pkctl.kinds import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.api.fieldsets import Set
    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Entry = dict[str, Any]
    Difference = tuple[Set | None, Set | None]
    Differences = Callable[[str], Difference | None]

APPLY, UPDATE = "Apply", "Update"
MOST_UPDATERS = 10
"""Update managers kept apart; the oldest of more become one."""

ANCIENT = "ancient-changes"
BEFORE_FIRST = "before-first-apply"
NOT_OWNED = ("name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion")
PRESENT = frozenset({"jobTemplate", "metadata", "resources", "spec", "status", "strategy", "template", "updateStrategy"})
"""Structs that Go writes also when empty: creating an object does not add them."""

PRESENT_LISTS = frozenset({"containers", "rules"})


def record(request: Request) -> None:
    """Note in the new object what this request's manager changed; a server-side apply has done so itself."""
    if request.is_applied:
        return
    new, old = request.new, request.old
    entries = _known(request)
    if old is not None and not entries:
        new["metadata"].pop("managedFields", None)
        return
    changes = differences(request.session, request.asked, new, old)
    set_entries(new, updated(entries, _updater(request), changes, metadata.now(request.session)))


def versions(session: Session, row: Row) -> Callable[[str], Row | None]:
    """What finds the row that serves a kind's objects in a version; None for a version that is not served (any more)."""

    def find(api_version: str) -> Row | None:
        if api_version == row.api_version:
            return row
        found = session.kinds().by_gvk(api_version, row.kind)
        return found if found is not None and found.storage == row.storage else None

    return find


def differences(session: Session, row: Row, new: Object, old: Object | None) -> Differences:
    """What tells, for a version, the fields changed and those removed, or None where it is not served.

    Fields are called what they are in the version they were written in, so both objects are compared in it.
    """
    known: dict[str, Difference | None] = {}
    served = versions(session, row)

    def difference(api_version: str) -> Difference | None:
        if api_version not in known:
            found = served(api_version)
            known[api_version] = _difference(found, new, old) if found is not None else None
        return known[api_version]

    return difference


def _difference(row: Row, new: Object, old: Object | None) -> Difference:
    before = conversion.to(row, old) if old is not None else None
    return fieldsets.compare(*_comparable(row, conversion.to(row, new), before), schema.shape(row))


def _known(request: Request) -> list[Entry]:
    """The entries to go on from: the request's own where it may set them, else the object's."""
    old = request.old
    given = request.new["metadata"].get("managedFields")
    if old is None:
        return []
    if not request.subresource:
        if given in ([{}], []):
            return []
        if given and all(map(_is_readable, given)):
            return list(given)
    return list(old["metadata"].get("managedFields") or ())


def _is_readable(entry: Entry) -> bool:
    """Whether an entry can be gone on from; what was there before is kept instead of entries that can't."""
    if entry.get("operation") not in (APPLY, UPDATE) or not entry.get("apiVersion") or entry.get("fieldsType") != "FieldsV1":
        return False
    return fieldsets.is_set(entry.setdefault("fieldsV1", {}))


def _updater(request: Request) -> Entry:
    found = {"manager": request.options.field_manager, "operation": UPDATE, "apiVersion": request.asked.api_version}
    return {**found, "subresource": request.subresource} if request.subresource else found


def identity(entry: Entry) -> tuple[str, str, str, str]:
    """What tells managers apart; appliers are the same in every version."""
    version = "" if entry.get("operation") == APPLY else entry.get("apiVersion", "")
    return entry.get("manager", ""), entry.get("operation", ""), version, entry.get("subresource", "")


def _comparable(row: Row, new: Object, old: Object | None) -> tuple[Object, Object]:
    """(before, after) without what nobody owns."""
    after = owned_part(new)
    return (owned_part(old) if old is not None else _empty(row, after)), after


def _empty(row: Row, obj: Object) -> Object:
    """What a new object is compared with: Go's empty struct, or next to nothing for a custom kind."""
    return _skeleton(obj) if row.schema is None else {name: {} for name in ("metadata",) if name in obj}


def owned_part(obj: Object) -> Object:
    """An object without what no manager can own."""
    found = {name: value for name, value in obj.items() if name not in ("apiVersion", "kind", "metadata")}
    kept = {name: value for name, value in (obj.get("metadata") or {}).items() if name not in NOT_OWNED}
    return {**found, "metadata": kept} if kept else found


def _skeleton(obj: Object) -> Object:
    found: Object = {name: _skeleton(value) for name, value in obj.items() if name in PRESENT and isinstance(value, dict) and value}
    return found | {name: [] for name, value in obj.items() if name in PRESENT_LISTS and isinstance(value, list)}


def updated(entries: list[Entry], manager: Entry, changes: Differences, now: str) -> list[Entry]:
    """The entries after `manager` wrote: it owns what it changed, nobody owns what is gone."""
    own = identity(manager)
    mine = next((entry for entry in entries if identity(entry) == own), None)
    result = [left for entry in entries if entry is not mine and (left := _left(entry, changes(entry["apiVersion"]))) is not None]
    changed, removed = changes(manager["apiVersion"]) or (None, None)
    fields = fieldsets.subtract(mine["fieldsV1"], removed) if mine and removed is not None else mine and mine["fieldsV1"]
    if changed is not None:
        fields = fieldsets.union(fields, changed) if fields is not None else changed
    if fields is not None:
        result.append(entry_of(manager, fields, now if changed is not None else (mine or {}).get("time")))
    return _capped(result)


def _left(entry: Entry, difference: Difference | None) -> Entry | None:
    """What another's write leaves of an entry; nothing of one in a version that is not served, whose fields nobody knows."""
    left: Set | None = entry["fieldsV1"] if difference is not None else None
    for taken in difference or ():
        if taken is not None and left is not None:
            left = fieldsets.subtract(left, taken)
    if left is None:
        return None
    return entry if left == entry["fieldsV1"] else {**entry, "fieldsV1": left}


def entry_of(manager: Entry, fields: Set, time: str | None) -> Entry:
    """A manager's entry. One that has changed nothing yet, but states what is there, has no time."""
    found = {field: manager[field] for field in ("manager", "operation", "apiVersion")}
    if time:
        found["time"] = time
    found |= {"fieldsType": "FieldsV1", "fieldsV1": fields}
    return {**found, "subresource": manager["subresource"]} if manager.get("subresource") else found


def _capped(entries: list[Entry]) -> list[Entry]:
    """The oldest of too many updaters made one, for each version they wrote in."""
    updaters = sorted((each for each in entries if each["operation"] == UPDATE), key=lambda each: (each.get("time", ""), identity(each)))
    first: dict[str, Entry] = {}
    left = len(updaters)
    for entry in updaters:
        version = entry["apiVersion"]
        if left <= MOST_UPDATERS:
            break
        if version not in first:
            first[version] = entry
            continue
        known = first[version]
        fields = fieldsets.union(entry["fieldsV1"], known["fieldsV1"])
        manager = {"manager": ANCIENT, "operation": UPDATE, "apiVersion": version}
        first[version] = entry_of(manager, fields, entry.get("time"))
        entries = [each for each in entries if each is not entry and each is not known] + [first[version]]
        left -= 1
    return entries


def set_entries(obj: Object, entries: list[Entry]) -> None:
    """Write the entries into an object, in the server's order."""
    if entries:
        obj["metadata"]["managedFields"] = sorted(entries, key=_order)
    else:
        obj["metadata"].pop("managedFields", None)


def is_same_but_for_times(new: Object, old: Object) -> bool:
    """Whether a write would only tell a later time of the same changes: no reason to write."""
    entries, known = new["metadata"].get("managedFields") or (), old["metadata"].get("managedFields") or ()
    if len(entries) != len(known) or any(new.get(field) != old.get(field) for field in {*new, *old} - {"metadata"}):
        return False
    if {**new["metadata"], "managedFields": None} != {**old["metadata"], "managedFields": None}:
        return False
    return _timeless(entries) == _timeless(known)


def _timeless(entries: Sequence[Entry]) -> list[Entry]:
    return [{**each, "time": None} for each in sorted(entries, key=identity)]


def _order(entry: Entry) -> tuple[str, str, str, str, str]:
    manager, operation, version, subresource = identity(entry)
    return operation, entry.get("time", ""), manager, version, subresource


def before_first(row: Row, obj: Object, now: str) -> list[Entry]:
    """What an object that nobody kept account of is taken to be: all somebody's who was there before."""
    manager = {"manager": BEFORE_FIRST, "operation": UPDATE, "apiVersion": row.api_version}
    part = owned_part(obj)
    changed, _ = fieldsets.compare(_empty(row, part), part, schema.shape(row))
    return [entry_of(manager, changed, now)] if changed is not None else []


def conflicts(entries: list[Entry], own: tuple[str, str, str, str], changes: Differences) -> list[tuple[Entry, str]]:
    """(entry, path) for each field of another manager that a change would overwrite."""
    found = []
    for entry in entries:
        changed, _ = changes(entry["apiVersion"]) or (None, None)
        if identity(entry) == own or changed is None:
            continue
        if (both := fieldsets.intersect(entry["fieldsV1"], changed)) is not None:
            found += [(entry, path) for path in fieldsets.paths(both)]
    return sorted(found, key=lambda each: identity(each[0]))


def conflict_error(found: list[tuple[Entry, str]]) -> errors.Conflict:
    """`Apply failed with 1 conflict: …`."""
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict with {shown(entry)}", "field": path} for entry, path in found]
    if len(found) == 1:
        entry, path = found[0]
        return errors.Conflict(f"Apply failed with 1 conflict: conflict with {shown(entry)}: {path}", {"causes": causes})
    lines: list[str] = []
    for number, (entry, path) in enumerate(found):
        if not number or identity(found[number - 1][0]) != identity(entry):
            lines.append(f"conflicts with {shown(entry)}:")
        lines.append(f"- {path}")
    text = "\n".join(lines)
    return errors.Conflict(f"Apply failed with {len(found)} conflicts: {text}", {"causes": causes})


def shown(entry: Entry) -> str:
    """A manager as conflicts name it."""
    text = f'"{entry["manager"]}"'
    if entry.get("subresource"):
        text += f' with subresource "{entry["subresource"]}"'
    return f"{text} using {entry['apiVersion']}" if entry["operation"] == UPDATE else text
