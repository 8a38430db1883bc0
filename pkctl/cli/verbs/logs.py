"""`logs`: what containers wrote, of one pod, a workload's pods or a label's; `-f` goes on. Upstream: kubectl's cmd/logs."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import pods, resources, tables
from pkctl.cli.verbs import following

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

USAGE = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"

LIMITS = (("since", 0, "greater than 0"), ("limit-bytes", 0, "greater than 0"), ("tail", -1, "greater than or equal to -1"))


def run(ctx: Context) -> int:
    """Print the logs."""
    flags = ctx.flags
    word, options = _complete(ctx)
    if ctx.args and not word:
        raise errors.CommandError(resources.NOTHING)
    if "/" in word:
        resources.judge(ctx, [word])
    found = _found(ctx, word)
    if not found:
        ctx.io.err(tables.nothing(ctx, namespaced=True))
    _judge(ctx)
    targets = [target for pod in _pods(ctx, word, found) for target in _targets(ctx, pod)]
    if flags["follow"] and len(targets) > max(1, int(flags["max-log-requests"])):
        raise errors.CommandError(
            f"you are attempting to follow {len(targets)} log streams, but maximum allowed concurrency is "
            f"{flags['max-log-requests']}, use --max-log-requests to increase the limit"
        )
    if flags["follow"]:
        several = flags["selector"] or flags["all-pods"]
        again = (lambda: _appeared(ctx, word)) if several else None
        return following.run(ctx, lambda target, chosen: _lines(ctx, target, chosen), targets, options, again)
    for target in targets:
        _print(ctx, target, options)
    return 0


def _complete(ctx: Context) -> tuple[str, dict[str, Any]]:
    """The word and PodLogOptions."""
    flags, args = ctx.flags, list(ctx.args)
    if len(args) > 2 or (not args and not flags["selector"]):
        raise ctx.usage(USAGE)
    if flags["selector"] and len(args) == 1:
        raise ctx.usage("only a selector (-l) or a POD name is allowed")
    if flags["selector"] and args:
        resources.judge(ctx, [f"pods/{args[0].rpartition('/')[2]}"], selected=True)
    return (args[0] if args else ""), _options(ctx)


def _judge(ctx: Context) -> None:
    """What flags may not say together; kubectl says it only of what is there to be read."""
    flags = ctx.flags
    if len(ctx.args) == 2 and flags.given("container"):
        raise errors.CommandError("only one of -c or an inline [CONTAINER] arg is allowed")
    if len(ctx.args) == 2:
        flags.values["container"] = ctx.args[1]
    if flags["since-time"] and flags["since"]:
        raise errors.CommandError("at most one of `sinceTime` or `sinceSeconds` may be specified")
    for name, least, wrong in LIMITS:
        if flags[name] < least:
            raise errors.CommandError(f"--{name} must be {wrong}")
    if flags["all-containers"] and flags["container"]:
        raise errors.CommandError("--all-containers=true should not be specified with container name " + str(flags["container"]))


def _options(ctx: Context) -> dict[str, Any]:
    flags = ctx.flags
    tail = int(flags["tail"])
    if flags["selector"] and not flags.given("tail") and not flags["follow"]:
        tail = 10
    given = {
        "follow": bool(flags["follow"]),
        "previous": bool(flags["previous"]),
        "timestamps": bool(flags["timestamps"]),
        "since_seconds": int(flags["since"]) or None,
        "since_time": str(flags["since-time"]) or None,
        "tail_lines": tail if tail >= 0 else None,
        "limit_bytes": int(flags["limit-bytes"]) or None,
    }
    if flags["since-time"]:
        _time(str(flags["since-time"]))
    return {name: value for name, value in given.items() if value or (name == "tail_lines" and value == 0)}


def _time(text: str) -> None:
    from pkctl.objects import times

    try:
        times.parse(text)
    except ValueError:
        year = "2006"
        raise errors.CommandError(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "{year}"') from None


def _found(ctx: Context, word: str) -> list[Object]:
    """The object that a word names, or the selector's pods; raises kubectl's NotFound."""
    if not word:
        row = ctx.kinds().by_id("pods")
        assert row is not None
        return [visit.obj or {} for visit in resources.listed(ctx, row, ctx.namespace, str(ctx.flags["selector"]))]
    try:
        return [pods.find(ctx, word)]
    except errors.NotFound as error:
        text = f'error from server (NotFound): {error} in namespace "{ctx.namespace}"'
        raise errors.CommandError(text) from None


def _pods(ctx: Context, word: str, found: list[Object]) -> list[Object]:
    """The pods to read: what was found, or those of the workload that was."""
    if not word or found[0]["kind"] == "Pod":
        return found
    members = pods.of(ctx, found[0])
    if ctx.flags["all-pods"]:
        return members
    if len(members) > 1:
        ctx.io.err(f"Found {len(members)} pods, using pod/{members[0]['metadata']['name']}\n")
    return members[:1] or [pods.one(ctx, word)]


def _appeared(ctx: Context, word: str) -> list[following.Target]:
    """The containers that have something to read, or will have."""
    from pkctl.objects import meta

    staying = [pod for pod in _pods(ctx, word, _found(ctx, word)) if not meta.is_deleting(pod)]
    return [target for pod in staying for target in _targets(ctx, pod)]


def _targets(ctx: Context, pod: Object) -> list[following.Target]:
    flags, name = ctx.flags, pod["metadata"]["name"]
    everything = pods.names(pod)
    if flags["all-containers"]:
        spec = pod["spec"]
        chosen = [each["name"] for kind in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(kind) or []]
    elif flags["container"]:
        chosen = [str(flags["container"])]
        if chosen[0] not in everything:
            raise errors.CommandError(f"container {chosen[0]} is not valid for pod {name} out of: {pods.shown_names(pod)}")
    else:
        chosen = [pods.container(ctx, pod)]
    prefixed = flags["prefix"] or flags["all-pods"]
    return [following.Target(pod, each, f"[pod/{name}/{each}] " if prefixed else "") for each in chosen]


def _lines(ctx: Context, target: following.Target, options: dict[str, Any]) -> Iterator[bytes]:
    """One container's lines with its prefix."""
    meta = target.pod["metadata"]
    for line in ctx.client.logs(meta.get("namespace", ""), meta["name"], container=target.container, **options):
        yield target.prefix.encode() + line if target.prefix else line


def _print(ctx: Context, target: following.Target, options: dict[str, Any]) -> None:
    try:
        for line in _lines(ctx, target, options):
            ctx.io.out_bytes(line)
    except errors.StatusError as error:
        if not ctx.flags["ignore-errors"]:
            raise
        ctx.io.err(f"error: {error}\n")
