"""Server-side apply: a manager's whole wish for an object, merged by ownership.

Follows apimachinery/pkg/util/managedfields/internal (structuredmerge, lastappliedmanager, skipnonapplied) and the apply patcher of
apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from functools import partial

from pkctl import errors
from pkctl.api import configurations, conversion, fieldsets, merging, metadata, ownership, reading, refusals, requests, storing, writing
from pkctl.kinds import schema
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.fieldsets import Set
    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
NAMED: Set = {"f:metadata": {"f:name": {}}}
"""What every wish states, though no entry says so."""

KUBECTL = "kubectl"
"""The one manager that may take over what client-side apply wrote."""


def apply(session: Session, row: Row, namespace: str, name: str, wish: Object, options: Options) -> Object:
    """The object after the apply, created when it was not there; Conflict when another manager owns a changed field, unless forced."""
    wanted = _configuration(row, namespace, name, wish, options)
    kept = storing.stored(session, row)
    old = storing.read(session, kept, namespace, name)
    if old is None:
        return _create(session, row, namespace, name, wanted, options)
    new = merged(session, row, conversion.to(row, old), wanted, options)
    if revision := wanted["metadata"].get("resourceVersion"):
        new["metadata"]["resourceVersion"] = revision
    entries = new["metadata"].pop("managedFields", [])
    new = reading.decoded(session, row, new, options)
    ownership.set_entries(new, entries)
    request = requests.Request("update", session, kept, namespace, new, old, options, options.subresource, asked=row)
    request.is_applied = True
    return writing.replace(request)


def _configuration(row: Row, namespace: str, name: str, wish: Object, options: Options) -> Object:
    """The wish, read as its kind, cut down to what this way in may set."""
    if not isinstance(wish, dict):
        raise errors.BadRequest("error decoding YAML: the patch is no object")
    reading.check_type(row, wish)
    place = f"{namespace if row.namespaced else ''}/{name}"
    configurations.check(row.api_version, row.kind, place, wish, schema.shape(row))
    if (wish.get("metadata") or {}).get("managedFields") is not None:
        raise errors.BadRequest("metadata.managedFields must be nil")
    wanted = {**wish, "apiVersion": row.api_version, "kind": row.kind, "metadata": {**(wish.get("metadata") or {})}}
    own = wanted["metadata"]
    if own.get("name") not in (None, "", name):
        raise errors.BadRequest(f"the name of the object ({own['name']}) does not match the name on the URL ({name})")
    own["name"] = name
    metadata.place(row, namespace, own)
    if options.subresource == "status":
        return {field: wanted[field] for field in ("apiVersion", "kind", "metadata", "status") if field in wanted}
    if "status" in row.subresources:
        wanted.pop("status", None)
    return wanted


def _manager(row: Row, options: Options) -> Object:
    found = {"manager": options.field_manager, "operation": ownership.APPLY, "apiVersion": row.api_version}
    return {**found, "subresource": options.subresource} if options.subresource else found


def merged(session: Session, row: Row, old: Object, wanted: Object, options: Options) -> Object:
    """The old object with the wish merged in, what the manager dropped taken out, and managedFields brought up to date."""
    shape, now, manager = schema.shape(row), metadata.now(session), _manager(row, options)
    own = ownership.identity(manager)
    mine = fieldsets.applied(ownership.owned_part(wanted), shape)
    entries = list(old["metadata"].get("managedFields") or ())
    if mine and not entries:
        entries = ownership.before_first(row, old, now)
    before = next((each for each in entries if ownership.identity(each) == own), None)
    rest = [each for each in entries if each is not before]
    base = {**old, "metadata": {key: value for key, value in old["metadata"].items() if key != "managedFields"}}
    new: Object = merging.merge(base, {**wanted, "metadata": _settable(wanted["metadata"])}, shape)
    if before is not None and (before["fieldsV1"], before["apiVersion"]) != (mine, row.api_version):
        # Who states what was stated before drops nothing.
        new = _pruned(session, row, new, before, [*rest, {**manager, "fieldsV1": mine}])
    changes = ownership.differences(session, row, new, base)
    _check_conflicts(row, entries, own, changes, old, options)
    kept = ownership.updated(rest, {**manager, "manager": ""}, changes, now)
    kept = [each for each in kept if each["manager"]]
    if mine:
        kept.append(ownership.entry_of(manager, mine, now if new != base else (before or {}).get("time")))
    return {**new, "metadata": {**new["metadata"], **_annotated(old, new, wanted, options), "managedFields": kept}}


def _pruned(session: Session, row: Row, new: Object, before: Object, entries: list[Object]) -> Object:
    """The merged object without what the manager's entry of before had and nobody's has now, each version's fields told apart."""
    served = ownership.versions(session, row)
    last = served(before["apiVersion"])
    if last is None:
        return new
    owned: dict[str, Set] = {last.api_version: NAMED}
    for entry in entries:
        version, fields = entry["apiVersion"], entry["fieldsV1"]
        owned[version] = fieldsets.union(owned[version], fields) if version in owned else fields
    kept, there = owned.pop(last.api_version), partial(conversion.to, last)
    others = [(found, fields) for version, fields in owned.items() if (found := served(version)) is not None]
    elsewhere = [(partial(conversion.to, found), there, fields, schema.shape(found)) for found, fields in others]
    pruned: Object = merging.prune(there(new), before["fieldsV1"], kept, schema.shape(last), elsewhere)
    return conversion.to(row, pruned)


def _settable(own: Object) -> Object:
    """Metadata without what the system writes, so that a wish can't overwrite it."""
    return {field: value for field, value in own.items() if field not in ownership.NOT_OWNED}


def _check_conflicts(
    row: Row, entries: list[Object], own: tuple[str, str, str, str], changes: ownership.Differences, old: Object, options: Options
) -> None:
    found = [] if options.force else ownership.conflicts(entries, own, changes)
    if options.subresource == "scale":
        # Who applies a Scale sees every owner of the replicas as one of the Scale's.
        found = [({**entry, "apiVersion": "autoscaling/v1"}, ".spec.replicas") for entry, _ in found]
    if found and options.field_manager == KUBECTL:
        allowed = _client_side(row, old)
        found = [(entry, path) for entry, path in found if path not in allowed]
    if found:
        raise ownership.conflict_error(found)


def _last_applied(obj: Object) -> str:
    return str(meta.annotations(obj).get(LAST_APPLIED, ""))


def _client_side(row: Row, old: Object) -> set[str]:
    """The fields that client-side apply set last, by its annotation, and that nobody changed since."""
    import json

    try:
        said = json.loads(_last_applied(old) or "{}")
    except ValueError:
        return set()
    if not isinstance(said, dict) or said.get("apiVersion") != row.api_version:
        return set()
    shape, wanted = schema.shape(row), ownership.owned_part(said)
    found: Set | None = fieldsets.applied(wanted, shape)
    for different in fieldsets.compare(wanted, ownership.owned_part(old), shape):
        found = fieldsets.subtract(found, different) if found and different else found
    return set(fieldsets.paths(found or {}))


def _annotated(old: Object, new: Object, wanted: Object, options: Options) -> Object:
    """kubectl's own annotation follows kubectl's own server-side applies, so that one may go back to the client's side."""
    if options.field_manager != KUBECTL or options.subresource or not _last_applied(old):
        return {}
    import json

    own = {field: value for field, value in wanted["metadata"].items() if field != "resourceVersion"}
    own["annotations"] = {key: value for key, value in (own.get("annotations") or {}).items() if key != LAST_APPLIED}
    text = json.dumps({**wanted, "metadata": own}, separators=(",", ":"), sort_keys=True) + "\n"
    return {"annotations": {**meta.annotations(new), LAST_APPLIED: text}}


def _create(session: Session, row: Row, namespace: str, name: str, wanted: Object, options: Options) -> Object:
    if options.subresource:
        raise refusals.not_found(row, name)
    if uid := wanted["metadata"].get("uid"):
        text = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
        raise refusals.conflict(row, name, text)
    mine = fieldsets.applied(ownership.owned_part(wanted), schema.shape(row))
    new = reading.decoded(session, row, wanted, options)
    if mine:
        ownership.set_entries(new, [ownership.entry_of(_manager(row, options), mine, metadata.now(session))])
    request = requests.Request("create", session, storing.stored(session, row), namespace, new, None, options, asked=row)
    request.is_applied = True
    return writing.insert(request)
