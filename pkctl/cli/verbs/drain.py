"""`drain`: cordon a node and move its pods away. Upstream: kubectl's cmd/drain and pkg/drain/filters.go.

Not here: the sending away itself (evicting).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting
from pkctl.cli.verbs import cordon, evicting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

MIRROR = "kubernetes.io/config.mirror"
UNMANAGED = "Pods that declare no controller (use --force to override)"
DAEMON = "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
LOCAL = "Pods with local storage (use --delete-emptydir-data to override)"

GOES, STAYS, FAILS = "goes", "stays", "fails"
"""What becomes of a pod."""


def run(ctx: Context) -> int:
    """Cordon every node, then empty one after the other."""
    if ctx.args or ctx.flags["selector"]:
        _judge_pods(ctx)
    visits, failed = cordon.nodes(ctx)
    report.raise_all(failed)
    left: list[str] = []
    for visit in visits:
        cordon.mark(ctx, visit, True)
    for visit in visits:
        try:
            _drain(ctx, visit)
            ctx.io.out(f"node/{visit.name} {printing.said(ctx, 'drained')}\n")
        except errors.PkctlError as error:
            failed.append(error)
            left.append(visit.name)
            ctx.io.err(f'error: unable to drain node "{visit.name}" due to error: {error}, continuing command...\n')
    if left:
        ctx.io.err("".join(("There are pending nodes to be drained:\n", *(f" {name}\n" for name in left))))
        raise failed[0] if len(failed) == 1 else report.Many(failed)
    return 0


def _judge_pods(ctx: Context) -> None:
    from pkctl.objects import selectors

    try:
        selectors.parse(str(ctx.flags["pod-selector"]))
    except (errors.PkctlError, ValueError):
        raise errors.CommandError("--pod-selector=<pod_selector> must be a valid label selector") from None


def _pods(ctx: Context, node: str) -> list[visiting.Visit]:
    row = ctx.kinds().by_id("pods")
    assert row is not None
    return resources.listed(ctx, row, "", str(ctx.flags["pod-selector"]), f"spec.nodeName={node}")


def _drain(ctx: Context, visit: visiting.Visit) -> None:
    leaving, warnings, reasons = _leaving(ctx, visit.name)
    if reasons:
        raise report.Many(reasons)
    if warnings:
        ctx.warn(warnings)
    try:
        evicting.send_away(ctx, leaving)
    except errors.PkctlError as error:
        _tell_pending(ctx, visit.name, error)
        raise


def _tell_pending(ctx: Context, node: str, error: errors.PkctlError) -> None:
    leaving, _, reasons = _leaving(ctx, node)
    if leaving:
        ctx.io.err(f'There are pending pods in node "{node}" when an error occurred: {error}\n')
        ctx.io.err("".join(f"pod/{pod.name}\n" for pod in leaving))
    if reasons:
        ctx.io.err(f"Following errors occurred while getting the list of pods to delete:\n{report.Many(reasons)}")


def _leaving(ctx: Context, node: str) -> tuple[list[visiting.Visit], str, list[errors.PkctlError]]:
    """A node's pods that go, what is to be warned of, and the reasons for which others may not go."""
    leaving: list[visiting.Visit] = []
    warnings: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for pod in _pods(ctx, node):
        verdict, text = _verdict(ctx, pod.obj or {})
        if verdict == GOES:
            leaving.append(pod)
        if text:
            (reasons if verdict == FAILS else warnings).setdefault(text, []).append(f"{pod.namespace}/{pod.name}")
    failed = [errors.CommandError(f"cannot delete {text}: {', '.join(names)}") for text, names in reasons.items()]
    return leaving, "; ".join(f"{text}: {', '.join(names)}" for text, names in warnings.items()), list(failed)


def _verdict(ctx: Context, pod: Object) -> tuple[str, str]:
    """What becomes of a pod by the first filter that holds it back, with its warning or reason."""
    from pkctl.objects import meta, owners

    if evicting.is_stuck(ctx, pod):
        return STAYS, ""
    owner = owners.controller(pod)
    is_done = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    if owner is not None and owner.get("kind") == "DaemonSet" and not is_done:
        reason = _missing(ctx, pod, str(owner["name"]))
        if not reason:
            return (STAYS, "ignoring DaemonSet-managed Pods") if ctx.flags["ignore-daemonsets"] else (FAILS, DAEMON)
        if not ctx.flags["force"]:
            return FAILS, reason
    if MIRROR in meta.annotations(pod):
        return STAYS, ""
    if is_done:
        return GOES, ""
    is_local = any("emptyDir" in volume for volume in (pod.get("spec") or {}).get("volumes") or [])
    if is_local and not ctx.flags["delete-emptydir-data"]:
        return FAILS, LOCAL
    if owner is not None:
        return GOES, ""
    return (GOES, "deleting Pods that declare no controller") if ctx.flags["force"] else (FAILS, UNMANAGED)


def _missing(ctx: Context, pod: Object, name: str) -> str:
    """Why a pod's DaemonSet can't be had, "" when it is there."""
    row = ctx.kinds().by_id("daemonsets.apps")
    assert row is not None
    try:
        ctx.client.get(row, pod["metadata"]["namespace"], name)
    except errors.NotFound as error:
        return str(error)
    return ""
