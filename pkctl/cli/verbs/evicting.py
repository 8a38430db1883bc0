"""Sending pods away, by eviction or by deletion, and waiting until they are gone: `drain`'s work on the pods of one node.

Upstream: kubectl's pkg/drain/drain.go. Not here: which pods go (drain).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, waiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.cli.visiting import Visit

    Object = dict[str, Any]

AGAIN = 5.0
"""Seconds until a refused eviction is tried again."""


def send_away(ctx: Context, pods: Sequence[Visit]) -> None:
    """Evict the pods, or delete them with `--disable-eviction`, and wait until they are gone.

    Many tells of the evictions that failed, CommandError of deleted pods that stay for longer than `--timeout`.
    """
    if ctx.dry_run == "client":
        ctx.io.out("".join(_evicting(ctx, pod) for pod in pods))
    elif ctx.flags["disable-eviction"]:
        _delete(ctx, pods)
    else:
        _evict(ctx, pods)


def is_stuck(ctx: Context, pod: Object) -> bool:
    """Whether a pod's end is overdue for more than `--skip-wait-for-delete-timeout` seconds."""
    limit, deleted = int(ctx.flags["skip-wait-for-delete-timeout"]), pod["metadata"].get("deletionTimestamp")
    if limit <= 0 or not deleted:
        return False
    from pkctl.objects import times

    return int(ctx.io.sources.now() - times.parse(deleted)) > limit


def _delete(ctx: Context, pods: Sequence[Visit]) -> None:
    for pod in pods:
        try:
            ctx.client.delete(pod.row, pod.namespace, pod.name, writes.options(ctx, grace=_grace(ctx)))
        except errors.NotFound:
            continue
    left = [] if ctx.dry_run == "server" else [*pods]

    def check() -> bool:
        left[:] = [pod for pod in left if not _is_gone(ctx, pod, "deleted")]
        return not left

    if not _until(ctx, check):
        raise errors.CommandError("context deadline exceeded")


def _evict(ctx: Context, pods: Sequence[Visit]) -> None:
    every = [_Eviction(ctx, pod) for pod in pods]
    left = [*every]

    def check() -> bool:
        left[:] = [each for each in left if not each.is_over()]
        return not left

    _until(ctx, check)
    for each in left:
        each.give_up()
    report.raise_several([each.error for each in every if each.error])


class _Eviction:
    """A pod that is asked to go until it may, and then waited for; `error` is why it stays."""

    __slots__ = ("_ctx", "_due", "_is_leaving", "_pod", "error")

    def __init__(self, ctx: Context, pod: Visit) -> None:
        self._ctx, self._pod, self._due, self._is_leaving = ctx, pod, 0.0, False
        self.error: errors.PkctlError | None = None

    def is_over(self) -> bool:
        """Do what is due; whether nothing is left to be done."""
        if self._is_leaving:
            return _is_gone(self._ctx, self._pod, "evicted")
        if self._ctx.io.sources.monotonic() < self._due:
            return False
        self._ctx.io.out(_evicting(self._ctx, self._pod))
        try:
            self._ask()
        except errors.NotFound:
            return True
        except errors.StatusError as error:
            return self._is_final(error)
        self._is_leaving = True
        return self._ctx.dry_run == "server"

    def give_up(self) -> None:
        """Tell what the time was too short for."""
        pod = self._pod
        if self._is_leaving:
            text = f'error when waiting for pod "{pod.name}" in namespace "{pod.namespace}" to terminate: context deadline exceeded'
        else:
            from pkctl.objects import times

            self._ctx.io.out(_evicting(self._ctx, pod))
            text = f"{self._failing()}: global timeout reached: {times.format_duration(float(self._ctx.flags['timeout']))}"
        self.error = errors.CommandError(text)

    def _ask(self) -> None:
        pod, grace = self._pod, _grace(self._ctx)
        body: Object = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod.name, "namespace": pod.namespace}}
        if grace is not None:
            body["deleteOptions"] = {"gracePeriodSeconds": grace}
        self._ctx.client.create(pod.row, pod.namespace, body, writes.options(self._ctx, subresource="eviction"))

    def _is_final(self, error: errors.StatusError) -> bool:
        """Take a refusal: whether it is for good; a budget's is not, nor that of a namespace which takes its pods along."""
        failing = self._failing()
        if any(cause.get("reason") == "NamespaceTerminating" for cause in error.details.get("causes") or ()):
            self._is_leaving = "deletionTimestamp" in self._pod.fetch(self._ctx)["metadata"]
            failing = f'error when evicting pod "{self._pod.name}" from terminating namespace "{self._pod.namespace}"'
        elif not isinstance(error, errors.TooManyRequests):
            self.error = errors.CommandError(f"{failing}: {error}")
            return True
        if not self._is_leaving:
            self._ctx.io.err(f"{failing} (will retry after {AGAIN:g}s): {error}\n")
            self._due = self._ctx.io.sources.monotonic() + AGAIN
        return False

    def _failing(self) -> str:
        return f'error when evicting pods/"{self._pod.name}" -n "{self._pod.namespace}"'


def _evicting(ctx: Context, pod: Visit) -> str:
    return f"evicting pod {pod.namespace}/{pod.name}{printing.DRY_SAID[ctx.dry_run]}\n"


def _is_gone(ctx: Context, pod: Visit, did: str) -> bool:
    """Whether a pod needs no more waiting, which is told."""
    uid = (pod.obj or {})["metadata"].get("uid")
    try:
        found = ctx.client.get(pod.row, pod.namespace, pod.name)
    except errors.NotFound:
        found = None
    if found is None or found["metadata"].get("uid") != uid:
        ctx.io.out(f"pod/{pod.name} {did}\n")
        return True
    if is_stuck(ctx, found):
        limit = ctx.flags["skip-wait-for-delete-timeout"]
        ctx.io.out(f'pod "{pod.name}" has DeletionTimestamp older than {limit} seconds, skipping\n')
        return True
    return False


def _grace(ctx: Context) -> int | None:
    grace = int(ctx.flags["grace-period"])
    return grace if grace >= 0 else None


def _until(ctx: Context, check: Callable[[], bool]) -> bool:
    return waiting.until(ctx, check, float(ctx.flags["timeout"]) or waiting.FOREVER)
