"""`top node` and `top pod`: what is used now. Upstream: kubectl's cmd/top and pkg/metricsutil."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import resources
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

MEGA = 1 << 20


def run(ctx: Context) -> int:
    """One of the two."""
    if len(ctx.args) > 1:
        raise ctx.usage(f"{ctx.path.split()[1]} [NAME | -l label]")
    if ctx.args and ctx.flags["selector"]:
        raise errors.CommandError(f"only one of NAME or {'selector' if ctx.path == 'top pod' else '--selector'} can be provided")
    if ctx.flags["sort-by"] not in ("", "cpu", "memory"):
        raise errors.CommandError("--sort-by accepts only cpu or memory")
    if ctx.flags["show-swap"]:
        raise errors.CommandError("--show-swap: the runtime tells nothing of swap")
    return _pods(ctx) if ctx.path == "top pod" else _nodes(ctx)


def _amounts(usage: Object) -> tuple[int, int]:
    """(milli-CPUs, bytes)."""
    from pkctl.objects import quantities

    return int(quantities.milli(usage.get("cpu") or "0")), int(quantities.value(usage.get("memory") or "0"))


def _measured(ctx: Context, kind: str) -> list[Object]:
    found = [each for each in ctx.client.stats() if each.get("kind") == kind]
    if not found and not ctx.args:
        return []
    return found


def _sorted(ctx: Context, rows: list[tuple[str, tuple[int, int], list[str]]]) -> list[list[str]]:
    by = str(ctx.flags["sort-by"])
    if by:
        place = 0 if by == "cpu" else 1
        rows = sorted(rows, key=lambda row: (-row[1][place], row[0]))
    else:
        rows = sorted(rows, key=lambda row: row[0])
    return [row[2] for row in rows]


def _print(ctx: Context, head: list[str], rows: list[list[str]]) -> None:
    from pkctl.printers import tabwriter

    lines = [] if ctx.flags["no-headers"] else ["\t".join(head)]
    lines += ["\t".join(row) for row in rows]
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\t\n" for line in lines)))


def _nodes(ctx: Context) -> int:
    words = ["nodes", *ctx.args]
    visits, failed = resources.gather(ctx, words, all_named=not ctx.args and not ctx.flags["selector"])
    if failed:
        raise failed[0]
    measured = {meta.name(each): _amounts(each.get("usage") or {}) for each in _measured(ctx, "NodeMetrics")}
    if not measured:
        raise errors.CommandError("metrics not available yet")
    rows = []
    which = "capacity" if ctx.flags["show-capacity"] else "allocatable"
    for visit in visits:
        if visit.name not in measured:
            rows.append((visit.name, (0, 0), [visit.name, "<unknown>", "<unknown>", "<unknown>", "<unknown>"]))
            continue
        used, whole = measured[visit.name], _amounts(meta.at(visit.obj or {}, "status", which, default={}))
        shares = [f"{int(use * 100 / all_)}%" if all_ else "<unknown>" for use, all_ in zip(used, whole, strict=True)]
        rows.append((visit.name, used, [visit.name, f"{used[0]}m", shares[0], f"{used[1] // MEGA}Mi", shares[1]]))
    _print(ctx, ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"], _sorted(ctx, rows))
    return 0


def _pods(ctx: Context) -> int:
    flags = ctx.flags
    words = ["pods", *ctx.args]
    visits, failed = resources.gather(ctx, words, all_named=not ctx.args and not flags["selector"] and not flags["field-selector"])
    if failed:
        raise failed[0]
    if not visits:
        place = "" if flags["all-namespaces"] else f" in {ctx.namespace} namespace"
        ctx.io.err(f"No resources found{place}.\n" if place else "No resources found\n")
        return 0
    wanted = {(visit.namespace, visit.name) for visit in visits}
    measured = [each for each in _measured(ctx, "PodMetrics") if meta.key(each) in wanted]
    rows: list[tuple[str, tuple[int, int], list[str]]] = []
    total = (0, 0)
    for each in measured:
        total = _pod_rows(ctx, each, rows, total)
    head = [*(["NAMESPACE"] if flags["all-namespaces"] else []), *(["POD"] if flags["containers"] else []), "NAME", "CPU(cores)",
            "MEMORY(bytes)"]  # fmt: skip
    lines = _sorted(ctx, rows)
    if flags["sum"]:
        pad = [""] * (len(head) - 3)
        lines += [[*pad, "", "________", "________"], [*pad, "", f"{total[0]}m", f"{total[1] // MEGA}Mi"]]
    _print(ctx, head, lines)
    return 0


def _pod_rows(ctx: Context, pod: Object, rows: list[tuple[str, tuple[int, int], list[str]]], total: tuple[int, int]) -> tuple[int, int]:
    """Add a pod's rows; the total with it counted in."""
    namespace, name = meta.key(pod)
    front = [namespace] if ctx.flags["all-namespaces"] else []
    amounts = [(str(each["name"]), _amounts(each.get("usage") or {})) for each in pod.get("containers") or []]
    summed = (sum(used[0] for _, used in amounts), sum(used[1] for _, used in amounts))
    if ctx.flags["containers"]:
        for container, used in amounts:
            rows.append((f"{namespace}/{name}/{container}", used, [*front, name, container, f"{used[0]}m", f"{used[1] // MEGA}Mi"]))
    else:
        rows.append((f"{namespace}/{name}", summed, [*front, name, f"{summed[0]}m", f"{summed[1] // MEGA}Mi"]))
    return total[0] + summed[0], total[1] + summed[1]
