"""What `apply --server-side` owes an object that client-side apply made: its note is kept, its fields pass to the one who applies now.

Upstream: kubectl's cmd/apply/apply.go (saveLastApplyAnnotationIfNecessary, migrateToSSAIfNecessary) and client-go's util/csaupgrade.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.cli.context import Context
    from pkctl.cli.visiting import Visit

    Object = dict[str, Any]
    Entry = dict[str, Any]

OWN = "kubectl"
"""Who applies on the server when nobody else is named; only that one's note is kept up to date."""

KEEPER = "kubectl-last-applied"
TRIES = 5
TRIED = "This is non-fatal and will be retried next time you apply. Error: {}"
UNSAVED = f"failed to migrate {writes.LAST_APPLIED} for Server-Side Apply. {TRIED}"
UNMOVED = f"server rejected managed fields migration to Server-Side Apply. {TRIED}"
UNSENT = f"failed to re-apply configuration after performing Server-Side Apply migration. {TRIED}"


def migrated(ctx: Context, visit: Visit, obj: Object, options: Options) -> Object:
    """The applied object, once its fields have moved; a migration that fails is told and tried again at the next apply."""
    said = UNSAVED
    try:
        obj = _saved(ctx, visit, obj, options)
        said = UNMOVED
        moved = _moved(ctx, visit, obj, options)
        said = UNSENT
        return obj if moved is None else ctx.client.patch(visit.row, visit.namespace, visit.name, "apply", visit.obj, options)
    except errors.StatusError as error:
        ctx.warn(said.format(error))
    return obj


def _saved(ctx: Context, visit: Visit, obj: Object, options: Options) -> Object:
    """The object with a keeper of its note, without whom the note would go with the client's fields."""
    note = writes.last_applied(obj)
    if options.field_manager != OWN or not note or owners(obj, "Apply"):
        return obj
    meta = {"name": visit.name, **({"namespace": visit.namespace} if visit.namespace else {}), "annotations": {writes.LAST_APPLIED: note}}
    kept = {"apiVersion": visit.row.api_version, "kind": visit.row.kind, "metadata": meta}
    found: Object = ctx.client.patch(visit.row, visit.namespace, visit.name, "apply", kept, _as(options, KEEPER))
    return found


def _as(options: Options, name: str) -> Options:
    from pkctl.api import options as api_options

    return api_options.Options(dry_run=options.dry_run, field_manager=name, validation=options.validation)


def _moved(ctx: Context, visit: Visit, obj: Object, options: Options) -> Object | None:
    """The object after the client's fields have become the applier's; None when there were none."""
    clients = {entry["manager"] for entry in owners(obj, "Update")}
    for left in reversed(range(TRIES)):
        entries = (obj.get("metadata") or {}).get("managedFields") or []
        after = entries
        for client in sorted(clients):
            after = upgraded(after, client, options.field_manager)
        if after == entries:
            return None
        patch = [
            {"op": "replace", "path": "/metadata/managedFields", "value": after},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": obj["metadata"]["resourceVersion"]},
        ]
        try:
            found: Object = ctx.client.patch(visit.row, visit.namespace, visit.name, "json", patch, _as(options, options.field_manager))
            return found
        except errors.Conflict:
            if not left:
                raise
            obj = ctx.client.get(visit.row, visit.namespace, visit.name)
    return None


def owners(obj: Object, operation: str) -> list[Entry]:
    """The entries of an operation that own the note."""
    found = []
    for entry in (obj.get("metadata") or {}).get("managedFields") or []:
        marks = ((entry.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations") or {}
        if entry["operation"] == operation and f"f:{writes.LAST_APPLIED}" in marks:
            found.append(entry)
    return found


def upgraded(entries: list[Entry], client: str, applier: str) -> list[Entry]:
    """The entries with what `client` updated owned by `applier`'s applying; the client's own are gone."""
    from pkctl.api import fieldsets

    theirs = [entry for entry in entries if _is(entry, client, "Update")]
    target = next((entry for entry in entries if _is(entry, applier, "Apply")), theirs[0] if theirs else None)
    if target is None:
        return entries
    same = next((entry for entry in theirs if entry["apiVersion"] == target["apiVersion"]), None)
    fields = target["fieldsV1"] if same is None else fieldsets.union(target["fieldsV1"], same["fieldsV1"])
    made = {**target, "manager": applier, "operation": "Apply", "fieldsV1": fields}
    return [made if entry is target else entry for entry in entries if entry is target or not _is(entry, client, "Update")]


def _is(entry: Entry, name: str, operation: str) -> bool:
    return bool(entry["manager"] == name and entry["operation"] == operation and not entry.get("subresource"))
