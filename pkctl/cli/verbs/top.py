"""`top node` and `top pod`: what is used now. Upstream: kubectl's cmd/top and pkg/metricsutil."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import resources, visiting
from pkctl.objects import meta, quantities, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Amounts = list[int]

MEGA = 1 << 20
MEASURED = ("cpu", "memory", "swap")
"""What is measured, in the order of the columns; swap is shown only where it is asked for."""

UNKNOWN = "<unknown>"
PATIENCE = 120
"""Seconds that a new pod is given until it should have metrics."""


def run(ctx: Context) -> int:
    """One of the two."""
    flags, word = ctx.flags, ctx.path.split()[-1]
    if len(ctx.args) > 1:
        raise ctx.usage(f"{word} [NAME | -l label]")
    if flags["sort-by"] not in ("", "cpu", "memory"):
        raise errors.CommandError("--sort-by accepts only cpu or memory")
    if ctx.args and (flags["selector"] or flags.get("field-selector")):
        raise errors.CommandError(f"only one of NAME or {'selector' if ctx.path == 'top pod' else '--selector'} can be provided")
    _judge_selectors(ctx)
    return _pods(ctx) if word == "pod" else _nodes(ctx)


def _judge_selectors(ctx: Context) -> None:
    """The selectors are parsed here, not by the API: what is wrong with one is told as it stands."""
    try:
        selectors.parse(str(ctx.flags["selector"]))
        selectors.parse_fields(str(ctx.flags.get("field-selector") or ""))
    except ValueError as error:
        raise errors.CommandError(str(error)) from None


def _measured(ctx: Context) -> tuple[str, ...]:
    return MEASURED if ctx.flags["show-swap"] else MEASURED[:2]


def _amounts(usage: Object) -> Amounts:
    """Milli-CPUs, bytes of memory, bytes of swap."""
    return [int(quantities.milli(usage.get("cpu") or "0")), *(int(quantities.value(usage.get(name) or "0")) for name in MEASURED[1:])]


def _shown(ctx: Context, used: Amounts) -> list[str]:
    return [f"{used[0]}m", *(f"{amount // MEGA}Mi" for amount in used[1 : len(_measured(ctx))])]


def _order(ctx: Context, name: Any, used: Amounts) -> Any:
    """The key to sort by: the most first, or the name."""
    by = str(ctx.flags["sort-by"])
    return (-used[MEASURED.index(by)], name) if by else name


def _print(ctx: Context, head: list[str], rows: list[list[str]]) -> None:
    from pkctl.printers import tabwriter

    lines = [] if ctx.flags["no-headers"] else ["\t".join(head)]
    lines += ["\t".join(row) for row in rows]
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\t\n" for line in lines)))


def _nodes(ctx: Context) -> int:
    visits, failed = resources.gather(ctx, ["nodes", *ctx.args], all_named=not ctx.args and not ctx.flags["selector"])
    if failed:
        raise failed[0]
    measured = {meta.name(each): _amounts(each.get("usage") or {}) for each in ctx.client.stats() if each["kind"] == "NodeMetrics"}
    known = [visit for visit in visits if visit.name in measured]
    if not known:
        raise errors.CommandError("metrics not available yet")
    known.sort(key=lambda visit: _order(ctx, visit.name, measured[visit.name]))
    rows = [_node(ctx, visit.obj or {}, measured[visit.name]) for visit in known]
    unknown = [UNKNOWN] * 2 * len(_measured(ctx))
    rows += [[visit.name, *unknown] for visit in visits if visit.name not in measured]
    head = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)", "SWAP(bytes)", "SWAP(%)"]
    _print(ctx, head[: 1 + len(unknown)], rows)
    return 0


def _node(ctx: Context, node: Object, used: Amounts) -> list[str]:
    which = "capacity" if ctx.flags["show-capacity"] else "allocatable"
    whole = _amounts(meta.at(node, "status", which, default={}))
    swap = meta.at(node, "status", "nodeInfo", "swap", "capacity")
    whole[2] = int(swap or 0)
    row = [meta.name(node)]
    for name, text, use, all_ in zip(_measured(ctx), _shown(ctx, used), used, whole, strict=False):
        row += [UNKNOWN, UNKNOWN] if name == "swap" and swap is None else [text, f"{int(use * 100 / all_) if all_ else 0}%"]
    return row


def _pods(ctx: Context) -> int:
    flags = ctx.flags
    all_named = not ctx.args and not flags["selector"] and not flags["field-selector"]
    visits, failed = resources.gather(ctx, ["pods", *ctx.args], all_named=all_named)
    if failed:
        raise failed[0]
    wanted = {(visit.namespace, visit.name) for visit in visits}
    found = [each for each in ctx.client.stats() if each["kind"] == "PodMetrics" and meta.key(each) in wanted] if visits else []
    if not found:
        _judge_silence(ctx, visits)
        ctx.io.err("No resources found\n" if flags["all-namespaces"] else f"No resources found in {ctx.namespace} namespace.\n")
        return 0
    found.sort(key=lambda pod: _order(ctx, meta.key(pod), _total(pod)))
    rows = [row for pod in found for row in _rows(ctx, pod)]
    head = ["NAMESPACE"] * bool(flags["all-namespaces"]) + ["POD"] * bool(flags["containers"])
    head += ["NAME", "CPU(cores)", "MEMORY(bytes)", "SWAP(bytes)"][: 1 + len(_measured(ctx))]
    if flags["sum"]:
        total = [sum(amounts) for amounts in zip(*map(_total, found), strict=True)]
        rows += [[""] * (len(head) - 2) + ["________"] * 2, [""] * (len(head) - 2) + _shown(ctx, total)]
    _print(ctx, head, rows)
    return 0


def _judge_silence(ctx: Context, visits: list[visiting.Visit]) -> None:
    """kubectl's errors where there are pods and nothing is known of them."""
    from pkctl.objects import times

    if ctx.args:
        raise errors.NotFound(f'pods.metrics.k8s.io "{ctx.namespace}/{ctx.args[0]}" not found')
    for visit in visits:
        age = ctx.io.sources.now() - times.parse(meta.at(visit.obj or {}, "metadata", "creationTimestamp"))
        if age > PATIENCE:
            raise errors.CommandError(f"Metrics not available for pod {visit.namespace}/{visit.name}, age: {times.format_duration(age)}")
    if visits:
        raise errors.CommandError("metrics not available yet")


def _total(pod: Object) -> Amounts:
    amounts = [_amounts(each.get("usage") or {}) for each in pod.get("containers") or []]
    return [sum(each) for each in zip(*amounts, strict=True)] or [0] * len(MEASURED)


def _rows(ctx: Context, pod: Object) -> list[list[str]]:
    """A pod's row, or one for each of its containers."""
    namespace, name = meta.key(pod)
    front = [namespace] if ctx.flags["all-namespaces"] else []
    if not ctx.flags["containers"]:
        return [[*front, name, *_shown(ctx, _total(pod))]]
    amounts = [(str(each["name"]), _amounts(each.get("usage") or {})) for each in pod.get("containers") or []]
    amounts.sort(key=lambda each: _order(ctx, each[0], each[1]))
    return [[*front, name, container, *_shown(ctx, used)] for container, used in amounts]
