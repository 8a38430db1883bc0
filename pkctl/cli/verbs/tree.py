"""`tree`: an object and all that it owns, step by step, with how ready each is. pkctl's own."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import pods, resources, visiting
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Children = dict[str, list[tuple[str, Object]]]

SIGNS = ("Ready", "Available", "Complete", "Failed")
"""The conditions that tell of readiness, the first that an object has."""


def run(ctx: Context) -> int:
    """Print the tree of the one object named."""
    if not 1 <= len(ctx.args) <= 2 or (len(ctx.args) == 1 and "/" not in ctx.args[0]):
        raise ctx.usage("expected TYPE/NAME or TYPE NAME")
    root = pods.find(ctx, "/".join(ctx.args))
    row = ctx.kinds().by_gvk(root["apiVersion"], root["kind"])
    assert row is not None
    children = _owned(ctx, root["metadata"].get("namespace", ""))
    lines = [] if ctx.flags["no-headers"] else ["NAME\tREADY\tREASON\tAGE"]
    _add(ctx, lines, children, visiting.Visit(row, "", meta.name(root)).shown(), root, "", "")
    from pkctl.printers import tabwriter

    ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))
    return 0


def _owned(ctx: Context, namespace: str) -> Children:
    """What each uid owns, of every kind that can be listed."""
    found: Children = {}
    for row in ctx.kinds():
        if "list" not in row.verbs or row.plural == "endpoints" or (namespace and not row.namespaced):
            continue
        try:
            listed = resources.listed(ctx, row, namespace)
        except errors.StatusError as error:
            ctx.warn(f"{row.plural}: {error}")
            continue
        for visit in listed:
            for owner in meta.at(visit.obj or {}, "metadata", "ownerReferences", default=[]):
                found.setdefault(owner["uid"], []).append((visit.shown(), visit.obj or {}))
    return found


def _add(ctx: Context, lines: list[str], children: Children, shown: str, obj: Object, front: str, below: str) -> None:
    ready, reason = _readiness(obj)
    lines.append(f"{front}{shown}\t{ready}\t{reason}\t{times.since(obj['metadata'].get('creationTimestamp'), ctx.io.sources.now())}")
    mine = children.get(meta.uid(obj), [])
    for number, (name, child) in enumerate(mine):
        last = number == len(mine) - 1
        _add(ctx, lines, children, name, child, below + ("└─" if last else "├─"), below + ("  " if last else "│ "))


def _readiness(obj: Object) -> tuple[str, str]:
    """A condition's status and reason; a ReplicaSet, which has none, by its replicas."""
    for sign in SIGNS:
        condition = meta.condition(obj, sign)
        if condition is not None:
            return str(condition.get("status", "-")), str(condition.get("reason") or "")
    wanted = meta.at(obj, "spec", "replicas")
    if wanted is None:
        return "-", ""
    ready = int(meta.at(obj, "status", "readyReplicas", default=0))
    return str(ready >= int(wanted)), f"{ready}/{wanted}"
