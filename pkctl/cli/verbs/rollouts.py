"""What the rollout verbs share: a workload's revisions, and whether its rollout is done, in kubectl's words.

Upstream: kubectl's polymorphichelpers (history.go, rollback.go, rollout_status.go).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]

REVISION = "deployment.kubernetes.io/revision"
CAUSE = "kubernetes.io/change-cause"
KINDS = ("deployments.apps", "statefulsets.apps", "daemonsets.apps")
VISITED = (*KINDS, "replicasets.apps", "replicationcontrollers", "jobs.batch", "cronjobs.batch", "pods")
"""Kinds whose lack of a history kubectl knows of; of others it never heard."""

NOTHING = "No resources found in {namespace} namespace.\n"


def show(printer: printing.Printer, obj: Object, row: table.Row | None = None, operation: str | None = None) -> None:
    """Print an object in Go's order: the rollout verbs read their objects into types."""
    if printer.form not in ("", "name"):
        from pkctl.cli import typed

        obj = typed.filled(obj)
    printer.show(obj, row, operation)


def need(ctx: Context) -> None:
    """kubectl's error for no arguments."""
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError("required resource not specified")
    if int(ctx.flags.get("revision") or 0) < 0:
        raise errors.CommandError(f"revision must be a positive integer: {ctx.flags['revision']}")
    resources.judge(ctx, ctx.args, selected=bool(ctx.flags["selector"] and ctx.args))


def judge(row: table.Row, noun: str, verb_noun: str) -> None:
    """kubectl's error for a kind without revisions; `noun` is what it lacks, `verb_noun` what was looked for."""
    if row.id in KINDS:
        return
    if row.id in VISITED:
        raise errors.CommandError(f'no {noun} has been implemented for "{_named(row)}"')
    lacking = f"no visitor method exists for {{{row.group} {row.kind}}}"
    raise errors.CommandError(f'error retrieving {verb_noun} for "{_named(row)}", {lacking}')


def _named(row: table.Row) -> str:
    return f"{row.kind}.{row.group}" if row.group else row.kind


def revisions(ctx: Context, visit: visiting.Visit) -> dict[int, tuple[Object, Object]]:
    """revision -> (the ReplicaSet or ControllerRevision, the pod template it holds)."""
    obj = visit.obj or visit.fetch(ctx)
    found: dict[int, tuple[Object, Object]] = {}
    for each in owned(ctx, visit, "replicasets.apps" if visit.row.id == KINDS[0] else "controllerrevisions.apps"):
        if visit.row.id == KINDS[0]:
            number = int((each["metadata"].get("annotations") or {}).get(REVISION) or 0)
            found[number] = (each, each["spec"]["template"])
        else:
            found[int(each.get("revision") or 0)] = (each, _template(obj, each))
    return {number: found[number] for number in sorted(found) if number}


def _template(obj: Object, revision: Object) -> Object:
    template = ((revision.get("data") or {}).get("spec") or {}).get("template") or obj["spec"]["template"]
    return {name: value for name, value in template.items() if name != "$patch"}


def owned(ctx: Context, visit: visiting.Visit, kind_id: str) -> list[Object]:
    """The objects of a kind that the visited one controls."""
    from pkctl.objects import owners, selectors

    row = ctx.kinds().by_id(kind_id)
    assert row is not None
    obj = visit.obj or {}
    text = str(selectors.of(obj["spec"]["selector"]))
    return [each.obj or {} for each in resources.listed(ctx, row, visit.namespace, text) if owners.is_controlled_by(each.obj or {}, obj)]


def cause(obj: Object) -> str:
    """The noted reason of a revision."""
    return str((obj["metadata"].get("annotations") or {}).get(CAUSE) or "<none>")


def status(visit: visiting.Visit, obj: Object, revision: int = 0) -> tuple[str, bool]:
    """What `rollout status` says now, and whether that is the end."""
    teller = {KINDS[0]: _deployment, KINDS[1]: _statefulset, KINDS[2]: _daemonset}.get(visit.row.id)
    if teller is None:
        raise errors.CommandError(f"no status viewer has been implemented for {_named(visit.row)}")
    return teller(obj, revision)


def _observed(obj: Object) -> bool:
    return int((obj.get("status") or {}).get("observedGeneration") or 0) >= int(obj["metadata"].get("generation") or 0)


def _deployment(obj: Object, revision: int) -> tuple[str, bool]:
    name, state = obj["metadata"]["name"], obj.get("status") or {}
    if revision:
        at = int((obj["metadata"].get("annotations") or {}).get(REVISION) or 0)
        if at != revision:
            raise errors.CommandError(f"desired revision ({revision}) is different from the running revision ({at})")
    if not _observed(obj):
        return "Waiting for deployment spec update to be observed...\n", False
    progressing: Object = next((each for each in state.get("conditions") or [] if each["type"] == "Progressing"), {})
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        raise errors.CommandError(f'deployment "{name}" exceeded its progress deadline')
    wanted = (obj.get("spec") or {}).get("replicas")
    updated, total, available = (int(state.get(key) or 0) for key in ("updatedReplicas", "replicas", "availableReplicas"))
    start = f'Waiting for deployment "{name}" rollout to finish: '
    if wanted is not None and updated < wanted:
        return f"{start}{updated} out of {wanted} new replicas have been updated...\n", False
    if total > updated:
        return f"{start}{total - updated} old replicas are pending termination...\n", False
    if available < updated:
        return f"{start}{available} of {updated} updated replicas are available...\n", False
    return f'deployment "{name}" successfully rolled out\n', True


def _daemonset(obj: Object, revision: int) -> tuple[str, bool]:
    _rolling(obj)
    name, state = obj["metadata"]["name"], obj.get("status") or {}
    if not _observed(obj):
        return "Waiting for daemon set spec update to be observed...\n", False
    updated, wanted, available = (
        int(state.get(key) or 0) for key in ("updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable")
    )
    start = f'Waiting for daemon set "{name}" rollout to finish: '
    if updated < wanted:
        return f"{start}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{start}{available} of {wanted} updated pods are available...\n", False
    return f'daemon set "{name}" successfully rolled out\n', revision >= 0


def _rolling(obj: Object) -> None:
    kind = ((obj.get("spec") or {}).get("updateStrategy") or {}).get("type", "RollingUpdate")
    if kind != "RollingUpdate":
        raise errors.CommandError("rollout status is only available for RollingUpdate strategy type")


def _statefulset(obj: Object, revision: int) -> tuple[str, bool]:
    _rolling(obj)
    spec, state = obj.get("spec") or {}, obj.get("status") or {}
    if not state.get("observedGeneration") or not _observed(obj):
        return "Waiting for statefulset spec update to be observed...\n", False
    wanted, ready, updated = spec.get("replicas"), int(state.get("readyReplicas") or 0), int(state.get("updatedReplicas") or 0)
    if wanted is not None and ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...\n", False
    partition = ((spec.get("updateStrategy") or {}).get("rollingUpdate") or {}).get("partition")
    if partition and wanted is not None:
        if updated < wanted - partition:
            return (
                f"Waiting for partitioned roll out to finish: {updated} out of {wanted - partition} new pods have been updated...\n",
                False,
            )
        return f"partitioned roll out complete: {updated} new pods have been updated...\n", True
    if state.get("updateRevision") != state.get("currentRevision"):
        at = state.get("updateRevision", "")
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {at}...\n", False
    done = int(state.get("currentReplicas") or 0)
    at = state.get("currentRevision", "")
    return f"statefulset rolling update complete {done} pods at revision {at}...\n", revision >= 0
