"""`apply`: files brought about, by a three-way merge with what was applied last, or on the server. Upstream: kubectl's cmd/apply."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import migrating, printing, report, resources, visiting, writes
from pkctl.cli.verbs import delete

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

NO_NOTE = (
    "resource {name} is missing the {note} annotation which is required by {program} apply. {program} apply should only be used on "
    "resources created declaratively by either {program} create --save-config or {program} apply. The missing annotation will be "
    "patched automatically."
)
PRUNE_ALL = (
    "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not "
    "mean to prune all resources, specify a label selector"
)


NOT_REPLACED = "An error occurred force-replacing the existing object with the newly provided one:\n\n"
NOT_RESTORED = "Additionally, an error occurred attempting to restore the original object:\n\n"


class Outcome:
    """What became of one visit: the object, and the word that says so."""

    __slots__ = ("did", "obj", "visit")

    def __init__(self, visit: visiting.Visit, obj: Object, did: str) -> None:
        self.visit, self.obj, self.did = visit, obj, did


def run(ctx: Context) -> int:
    """Apply what the files hold; go on after an error."""
    _judge(ctx)
    visits, failed = resources.gather(ctx, [], fetch=False, validate=writes.validates(ctx))
    if not visits:
        report.raise_all(failed)
        raise errors.CommandError("no objects passed to apply")
    printer, failed = printing.select(ctx), report.together(failed)
    done: list[Outcome] = []
    with ctx.client.batch():
        for visit in visits:
            visit.obj = writes.recorded(ctx, visit.obj or {})
            try:
                done.append(_server_side(ctx, visit) if ctx.flags["server-side"] else _one(ctx, visit))
            except errors.PkctlError as error:
                failed.append(error)
    if printer.form in ("", "name"):
        for each in done:
            printer.show(each.obj, each.visit.row, printing.said(ctx, each.did))
    report.raise_all(failed)
    if printer.form not in ("", "name"):
        _show_all(ctx, [each.obj for each in done])
    if ctx.flags["prune"]:
        from pkctl.cli import pruning

        printer.restart()
        pruning.run(ctx, printer, visits, pruning.rows(ctx))
    return 0


def _show_all(ctx: Context, found: list[Object]) -> None:
    """A single object, or a list of all: a struct of Go's, whose fields come in its own order, those of the objects by name."""
    import json

    from pkctl.objects import jsontexts

    if len(found) == 1:
        printing.select(ctx).show(found[0])
        return
    items = [json.loads(jsontexts.compact(each)) for each in found]
    printing.select(ctx, ordered=True).show({"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items})


def _judge(ctx: Context) -> None:
    """kubectl's refusals: first what its options can't be made of, then what does not go together."""
    flags = ctx.flags
    if ctx.args:
        raise ctx.usage(f"Unexpected args: {writes.go_list(ctx.args)}")
    _ = ctx.dry_run
    delete.propagation_of(ctx)
    writes.need_files(ctx)
    writes.validation(ctx)
    if flags["prune"] and flags["prune-allowlist"]:
        from pkctl.cli import pruning

        pruning.rows(ctx)
    _judge_together(ctx)


def _judge_together(ctx: Context) -> None:
    flags = ctx.flags
    if flags["force-conflicts"] and not flags["server-side"]:
        raise errors.CommandError("--force-conflicts only works with --server-side")
    if ctx.dry_run == "client" and flags["server-side"]:
        raise errors.CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if flags["force"] and flags["server-side"]:
        raise errors.CommandError("--force cannot be used with --server-side")
    if ctx.dry_run == "server" and flags["force"]:
        raise errors.CommandError("--dry-run=server cannot be used with --force")
    if flags["all"] and flags["selector"]:
        raise errors.CommandError("cannot set --all and --selector at the same time")
    if flags["prune"] and flags["force"]:
        raise errors.CommandError("--force cannot be used with --prune")
    if flags["prune"] and not flags["all"] and not flags["selector"]:
        raise errors.CommandError(PRUNE_ALL)
    if flags["prune"] and flags["server-side"]:
        raise errors.CommandError("--prune is in alpha and doesn't currently work on objects created by server-side apply")
    if flags["subresource"] and not flags["server-side"]:
        raise errors.CommandError("--subresource can only be specified for --server-side")


def _server_side(ctx: Context, visit: visiting.Visit) -> Outcome:
    if not visit.name:
        _no_generated(visit)
        raise errors.CommandError("resource name may not be empty")
    options = writes.options(ctx, force=bool(ctx.flags["force-conflicts"]))
    options.field_manager = str(ctx.flags["field-manager"]) if ctx.flags.given("field-manager") else migrating.OWN
    visit.need_path("patch")
    try:
        obj = ctx.client.patch(visit.row, visit.namespace, visit.name, "apply", visit.obj, options)
    except errors.Conflict as error:
        raise errors.CommandError(f"{error}\n{ADVICE}") from None
    obj = migrating.migrated(ctx, visit, obj, options)
    _warn_of_deletion(ctx, visit, obj)
    return Outcome(visit, obj, "serverside-applied")


def _warn_of_deletion(ctx: Context, visit: visiting.Visit, obj: Object) -> None:
    if (obj.get("metadata") or {}).get("deletionTimestamp"):
        ctx.warn(f"Detected changes to resource {visit.name} which is currently being deleted.")


ADVICE = """Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""


def _one(ctx: Context, visit: visiting.Visit) -> Outcome:
    obj = visit.obj or {}
    if not visit.name:
        _need_name(visit)
    try:
        visit.need_path("get")
        live = ctx.client.get(visit.row, visit.namespace, visit.name)
    except errors.NotFound:
        return _create(ctx, visit, writes.sent(obj))
    except errors.StatusError as error:
        raise report.prefixed(error, f"retrieving current configuration of:\n{told(visit)}\nfrom server for:", visit.source) from None
    if not writes.last_applied(live):
        ctx.warn(NO_NOTE.format(name=f"{visit.row.plural}/{visit.name}", note=writes.LAST_APPLIED, program=ctx.io.program))
    return _change(ctx, visit, live, writes.sent(obj))


def _no_generated(visit: visiting.Visit) -> None:
    made = str(((visit.obj or {}).get("metadata") or {}).get("generateName") or "")
    if made:
        raise errors.CommandError(f"from {made}: cannot use generate name with apply")


def _need_name(visit: visiting.Visit) -> None:
    _no_generated(visit)
    raise report.prefixed(
        errors.CommandError("resource name may not be empty"),
        f"retrieving current configuration of:\n{told(visit)}\nfrom server for:",
        visit.source,
    )


def told(visit: visiting.Visit) -> str:
    """A visit as kubectl's longer errors name it."""
    row = visit.row
    group = f"{row.group}/{row.version}" if row.group else f"/{row.version}"
    return (
        f'Resource: "{group}, Resource={row.plural}", GroupVersionKind: "{group}, Kind={row.kind}"\n'
        f'Name: "{visit.name}", Namespace: "{visit.namespace}"'
    )


def _create(ctx: Context, visit: visiting.Visit, obj: Object) -> Outcome:
    obj = _without_nulls(obj)
    if ctx.dry_run == "client":
        return Outcome(visit, obj, "created")
    try:
        visit.need_path("post")
        return Outcome(visit, ctx.client.create(visit.row, visit.namespace, writes.unversioned(obj), writes.options(ctx)), "created")
    except errors.StatusError as error:
        raise report.prefixed(error, "creating", visit.source) from None


def _without_nulls(value: Any) -> Any:
    """A manifest as a later patch would leave it, in which a null takes a field away; those in lists stay."""
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _change(ctx: Context, visit: visiting.Visit, live: Object, modified: Object) -> Outcome:
    form, patch = change = difference(visit, live, modified)
    if patch and form == "strategic" and not ctx.flags["overwrite"]:
        from pkctl.cli.verbs import conflicts

        if clash := conflicts.clash(visit, live, patch):
            raise report.prefixed(errors.CommandError(clash), f"creating patch for:\n{told(visit)}\nfor:", visit.source)
    obj = live
    if patch:
        obj = _merged(visit, live, form, patch) if ctx.dry_run == "client" else _patched(ctx, visit, change, live, modified)
    if ctx.dry_run != "client":
        _warn_of_deletion(ctx, visit, obj)
    return Outcome(visit, obj, "configured" if patch else "unchanged")


def _patched(ctx: Context, visit: visiting.Visit, change: tuple[str, Object], live: Object, modified: Object) -> Object:
    form, patch = change
    try:
        return ctx.client.patch(visit.row, visit.namespace, visit.name, form, patch, writes.options(ctx))
    except errors.StatusError as error:
        if ctx.flags["force"] and isinstance(error, (errors.Invalid, errors.Conflict)):
            return _replaced(ctx, visit, live, modified)
        raise _refused(visit, patch, report.prefixed(error, "patching", visit.source)) from None


def _refused(visit: visiting.Visit, sent: Object, error: errors.PkctlError) -> errors.PkctlError:
    """The error with what was sent before it."""
    import json

    text = json.dumps(sent, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return report.prefixed(error, f"applying patch:\n{text}\nto:\n{told(visit)}\nfor:", visit.source)


def difference(visit: visiting.Visit, live: Object, modified: Object) -> tuple[str, Object]:
    """The patch that brings the live object up to the modified one: its form, and {} when nothing is to do."""
    import json

    from pkctl.kinds import schema
    from pkctl.objects import patches

    text = writes.last_applied(live)
    original = json.loads(text) if text else {}
    shape = None if visit.row.schema is not None else schema.shape(visit.row)
    try:
        if shape is None:
            return "merge", patches.three_way_merge(original, modified, live)
        return "strategic", patches.three_way(original, modified, live, shape)
    except patches.PatchError as error:
        raise report.prefixed(errors.CommandError(str(error)), "applying patch for", visit.source) from None


def _merged(visit: visiting.Visit, live: Object, form: str, patch: Object) -> Object:
    """What a client's dry run shows: the patch applied here, by no rules but its own."""
    from pkctl.kinds import schema
    from pkctl.objects import patches

    merged: Object = patches.merge(live, patch) if form == "merge" else patches.strategic(live, patch, schema.shape(visit.row))
    return merged


def _replaced(ctx: Context, visit: visiting.Visit, live: Object, modified: Object) -> Object:
    """`--force`: delete what can't be changed, wait until it is gone, create it anew; when that is refused, the old one comes back."""
    from pkctl.cli import waiting

    grace = int(ctx.flags["grace-period"])
    ctx.client.delete(visit.row, visit.namespace, visit.name, writes.options(ctx, grace=grace if grace >= 0 else None))
    waiting.gone(ctx, visit, float(ctx.flags["timeout"]))
    try:
        return ctx.client.create(visit.row, visit.namespace, writes.unversioned(modified), writes.options(ctx))
    except errors.StatusError as error:
        raise _refused(visit, modified, _restored(ctx, visit, live, error)) from None


def _restored(ctx: Context, visit: visiting.Visit, live: Object, error: errors.StatusError) -> errors.PkctlError:
    """Create the old object again: the error that made it needed, or both when this fails too."""
    try:
        ctx.client.create(visit.row, visit.namespace, writes.unversioned(live), writes.options(ctx))
    except errors.StatusError as another:
        return errors.CommandError(f"{NOT_REPLACED}{error}.\n\n{NOT_RESTORED}{another}")
    return error
