"""`drain`: cordon a node and move its pods away. Upstream: kubectl's cmd/drain and pkg/drain/filters.go."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import cordon, printing, report, resources, visiting, waiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

MIRROR = "kubernetes.io/config.mirror"
CAUSES = (
    ("unmanaged", "cannot delete Pods that declare no controller (use --force to override)"),
    ("daemon", "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"),
    ("local", "cannot delete Pods with local storage (use --delete-emptydir-data to override)"),
)
WARNINGS = (
    ("unmanaged", "deleting Pods that declare no controller"),
    ("daemon", "ignoring DaemonSet-managed Pods"),
    ("local", "deleting Pods with local storage"),
)


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
        for each in failed:
            causes = each.errors if isinstance(each, report.Many) else [each]
            ctx.io.err("".join(f"{cause}\n" for cause in causes))
        raise report.Exit(1)
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
    leaving, problems = [], {"unmanaged": [], "daemon": [], "local": []}  # type: ignore[var-annotated]
    for pod in _pods(ctx, visit.name):
        wrong = _classes(ctx, pod.obj or {})
        for name in wrong:
            problems[name].append(f"{pod.namespace}/{pod.name}")
        if "daemon" not in wrong and "mirror" not in wrong:
            leaving.append(pod)
    allowed = {"unmanaged": ctx.flags["force"], "daemon": ctx.flags["ignore-daemonsets"], "local": ctx.flags["delete-emptydir-data"]}
    bad = [f"{text}: {', '.join(problems[name])}" for name, text in CAUSES if problems[name] and not allowed[name]]
    report.raise_all([errors.CommandError(text) for text in bad])
    said = [f"{text}: {', '.join(problems[name])}" for name, text in WARNINGS if problems[name]]
    if said:
        ctx.warn("; ".join(said))
    _evict(ctx, leaving)


def _classes(ctx: Context, pod: Object) -> list[str]:
    """Why a pod may not simply go: "mirror", "daemon", "unmanaged", "local"."""
    from pkctl.objects import meta, owners

    if MIRROR in meta.annotations(pod):
        return ["mirror"]
    owner = owners.controller(pod)
    if owner is not None and owner.get("kind") == "DaemonSet":
        return ["daemon"]
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        return []
    found = ["unmanaged"] if owner is None else []
    if any("emptyDir" in volume for volume in (pod.get("spec") or {}).get("volumes") or []):
        found.append("local")
    limit = int(ctx.flags["skip-wait-for-delete-timeout"])
    deleted = pod["metadata"].get("deletionTimestamp")
    if limit and deleted:
        from pkctl.objects import times

        return ["mirror"] if ctx.io.sources.now() - times.parse(deleted) > limit else found
    return found


def _evict(ctx: Context, leaving: list[visiting.Visit]) -> None:
    for pod in leaving:
        verb = "deleting" if ctx.flags["disable-eviction"] else "evicting"
        said = printing.said(ctx, "evicted") if verb == "evicting" else printing.said(ctx, "deleted")
        if ctx.dry_run != "none":
            ctx.io.out(f"{verb} pod {pod.namespace}/{pod.name}{printing.DRY_SAID[ctx.dry_run]}\n" if said else "")
            continue
        ctx.io.err(f"{verb} pod {pod.namespace}/{pod.name}\n")
        _send_away(ctx, pod)
    if ctx.dry_run != "none":
        return
    for pod in leaving:
        uid = str((pod.obj or {})["metadata"].get("uid") or "")
        waiting.gone(ctx, pod, float(ctx.flags["timeout"]), uid)
        ctx.io.out(f"pod/{pod.name} {'deleted' if ctx.flags['disable-eviction'] else 'evicted'}\n")


def _send_away(ctx: Context, pod: visiting.Visit) -> None:
    """Delete or evict; an eviction that a disruption budget forbids is tried again every five seconds."""
    grace = int(ctx.flags["grace-period"])
    options = writes.options(ctx, grace=grace if grace >= 0 else None)
    if ctx.flags["disable-eviction"]:
        ctx.client.delete(pod.row, pod.namespace, pod.name, options)
        return
    body: Object = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod.name, "namespace": pod.namespace}}
    if grace >= 0:
        body["deleteOptions"] = {"gracePeriodSeconds": grace}
    refused: list[str] = []

    def check() -> bool:
        try:
            ctx.client.create(pod.row, pod.namespace, body, writes.options(ctx, subresource="eviction"))
        except errors.NotFound:
            return True
        except errors.TooManyRequests as error:
            refused.append(str(error))
            ctx.io.err(f'error when evicting pods/"{pod.name}" -n "{pod.namespace}" (will retry after 5s): {error}\n')
            ctx.io.sources.sleep(5)
            return False
        return True

    if not waiting.until(ctx, check, float(ctx.flags["timeout"]) or waiting.FOREVER):
        raise errors.CommandError(f"global timeout reached: {ctx.flags['timeout']:g}s")
