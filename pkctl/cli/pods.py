"""Which pods a word means, and which of their containers: what `logs`, `exec`, `attach`, `cp`, `port-forward` and `debug` share.

Upstream: kubectl's polymorphichelpers and cmd/util/podcmd.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import resources, visiting, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

DEFAULT = "kubectl.kubernetes.io/default-container"


def judge_timeout(ctx: Context) -> None:
    """Refuse to wait for no time at all."""
    if ctx.flags["pod-running-timeout"] <= 0:
        raise ctx.usage("--pod-running-timeout must be higher than zero")


def selector(obj: Object) -> Object | None:
    """The label selector of a workload or a Service, None for a kind that has no pods."""
    spec = obj.get("spec") or {}
    kind = obj.get("kind")
    if kind in ("Service", "ReplicationController"):
        return {"matchLabels": spec["selector"]} if spec.get("selector") else None
    found: Object | None = spec.get("selector") or {} if kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job") else None
    return found


def of(ctx: Context, obj: Object) -> list[Object]:
    """The pods of a pod, workload or Service, the one that `logs` and `exec` pick first."""
    if obj.get("kind") == "Pod":
        return [obj]
    wanted = selector(obj)
    if wanted is None:
        kind = f"*{str(obj.get('apiVersion', '')).rpartition('/')[2]}.{obj.get('kind', '')}"
        wanting = "cannot get the logs from" if ctx.path == "logs" else "cannot attach to"
        raise errors.CommandError(f"{wanting} {kind}: selector for {kind} not implemented")
    from pkctl.objects import selectors

    row = ctx.kinds().by_id("pods")
    assert row is not None
    found = resources.listed(ctx, row, obj["metadata"].get("namespace", ""), str(selectors.of(wanted)))
    return sorted((visit.obj or {} for visit in found), key=rank)


def rank(pod: Object) -> tuple[Any, ...]:
    """kubectl's order: assigned, running, ready, longest ready, fewest restarts, oldest first."""
    status = pod.get("status") or {}
    ready: Object = next((each for each in status.get("conditions") or [] if each.get("type") == "Ready"), {})
    restarts = max((int(each.get("restartCount") or 0) for each in status.get("containerStatuses") or []), default=0)
    phases = {"Running": 0, "Unknown": 1, "Pending": 2}
    return (
        not (pod.get("spec") or {}).get("nodeName"),
        phases.get(status.get("phase", ""), 3),
        ready.get("status") != "True",
        ready.get("lastTransitionTime") or "",
        restarts,
        pod["metadata"].get("creationTimestamp") or "",
    )


def find(ctx: Context, word: str) -> Object:
    """The object that `POD` or `TYPE/NAME` names."""
    kind, slash, name = word.partition("/")
    if slash:
        resources.judge(ctx, [word])
    row = resources.find(ctx, kind) if slash else ctx.kinds().by_id("pods")
    assert row is not None
    obj = visiting.Visit(row, ctx.namespace, name if slash else word).fetch(ctx)
    return {"apiVersion": row.api_version, "kind": row.kind, **obj}


def one(ctx: Context, word: str) -> Object:
    """The pod to use for a word, waiting up to `--pod-running-timeout` until a workload has one."""
    return chosen(ctx, find(ctx, word), word)


def chosen(ctx: Context, obj: Object, word: str = "") -> Object:
    """The same for an object; a pod is waited for only by the word that it can be found again with."""
    found: list[Object] = []
    patient = bool(word) and obj["kind"] == "Pod" and ctx.flags.given("pod-running-timeout")

    def check() -> bool:
        found[:] = of(ctx, find(ctx, word) if patient else obj)
        return bool(found) and not (patient and (found[0].get("status") or {}).get("phase", "Pending") == "Pending")

    limit = float(ctx.flags["pod-running-timeout"])
    if limit <= 0:
        raise errors.CommandError("--pod-running-timeout must be higher than zero")
    if not waiting.until(ctx, check, limit):
        raise errors.CommandError("timed out waiting for the condition")
    return found[0]


def names(pod: Object, *, every: bool = True) -> list[str]:
    """The containers' names: the plain ones, then init and ephemeral ones."""
    spec = pod.get("spec") or {}
    kinds = ("containers", "initContainers", "ephemeralContainers") if every else ("containers",)
    return [each["name"] for kind in kinds for each in spec.get(kind) or []]


def container(ctx: Context, pod: Object, wanted: str = "", *, quiet: bool = False) -> str:
    """The container meant: the wanted one, the annotated default, or the first with a line that says so."""
    everything = names(pod)
    if wanted:
        if wanted not in everything:
            raise errors.CommandError(f"container {wanted} not found in pod {pod['metadata']['name']}")
        return wanted
    marked = ((pod["metadata"].get("annotations") or {}).get(DEFAULT)) or ""
    if marked:
        if marked in everything:
            return str(marked)
        ctx.io.err(f'Default container name "{marked}" not found in pod {pod["metadata"]["name"]}\n')
    first = next(iter(names(pod, every=False)), "")
    if not first:
        raise errors.CommandError(f"pod {pod['metadata'].get('namespace', '')}/{pod['metadata']['name']} does not have any containers")
    if len(everything) > 1 and not quiet:
        ctx.io.err(f'Defaulted container "{first}" out of: {shown_names(pod)}\n')
    return first


def shown_names(pod: Object) -> str:
    """All containers, those that are not plain marked."""
    spec = pod.get("spec") or {}
    marks = (("containers", ""), ("initContainers", " (init)"), ("ephemeralContainers", " (ephem)"))
    return ", ".join(f"{each['name']}{mark}" for kind, mark in marks for each in spec.get(kind) or [])
