"""`delete`: objects by file, name, label or all of a kind, waited for until they are gone. Upstream: kubectl's cmd/delete/delete.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, waiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.options import Options
    from pkctl.cli.context import Context

CASCADES = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan", "true": "Background", "false": "Orphan"}
DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
AT_ONCE = (
    "Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run "
    "on the cluster indefinitely."
)


def run(ctx: Context) -> int:
    """Delete what the arguments name; go on after an error."""
    if ctx.flags["raw"]:
        from pkctl.cli import raws

        return raws.run(ctx)
    propagation, grace = propagation_of(ctx), _grace(ctx)
    visits, failed = _gather(ctx)
    _judge(ctx, grace)
    if not visits:
        report.raise_all(failed)
    gathered = report.together(failed)
    visits = _confirmed(ctx, visits)
    options = writes.options(ctx, grace=grace if grace >= 0 else None, propagation=propagation)
    done, failed = _deleted(ctx, visits, options)
    for visit, _ in done:
        ctx.io.out(_line(ctx, visit, grace))
    failed += gathered
    if not done and not failed and not (visits and _ignores(ctx)):
        ctx.io.out("No resources found\n")
    ctx.io.stdout.flush()
    if ctx.flags["wait"] and ctx.dry_run == "none" and _is_worth_waiting(ctx):
        for visit, uid in done:
            waiting.gone(ctx, visit, float(ctx.flags["timeout"]), uid)
    report.raise_all(failed)
    return 0


def _deleted(
    ctx: Context, visits: list[visiting.Visit], options: Options
) -> tuple[list[tuple[visiting.Visit, str]], list[errors.PkctlError]]:
    """What could be deleted, with the uid to wait for, and why the rest could not; both in the order that was asked for.

    Definitions are deleted last, since their objects go with them: who names both, finds both, as where that takes a while."""
    done: dict[int, tuple[visiting.Visit, str]] = {}
    failed: dict[int, errors.PkctlError] = {}
    with ctx.client.batch():
        for place, visit in sorted(enumerate(visits), key=lambda each: each[1].row.id == DEFINITIONS):
            try:
                done[place] = visit, _delete(ctx, visit, options)
            except errors.NotFound as error:
                if not _ignores(ctx):
                    failed[place] = report.prefixed(error, "deleting", visit.source)
            except (errors.StatusError, errors.CommandError) as error:
                failed[place] = report.prefixed(error, "deleting", visit.source)
    return [done[place] for place in sorted(done)], [failed[place] for place in sorted(failed)]


def _is_worth_waiting(ctx: Context) -> bool:
    """With `--settle=never` nothing that lingers goes in this process: only a wait that was asked for, or bounded, is kept."""
    return ctx.flags.get("settle") != "never" or ctx.flags.given("wait") or bool(ctx.flags["timeout"])


def propagation_of(ctx: Context) -> str:
    """`--cascade` as the API's propagationPolicy."""
    given = str(ctx.flags["cascade"])
    if given not in CASCADES:
        raise errors.CommandError(f'invalid cascade value ({given}). Must be "background", "foreground", or "orphan"')
    if given in ("true", "false"):
        name = CASCADES[given].lower()
        ctx.io.err(f"warning: --cascade={given} is deprecated (boolean value) and can be replaced with --cascade={name}.\n")
    return CASCADES[given]


def _grace(ctx: Context) -> int:
    grace = int(ctx.flags["grace-period"])
    if ctx.flags["now"]:
        if grace != -1:
            raise errors.CommandError("--now and --grace-period cannot be specified together")
        grace = 1
    if grace == 0 and not ctx.flags["force"]:
        return 1
    return 0 if grace < 0 and ctx.flags["force"] else grace


def _judge(ctx: Context, grace: int) -> None:
    flags = ctx.flags
    if flags["output"] not in ("", "name"):
        raise errors.CommandError(f"unexpected -o output mode: {flags['output']}. We only support '-o name'")
    if flags["all"] and flags["selector"]:
        raise errors.CommandError("cannot set --all and --selector at the same time")
    if flags["all"] and flags["field-selector"]:
        raise errors.CommandError("cannot set --all and --field-selector at the same time")
    if flags["force"] and grace > 0 and int(flags["grace-period"]) > 0:
        raise errors.CommandError("--force and --grace-period greater than 0 cannot be specified together")
    if flags["force"] and grace == 0:
        ctx.warn(AT_ONCE)


def _gather(ctx: Context) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    visits, failed = resources.gather(ctx, ctx.args, fetch=False)
    if ctx.enforced and any(not visit.row.namespaced for visit in visits):
        ctx.warn("deleting cluster-scoped resources, not scoped to the provided namespace")
    return visits, failed


def _confirmed(ctx: Context, visits: list[visiting.Visit]) -> list[visiting.Visit]:
    if not ctx.flags["interactive"] or not visits:
        return visits
    ctx.io.out(f"You are about to delete the following {len(visits)} resource(s):\n")
    for visit in visits:
        ctx.io.out(f"{visit.shown()}\n")
    ctx.io.out("Do you want to continue? (y/N): ")
    ctx.io.stdout.flush()
    if ctx.io.stdin.readline().strip().lower() == "y":
        return visits
    ctx.io.out("deletion is cancelled\n")
    raise report.Exit(0)


def _delete(ctx: Context, visit: visiting.Visit, options: Options) -> str:
    """Ask for the deletion; the uid to wait for."""
    uid = str(((visit.obj or {}).get("metadata") or {}).get("uid") or "")
    visit.need_path("delete")
    if ctx.dry_run == "client":
        return uid
    if visit.row.namespaced and not visit.namespace:
        raise errors.CommandError("an empty namespace may not be set when a resource name is provided")
    answer = ctx.client.delete(visit.row, visit.namespace, visit.name, options)
    details = answer.get("details") or answer.get("metadata") or {}
    return str(details.get("uid") or uid)


def _ignores(ctx: Context) -> bool:
    flags = ctx.flags
    if flags.given("ignore-not-found"):
        return bool(flags["ignore-not-found"])
    return bool(flags["all"] or flags["selector"] or flags["field-selector"])


def _line(ctx: Context, visit: visiting.Visit, grace: int) -> str:
    if ctx.flags["output"] == "name":
        return f"{visit.shown()}\n"
    did = "force deleted" if grace == 0 else "deleted"
    place = f" from {visit.namespace} namespace" if visit.row.namespaced else ""
    return f'{visiting.shown_kind(visit.row)} "{visit.name}" {printing.said(ctx, did + place)}\n'
